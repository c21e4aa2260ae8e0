import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Clock, Database, Reader, Writer } from '../../src/platform/database/database.ts'
import { openSnapshot, openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { openPostgres } from '../support/open-postgres.ts'

const folders: string[] = []
const opened: Database[] = []
afterEach(async () => {
  for (const db of opened.splice(0)) await db.close()
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'database-'))
  folders.push(folder)
  return join(folder, 'county.db')
}
const clockAt = (now: () => Date): Clock => ({ now, timeZone: 'Asia/Shanghai' })
const wall = clockAt(() => new Date('2025-03-03T01:00:00Z'))

/** A database on a file of its own, or on the one given. */
function open(file = newFile()): Database {
  const db = openSqlite(file, wall)
  opened.push(db)
  return db
}

const named = (tx: Writer, code: string, name = code) =>
  tx.insert(tx.tables.regions).values({
    id: code,
    version: 1,
    name,
    secondRoundExpiresOn: null,
    recordedAt: tx.recordedAt,
    recordedBy: 'test',
  })
const codes = async (db: Reader) => {
  const rows = await db.select({ id: db.tables.regions.id }).from(db.tables.regions)
  return rows.map(({ id }) => id).sort()
}
const resting = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms))

describe.each(['sqlite', 'postgres'] as const)('a transaction on %s', (kind) => {
  let db: Database
  let now = wall.now
  beforeAll(async () => {
    const clock = clockAt(() => now())
    db = kind === 'sqlite' ? openSqlite(newFile(), clock) : await openPostgres(clock)
  })
  beforeEach(async () => {
    now = wall.now
    await db.transaction(async (tx) => {
      await tx.delete(tx.tables.regions)
      await tx.delete(tx.tables.ledgerClock)
    })
  })
  afterAll(() => db.close())

  it('keeps all that it wrote, and answers what its work answers', async () => {
    const answer = await db.transaction(async (tx) => {
      await named(tx, '1')
      await resting()
      await named(tx, '2')
      return 'done'
    })
    expect([answer, await codes(db.read)]).toEqual(['done', ['1', '2']])
  })

  it('keeps nothing when its work fails, and the next one goes on', async () => {
    const failing = db.transaction(async (tx) => {
      await named(tx, '1')
      await tx.update(tx.tables.regions).set({ name: 'x' }).where(eq(tx.tables.regions.id, '1'))
      await resting()
      throw new Error('midway')
    })
    await expect(failing).rejects.toThrow('midway')
    expect(await codes(db.read)).toEqual([])
    await db.transaction((tx) => named(tx, '2'))
    expect(await codes(db.read)).toEqual(['2'])
  })

  it('keeps nothing when the database refuses one of its rows', async () => {
    await db.transaction((tx) => named(tx, '1'))
    const failing = db.transaction(async (tx) => {
      await named(tx, '0')
      await named(tx, '1')
    })
    await expect(failing).rejects.toThrow()
    expect(await codes(db.read)).toEqual(['1'])
  })

  it('sees what it wrote itself, and one after the other what those before it wrote', async () => {
    const seen = await Promise.all(
      ['1', '2', '3'].map((code) =>
        db.transaction(async (tx) => {
          await resting()
          await named(tx, code)
          return codes(tx)
        }),
      ),
    )
    expect(seen).toEqual([['1'], ['1', '2'], ['1', '2', '3']])
  })

  it.each([
    ['moves on', (at: number) => at + 1000],
    ['stands still', (at: number) => at],
    ['goes back', (at: number) => at - 3_600_000],
    ['goes to and fro', (at: number) => (at % 2 === 0 ? at + 86_400_001 : at - 86_400_001)],
  ])('is stamped later than every one before it, while the clock %s', async (_how, move) => {
    let at = Date.parse('2025-03-03T01:00:00Z')
    now = () => {
      at = move(at)
      return new Date(at)
    }
    const stamps: string[] = []
    for (let i = 0; i < 6; i++) stamps.push(await db.transaction(async (tx) => tx.recordedAt))
    const failed = db.transaction(async () => Promise.reject(new Error('midway')))
    await expect(failed).rejects.toThrow()
    stamps.push(await db.transaction(async (tx) => tx.recordedAt))
    expect([...new Set(stamps)].sort()).toEqual(stamps)
    for (const stamp of stamps) expect(stamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it.each([
    ['2025-03-02T15:59:59.999Z', '2025-03-02'],
    ['2025-03-02T16:00:00.000Z', '2025-03-03'],
    ['2024-12-31T16:00:00.000Z', '2025-01-01'],
  ])('at %s knows that today is %s in Shanghai', async (instant, day) => {
    now = () => new Date(instant)
    expect(await db.transaction(async (tx) => tx.today)).toBe(day)
  })
})

describe('on sqlite', () => {
  it('a transaction inside a transaction is refused, and the outer one is kept whole', async () => {
    const db = open()
    const nested = async (tx: Writer) => {
      await named(tx, '1')
      await resting()
      await db.transaction((inner) => named(inner, '2'))
    }
    await expect(db.transaction(nested)).rejects.toThrow('transaction inside a transaction')
    expect(await codes(db.read)).toEqual([])
    await db.transaction((tx) => named(tx, '3'))
    expect(await codes(db.read)).toEqual(['3'])
  })

  it('a reader sees what is committed, and nothing that may still be taken back', async () => {
    const db = open()
    const seen: string[][] = []
    await db.transaction(async (tx) => {
      await named(tx, '1')
      seen.push(await codes(db.read))
      await resting()
      seen.push(await codes(db.read))
    })
    seen.push(await codes(db.read))
    expect(seen).toEqual([[], [], ['1']])
  })

  it('a snapshot stays what it was when it was first read, whatever is committed', async () => {
    const file = newFile()
    const db = open(file)
    const snapshot = openSnapshot(file)
    const before = await codes(snapshot.read)
    await db.transaction((tx) => named(tx, '1'))
    const after = await codes(snapshot.read)
    snapshot.close()
    expect([before, after, await codes(db.read)]).toEqual([[], [], ['1']])
  })

  it('a snapshot that is renewed shows what was committed, and lets it be filed', async () => {
    const file = newFile()
    const db = open(file)
    const snapshot = openSnapshot(file)
    const waiting: number[] = []
    for (let round = 0; round < 3; round++) {
      const seen = await codes(snapshot.read)
      for (let n = 0; n < 40; n++) await db.transaction((tx) => named(tx, `${round}-${n}`))
      expect(await codes(snapshot.read)).toEqual(seen)
      waiting.push(statSync(`${file}-wal`).size)
      snapshot.renew()
      expect(await codes(snapshot.read)).toHaveLength(40 * (round + 1))
    }
    snapshot.close()
    // What was filed is written over: the log of the third round is no longer than the first's.
    expect(waiting[2]).toBeLessThan(1.5 * Number(waiting[0]))
  })

  it('a reader cannot write, not even by force', async () => {
    const db = open()
    const forced = db.read as unknown as Writer
    expect(() => named(Object.assign(forced, { recordedAt: 'x' }), '1').run()).toThrow(/readonly/)
  })

  it('the last instant outlives the process', async () => {
    const file = newFile()
    const first = openSqlite(
      file,
      clockAt(() => new Date('2030-01-01T00:00:00Z')),
    )
    const before = await first.transaction(async (tx) => tx.recordedAt)
    await first.close()
    const db = open(file)
    expect((await db.transaction(async (tx) => tx.recordedAt)) > before).toBe(true)
  })

  it('two connections to one file wait for each other, and share the clock', async () => {
    const file = newFile()
    const [one, other] = [open(file), open(file)]
    const stamps: string[] = []
    for (const db of [one, other, one, other])
      stamps.push(await db.transaction(async (tx) => tx.recordedAt))
    expect([...new Set(stamps)].sort()).toEqual(stamps)
  })
})

/** Held by the compiler: each of these lines must be an error. */
function readersCannotWrite(db: Reader, tx: Writer) {
  const { regions } = db.tables
  // @ts-expect-error a Reader has no insert
  db.insert(regions)
  // @ts-expect-error a Reader has no update
  db.update(regions)
  // @ts-expect-error a Reader has no delete
  db.delete(regions)
  // @ts-expect-error a Reader is no Writer
  const writer: Writer = db
  const reader: Reader = tx
  // @ts-expect-error a Writer cannot open a transaction of its own
  return [writer, reader, tx.transaction]
}

it('the compiler holds that readers cannot write', () => {
  expect(readersCannotWrite).toBeTypeOf('function')
})

it('a file that nobody closed well is opened with all that was committed', async () => {
  const file = newFile()
  const db = open(file)
  await db.transaction((tx) => named(tx, '1'))
  const beside = new Sqlite(file, { readonly: true })
  expect(beside.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(beside.prepare('select code from regions').pluck().all()).toEqual(['1'])
  beside.close()
})
