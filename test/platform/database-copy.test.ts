import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/platform/database/database.ts'
import { lastInstant } from '../../src/platform/database/ledger-clock.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'

const clock = { now: () => new Date('2025-03-03T01:00:00Z'), timeZone: 'Asia/Shanghai' }
let folder: string
let db: Database
const file = () => join(folder, 'county.db')
const copies = () => readdirSync(folder).filter((name) => name.includes('.copy-'))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copy-'))
  db = openSqlite(file(), clock)
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

const write = (to: Database) => to.transaction(async (tx) => tx.recordedAt)

it('a copy has what is committed, goes its own way, and leaves nothing behind', async () => {
  const before = await write(db)
  const copy = await db.copy()
  expect(copies().length).toBeGreaterThan(0)
  expect(await lastInstant(copy.read)).toBe(before)
  const after = await write(copy)
  expect(await lastInstant(db.read)).toBe(before)
  expect(await lastInstant(copy.read)).toBe(after)
  await copy.close()
  expect(copies()).toEqual([])
})

it('a copy is of one moment, whatever is committed meanwhile', async () => {
  const before = await write(db)
  const copying = db.copy()
  for (let no = 0; no < 20; no++) await write(db)
  const copy = await copying
  expect(await lastInstant(copy.read)).toBe(before)
  await copy.close()
})

it('opening a database removes what an ended process left, and nothing that is in use', async () => {
  const ended = spawnSync(process.execPath, ['-e', '']).pid
  const left = [`county.db.copy-${ended}-a`, `county.db.copy-${ended}-a-wal`]
  const ofOthers = `county.db.copy-${process.ppid}-b`
  for (const name of [...left, ofOthers]) writeFileSync(join(folder, name), '')
  const copy = await db.copy()
  await db.close()
  db = openSqlite(file(), clock)
  expect(copies().filter((name) => left.includes(name))).toEqual([])
  expect(copies()).toContain(ofOthers)
  expect(await write(copy)).toBeTruthy()
  await copy.close()
  expect(copies()).toEqual([ofOthers])
})
