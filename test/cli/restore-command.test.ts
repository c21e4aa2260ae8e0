/** `npm run cli -- restore`: what is put in place, what is kept, what is refused. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCommandLine } from '../support/run-program.ts'

const HEADINGS = '业主名称,联系电话\n'
let cwd: string
let commandLine: ReturnType<typeof openCommandLine>
/** A county with a sealed telephone, and a backup of it in another folder. */
let [county, backup] = ['', '']
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'land-rent-restore-'))
  county = join(cwd, 'county.db')
  backup = join(cwd, 'backups', 'county-1.db')
  mkdirSync(join(cwd, 'backups'))
  commandLine = openCommandLine({ cwd, env: { DATABASE_URL: `file:${county}` } })
  await takeIn('青溪合作社,13812341234')
  await done('backup', backup)
})
afterEach(() => {
  commandLine.close()
  rmSync(cwd, { recursive: true })
})

async function done(...args: string[]) {
  const { code, stdout, stderr } = await commandLine.run(args)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}
async function refused(...args: string[]) {
  const before = files()
  const { code, stdout, stderr } = await commandLine.run(args)
  expect([code, stdout]).toEqual([1, ''])
  expect(files()).toEqual(before)
  return stderr
}
async function takeIn(row: string) {
  const file = join(cwd, 'operators.csv')
  writeFileSync(file, `${HEADINGS}${row}\n`)
  const { code } = await commandLine.run(['import', 'operators', file])
  expect(code).toBe(0)
}
const files = () => readdirSync(cwd).filter((name) => !/-(wal|shm)$/.test(name))
const kept = () => files().filter((name) => name.includes('.before-'))
function names(file = county) {
  const db = new Sqlite(file)
  const found = db.prepare('select name from operators order by name').pluck().all()
  db.close()
  return found
}

it('puts the backup in place, keeps what was there, and notes it', async () => {
  await takeIn('云树家庭农场,13912341234')
  const said = await done('restore', backup)
  expect(names()).toEqual(['青溪合作社'])
  const [before = ''] = kept()
  expect(kept()).toHaveLength(1)
  const place = join(cwd, before)
  expect(said).toContain(`原来的数据库留在 · what was there before is kept: ${place}`)
  expect(said).toContain('核对无误后可自行删除')
  expect(names(join(cwd, before))).toEqual(['云树家庭农场', '青溪合作社'])
  expect(await done('audit', 'verify')).toContain('the chain is whole')
  expect((await done('verify')).split('\n')[0]).toBe('文件完好 · the file is sound')
  // The way back is the same one.
  await done('restore', join(cwd, before))
  expect(names()).toEqual(['云树家庭农场', '青溪合作社'])
  expect(files().filter((name) => name.includes('.copy-'))).toEqual([])
})

it('leaves nothing of the old one that SQLite would apply to the new one', async () => {
  // As a process leaves it that was killed: the last rows are in the -wal only.
  const db = new Sqlite(county)
  db.pragma('wal_autocheckpoint = 0')
  db.exec(`update operators set name = '别处合作社'`)
  const wal = readFileSync(`${county}-wal`)
  db.close()
  writeFileSync(`${county}-wal`, wal)
  await done('restore', backup)
  expect(names()).toEqual(['青溪合作社'])
  expect(await done('verify')).toContain('differences: 0')
})

it('restores into an empty place with the key that lies beside the backup', async () => {
  const key = readFileSync(`${county}.key`)
  for (const end of ['', '.key', '-wal', '-shm']) rmSync(county + end, { force: true })
  expect(await refused('restore', backup)).toMatch(
    /^缺少备份的密钥,请放好密钥文件 · .* by the key \w+, which is not in DATA_KEY, .*county\.db\.key, .*county-1\.db\.key\n$/,
  )
  expect(existsSync(county)).toBe(false)
  writeFileSync(`${backup}.key`, key, { mode: 0o600 })
  await done('restore', backup)
  expect(readFileSync(`${county}.key`)).toEqual(key)
  expect(names()).toEqual(['青溪合作社'])
})

it('keeps the key of the county that was there when the backup needs another one', async () => {
  copyFileSync(`${county}.key`, `${backup}.key`)
  for (const end of ['', '.key', '-wal', '-shm']) rmSync(county + end, { force: true })
  await takeIn('云树家庭农场,13912341234')
  const other = readFileSync(`${county}.key`)
  expect(await done('restore', backup)).toMatch(
    /its key is kept: .*\.key\n.*用它加密的备份还留着,就不要删除/,
  )
  expect(readFileSync(`${county}.key`)).toEqual(readFileSync(`${backup}.key`))
  const keyKept = kept().find((name) => name.endsWith('.key')) ?? ''
  expect(readFileSync(join(cwd, keyKept))).toEqual(other)
})

it('is refused while somebody has the county open, be it only to read', async () => {
  const reader = new Sqlite(county, { readonly: true })
  reader.prepare('select count(*) from operators').get()
  expect(await refused('restore', backup)).toMatch(
    /^DATABASE_URL: .*county\.db 正在使用.* is in use: .*\n$/,
  )
  reader.close()
  await done('restore', backup)
})

it.each<[string, (file: string) => void, RegExp]>([
  ['cut short', (file) => writeFileSync(file, readFileSync(file).subarray(0, 50_000)), /damaged/],
  ['written over', (file) => writeFileSync(file, readFileSync(file).fill(7, 300_000)), /damaged/],
  ['text', (file) => writeFileSync(file, '合同台账'.repeat(1000)), /is no SQLite database/],
  ['empty', (file) => writeFileSync(file, ''), /no county's database/],
  ['of another program', (file) => other(file), /holds the tables of another program/],
  ['a folder', (file) => [rmSync(file), mkdirSync(file)], /is no file but a folder/],
  ['missing', (file) => rmSync(file), /there is no file/],
])('a backup that is %s is refused, and the county stays', async (_name, spoil, reason) => {
  spoil(backup)
  const said = await refused('restore', backup)
  expect(said.trimEnd().split('\n')).toHaveLength(1)
  expect(said).toMatch(reason)
  expect(said).toContain(backup)
  expect(names()).toEqual(['青溪合作社'])
})

function other(file: string) {
  rmSync(file)
  const db = new Sqlite(file)
  db.exec('create table t (x)')
  db.close()
}
