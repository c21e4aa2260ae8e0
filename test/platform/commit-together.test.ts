/** Transactions that wait for each other share a COMMIT; each is kept or refused by itself. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type SQL, sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Reader, Writer } from '../../src/platform/database/database.ts'
import { openSqlite, type SqliteDatabase } from '../../src/platform/database/open-sqlite.ts'

let folder: string
let file: string
let db: SqliteDatabase
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'together-'))
  file = join(folder, 'county.db')
  const now = () => new Date('2025-03-03T01:00:00Z')
  db = openSqlite(file, { now, timeZone: 'Asia/Shanghai' })
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

const named = (tx: Writer, code: string) =>
  tx.insert(tx.tables.regions).values({
    id: code,
    version: 1,
    name: code,
    secondRoundExpiresOn: null,
    recordedAt: tx.recordedAt,
    recordedBy: 'test',
  })
const codes = async (db: Reader) => {
  const rows = await db.select({ id: db.tables.regions.id }).from(db.tables.regions)
  return rows.map(({ id }) => id).sort()
}
const resting = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const execute = (tx: Writer, statement: string) =>
  (tx as unknown as { run: (query: SQL) => unknown }).run(sql.raw(statement))

/** What became of transactions that begin to wait at the same moment. */
async function together(...works: ((tx: Writer) => Promise<unknown>)[]) {
  const ended = await Promise.allSettled(works.map((work) => db.transaction(work)))
  return ended.map((end) => (end.status === 'fulfilled' ? end.value : end.reason.message))
}
const fails = async (tx: Writer) => {
  await named(tx, 'lost')
  tx.touched.add('lost')
  throw new Error('refused')
}

it('nobody else sees the first before the last is kept too', async () => {
  const seen: string[][] = []
  // A connection's first statements take longer than transactions go together.
  await together((tx) => named(tx, '0').then())
  await together(
    (tx) => named(tx, '1').then(),
    async (tx) => {
      seen.push(await codes(tx), await codes(db.read))
      await named(tx, '2')
    },
  )
  expect(seen).toEqual([['0', '1'], ['0']])
  expect(await codes(db.read)).toEqual(['0', '1', '2'])
})

it('whoever is answered finds what was recorded', async () => {
  const answered = ['1', '2', '3', '4'].map(async (code) => {
    await db.transaction((tx) => named(tx, code).then())
    return (await codes(db.read)).includes(code)
  })
  expect(await Promise.all(answered)).toEqual([true, true, true, true])
})

it('what is kept is there for another process', async () => {
  await together(
    (tx) => named(tx, '1').then(),
    (tx) => named(tx, '2').then(),
  )
  const other = new Sqlite(file, { readonly: true })
  expect(other.prepare('select code from regions order by code').pluck().all()).toEqual(['1', '2'])
  other.close()
})

it.each([
  [0, ['refused', '2', '3']],
  [1, ['1', 'refused', '3']],
  [2, ['1', '2', 'refused']],
])('one that fails in place %i is undone, the others are kept', async (place, expected) => {
  const works = ['1', '2', '3'].map((code) => async (tx: Writer) => {
    await named(tx, code)
    return code
  })
  expect(await together(...works.with(place, fails))).toEqual(expected)
  expect(await codes(db.read)).toEqual(expected.filter((code) => code !== 'refused'))
})

it('each has its own instant and its own touched operators', async () => {
  const told = async (tx: Writer) => {
    tx.touched.add(tx.recordedAt)
    return tx.touched.operatorIds.join()
  }
  const [one, refused, two, three] = await together(told, fails, told, told)
  expect(refused).toBe('refused')
  expect([one, two, three].toSorted()).toEqual([...new Set([one, two, three])])
})

it('a part that is undone in one of them leaves the rest of it', async () => {
  await together(
    (tx) => named(tx, '1').then(),
    async (tx) => {
      await named(tx, '2')
      await tx.part(() => fails(tx)).catch(() => undefined)
      await named(tx, '3')
    },
  )
  expect(await codes(db.read)).toEqual(['1', '2', '3'])
})

it('a COMMIT that fails refuses all of them, and the next go on', async () => {
  const breaking = async (tx: Writer) => {
    execute(tx, 'pragma defer_foreign_keys = on')
    const stamp = { recordedAt: tx.recordedAt, recordedBy: 'test' }
    await tx.insert(tx.tables.paymentReversals).values({
      ...{ id: 'r', paymentId: 'missing', reason: 'x' },
      ...stamp,
    })
  }
  const ends = await together((tx) => named(tx, '1').then(), fails, breaking)
  expect(ends).toEqual(Array(3).fill('FOREIGN KEY constraint failed'))
  expect(await codes(db.read)).toEqual([])
  await db.transaction((tx) => named(tx, '2').then())
  expect(await codes(db.read)).toEqual(['2'])
})

it('when the database takes everything back, everybody so far is refused', async () => {
  await db.transaction(async (tx) =>
    execute(
      tx,
      `create trigger full before insert on regions when new.code = '2'
        begin select raise(rollback, 'full'); end`,
    ),
  )
  const ends = await together(
    ...['1', '2', '3'].map((code) => (tx: Writer) => named(tx, code).then(() => code)),
  )
  expect(ends[0]).toContain('full')
  expect(ends[1]).toContain('full')
  expect(ends[2]).toBe('3')
  expect(await codes(db.read)).toEqual(['3'])
})

it('one that comes while others are run finds them kept', async () => {
  let begun: () => void = () => undefined
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve
  })
  const first = db.transaction(async (tx) => {
    await named(tx, '1')
    begun()
    await resting(20)
  })
  await isBegun
  expect(await codes(db.read)).toEqual([])
  expect(await db.transaction(() => codes(db.read))).toEqual(['1'])
  await first
})

it('however many wait, each is kept', async () => {
  const all = Array.from({ length: 100 }, (_, at) => `${100 + at}`)
  expect(
    await together(...all.map((code) => (tx: Writer) => named(tx, code).then(() => code))),
  ).toEqual(all)
  expect(await codes(db.read)).toEqual(all)
})

it('closing waits for those that wait', async () => {
  const path = join(folder, 'other.db')
  const other = openSqlite(path, { now: () => new Date(0), timeZone: 'Asia/Shanghai' })
  const kept = ['1', '2'].map((code) => other.transaction((tx) => named(tx, code).then()))
  await other.close()
  await Promise.all(kept)
  const file = new Sqlite(path, { readonly: true })
  expect(file.prepare('select count(*) from regions').pluck().get()).toBe(2)
  file.close()
})

it('while another thread writes, what is to be recorded waits and reads are answered', async () => {
  const other = new Sqlite(file)
  let recorded: Promise<void> | undefined
  await db.standBack(async () => {
    other.exec('BEGIN IMMEDIATE')
    recorded = db.transaction((tx) => named(tx, '1').then())
    await resting(100)
    expect(await codes(db.read)).toEqual([])
    other.exec('COMMIT')
  })
  await recorded
  other.close()
  expect(await codes(db.read)).toEqual(['1'])
})

it('those who wait to record come between two who want others to stand back', async () => {
  const order: string[] = []
  const stands = (name: string) => db.standBack(async () => void order.push(name))
  const records = (name: string) =>
    db.transaction(async (tx) => {
      await named(tx, name)
      order.push(name)
    })
  await Promise.all([stands('a'), stands('b'), records('1'), stands('c')])
  expect(order).toEqual(['1', 'a', 'b', 'c'])
  order.length = 0
  await Promise.all([stands('a').then(() => records('2')), stands('b'), stands('c'), stands('d')])
  expect(order.indexOf('2')).toBeLessThan(3)
})
