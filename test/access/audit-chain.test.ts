/** Whatever somebody does to the audit in the database, the walk along its chain finds it. */
import { count, eq, gt, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AuditRow, audit, hashOfEntry } from '../../src/access/audit-trail.ts'
import { printAuditCheck, verifyAudit } from '../../src/access/audit-verify.ts'
import { COMMAND_LINE } from '../../src/access/caller.ts'
import type { Writer } from '../../src/platform/database/database.ts'
import { insertRows } from '../../src/platform/database/insert-rows.ts'
import { databaseKinds, openTestService, type TestService } from '../support/test-service.ts'

const ENTRIES = 8
const DETAIL = { b: 2, a: ['甲', '乙'], counts: { y: 1, x: 2 }, on: true, none: null }

describe.each(databaseKinds)('the chain, on %s', (kind) => {
  let service: TestService
  beforeAll(async () => {
    service = await openTestService({ kind })
  })
  afterAll(() => service.close())

  /** The noted head of the fifth entry of eight. */
  let noted: string
  beforeEach(async () => {
    await service.db.transaction(async (tx) => {
      await tx.delete(tx.tables.auditEntries)
      await tx.delete(tx.tables.auditHead)
      for (let no = 1; no <= ENTRIES; no++)
        await audit(
          tx,
          { caller: COMMAND_LINE, address: '10.0.0.7', requestId: `r${no}` },
          { action: 'record', subject: 'contracts', subjectId: `c${no}`, detail: DETAIL },
        )
    })
    noted = (await entry(5)).hash
  })
  const entries = () => service.db.read.tables.auditEntries
  const entry = async (no: number): Promise<AuditRow> => {
    const [row] = await service.db.read.select().from(entries()).where(eq(entries().no, no))
    if (!row) throw new Error(`there is no entry ${no}`)
    return row
  }
  const check = (head?: string) => verifyAudit(service.db.read, head)
  const faults = async () =>
    (await check()).faults.map(({ no, kind }) => (kind === 'head' ? kind : `${no} ${kind}`))

  it('is whole as it was written', async () => {
    const [first, last] = [await entry(1), await entry(ENTRIES)]
    expect(await check(noted)).toEqual({
      entries: ENTRIES,
      firstAt: first.at,
      lastAt: last.at,
      head: last.hash,
      faults: [],
      hasNoted: true,
    })
    expect(first.previousHash).toBe('0'.repeat(64))
    expect(last.detail).toEqual(DETAIL)
  })

  it('goes on after the head was noted, which stays in it', async () => {
    const { head } = await check()
    await service.db.transaction(async (tx) => {
      await audit(tx, { caller: undefined }, { action: 'fail-log-in', subject: 'users' })
      await audit(tx, { caller: COMMAND_LINE }, { action: 'back-up', subject: 'database' })
    })
    expect(await check(head)).toMatchObject({ entries: ENTRIES + 2, faults: [], hasNoted: true })
  })

  it('has no entry of what was undone, and no gap after it', async () => {
    const undone = service.db.transaction(async (tx) => {
      await audit(tx, { caller: COMMAND_LINE }, { action: 'back-up', subject: 'database' })
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await service.db.transaction((tx) =>
      audit(tx, { caller: COMMAND_LINE }, { action: 'back-up', subject: 'database' }),
    )
    expect(await check()).toMatchObject({ entries: ENTRIES + 1, faults: [] })
  })

  it('holds when many write at once', async () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      service.db.transaction((tx) =>
        audit(
          tx,
          { caller: COMMAND_LINE },
          { action: 'put', subject: 'regions', subjectId: `${at}` },
        ),
      ),
    )
    await Promise.all(many)
    expect(await check(noted)).toMatchObject({ entries: ENTRIES + 30, faults: [], hasNoted: true })
  })

  const change = (no: number, columns: Partial<AuditRow>) => (tx: Writer) =>
    tx.update(tx.tables.auditEntries).set(columns).where(eq(tx.tables.auditEntries.no, no))
  const remove = (no: number) => (tx: Writer) =>
    tx.delete(tx.tables.auditEntries).where(eq(tx.tables.auditEntries.no, no))
  const setHead = (columns: object) => (tx: Writer) => tx.update(tx.tables.auditHead).set(columns)
  /** Puts an entry at a place and moves those after it on. */
  const insertAt = (no: number) => async (tx: Writer) => {
    const { auditEntries: t } = tx.tables
    const [row] = await tx.select().from(t).where(eq(t.no, no))
    for (let at = ENTRIES; at >= no; at--) await change(at, { no: at + 1 })(tx)
    await insertRows(tx, 'auditEntries', [{ ...(row as AuditRow), actor: '别人' }])
  }
  const swap = async (tx: Writer) => {
    await change(3, { no: 99 })(tx)
    await change(6, { no: 3 })(tx)
    await change(99, { no: 6 })(tx)
  }
  /** An entry that says something else, with a hash that is right for it. */
  const forge = (no: number) => async (tx: Writer) => {
    const { auditEntries: t } = tx.tables
    const [row] = await tx.select().from(t).where(eq(t.no, no))
    const { hash: _, ...said } = row as AuditRow
    const forged = { ...said, actor: '别人' }
    await change(no, { ...forged, hash: hashOfEntry(forged) })(tx)
  }

  it.each<[string, (tx: Writer) => Promise<unknown> | PromiseLike<unknown>, string[]]>([
    ['another actor', change(4, { actor: '别人' }), ['4 changed']],
    ['another instant', change(4, { at: '2020-01-01T00:00:00.000Z' }), ['4 changed']],
    ['another address', change(1, { address: null }), ['1 changed']],
    ['another detail', change(ENTRIES, { detail: { ...DETAIL, b: 3 } }), ['8 changed']],
    ['another hash', change(4, { hash: 'f'.repeat(64) }), ['4 changed']],
    ['another hash of the last', change(ENTRIES, { hash: 'f'.repeat(64) }), ['8 changed']],
    ['a forged entry with its own hash', forge(4), ['4 changed']],
    ['the last one forged', forge(ENTRIES), ['head']],
    ['one removed in the middle', remove(4), ['4 removed']],
    ['the first one removed', remove(1), ['1 removed']],
    ['the last one removed', remove(ENTRIES), ['8 removed']],
    [
      'the last three removed',
      (tx) => tx.delete(tx.tables.auditEntries).where(gt(tx.tables.auditEntries.no, 5)),
      ['6 removed'],
    ],
    ['all removed, the head left', (tx) => tx.delete(tx.tables.auditEntries), ['1 removed']],
    [
      'one removed, the others moved up',
      async (tx) => {
        await remove(7)(tx)
        await change(8, { no: 7 })(tx)
        await setHead({ entries: 7 })(tx)
      },
      ['7 changed'],
    ],
    ['one inserted in the middle', insertAt(8), ['8 changed', '9 inserted']],
    [
      'one inserted in the middle, counted',
      async (tx) => {
        await insertAt(8)(tx)
        await setHead({ entries: ENTRIES + 1 })(tx)
      },
      ['8 changed', '9 changed'],
    ],
    ['one appended by hand', (tx) => append(tx), ['9 inserted']],
    ['one put before the first', (tx) => append(tx, 0), ['0 inserted']],
    ['two swapped', swap, ['3 changed', '6 changed']],
    ['another hash of the head', setHead({ hash: 'f'.repeat(64) }), ['head']],
    ['another count in the head', setHead({ entries: 7 }), ['head']],
    ['the head gone', (tx) => tx.delete(tx.tables.auditHead), ['head']],
  ])('%s is found', async (_what, tamper, expected) => {
    await service.db.transaction(async (tx) => tamper(tx))
    expect(await faults()).toEqual(expected)
    const lines: string[] = []
    expect(printAuditCheck(await check(), (line) => lines.push(line))).toBe(false)
    expect(lines.join('\n')).not.toContain('whole')
  })

  /** One more entry, in order or not, that the head does not count. */
  async function append(tx: Writer, no = ENTRIES + 1) {
    const { auditEntries: t } = tx.tables
    const [last] = await tx.select().from(t).where(eq(t.no, ENTRIES))
    const { hash: previousHash, ...said } = last as AuditRow
    const row = { ...said, no, previousHash }
    await insertRows(tx, 'auditEntries', [{ ...row, hash: hashOfEntry(row) }])
  }

  /** What somebody would do who knows how hashes are made. */
  async function makeAnew(tx: Writer, upTo: number, changed?: number) {
    const { auditEntries: t } = tx.tables
    const rows = await tx.select().from(t).orderBy(t.no)
    await tx.delete(t)
    await tx.delete(tx.tables.auditHead)
    for (const row of rows.slice(0, upTo)) {
      const { caller } = { caller: { ...COMMAND_LINE } }
      if (row.no === changed) caller.label = '别人'
      const { subject, subjectId = null } = row
      await audit(tx, { caller }, { action: 'record', subject, subjectId: subjectId ?? '' })
    }
  }

  it.each<[string, (tx: Writer) => Promise<unknown>]>([
    ['was made anew from an entry on', (tx) => makeAnew(tx, ENTRIES, 2)],
    ['was cut off before it, head and all', (tx) => makeAnew(tx, 4)],
  ])('is whole in itself, but has lost a noted head, when it %s', async (_what, tamper) => {
    await service.db.transaction(async (tx) => tamper(tx))
    expect(await check()).toMatchObject({ faults: [], hasNoted: true })
    const found = await check(noted)
    expect(found).toMatchObject({ faults: [], hasNoted: false })
    const lines: string[] = []
    expect(printAuditCheck(found, (line) => lines.push(line))).toBe(false)
    expect(lines.at(-1)).toContain('the noted head is not in the chain')
  })

  it('says that an empty one is whole, and that it has no noted head', async () => {
    await service.db.transaction((tx) => makeAnew(tx, 0))
    const [rows] = await service.db.read.select({ count: count() }).from(entries())
    expect(rows?.count).toBe(0)
    expect(await check()).toMatchObject({ entries: 0, faults: [], hasNoted: true })
    expect((await check(noted)).hasNoted).toBe(false)
  })

  it('is walked over many pages', async () => {
    await service.db.transaction(async (tx) => {
      for (let no = 0; no < 600; no++)
        await audit(tx, { caller: COMMAND_LINE }, { action: 'put', subject: 'regions' })
    })
    expect(await check(noted)).toMatchObject({ entries: 608, faults: [], hasNoted: true })
    await service.db.transaction(async (tx) => change(560, { actor: sql`'x'` as never })(tx))
    expect(await faults()).toEqual(['560 changed'])
  })
})
