import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COMMAND_LINE } from '../../src/access/caller.ts'
import { readConfig, WrongSetting } from '../../src/config.ts'
import { findFact } from '../../src/facts/fact-store.ts'
import { recordFact, withdrawFact } from '../../src/facts/record-fact.ts'
import { contentOf, insertImport } from '../../src/imports/import-store.ts'
import { openService } from '../../src/open-service.ts'
import { operatorFact } from '../../src/operators/operator.ts'
import type { Database } from '../../src/platform/database/database.ts'
import {
  backUpSqlite,
  keysFor,
  openSnapshot,
  openSqlite,
} from '../../src/platform/database/open-sqlite.ts'
import { rotateKeys } from '../../src/platform/database/rotate-keys.ts'
import { createLogger } from '../../src/platform/log/logger.ts'
import { runProgram } from '../support/run-program.ts'

const PHONE = '13812341234'
const ID = '510902197001011234'
const FILE = Buffer.from('业主,联系电话\n青溪合作社,13812341234')
const clock = { now: () => new Date('2025-03-03T01:00:00Z'), timeZone: 'Asia/Shanghai' }
const newKey = () => randomBytes(32).toString('base64')

let folder: string
let file: string
let keyFile: string
const opened: Database[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  file = join(folder, 'county.db')
  keyFile = `${file}.key`
})
afterEach(async () => {
  for (const db of opened.splice(0)) await db.close()
  rmSync(folder, { recursive: true })
})

function open(dataKey?: string): Database {
  const db = openSqlite(file, clock, keysFor(file, dataKey))
  opened.push(db)
  return db
}
async function closeAll() {
  for (const db of opened.splice(0)) await db.close()
}

/** An operator with a telephone, and the file of an import; answers the operator's id. */
const put = (db: Database, phone = PHONE, uscc?: string) =>
  db.transaction(async (tx) => {
    const fact = { name: '青溪合作社', kind: 'cooperative' as const, phone, ...(uscc && { uscc }) }
    const { row } = await recordFact(tx, COMMAND_LINE, operatorFact, fact)
    const wish = { id: row.id, ledger: 'operators' as const, fileName: 'x.csv', dryRun: false }
    await insertImport(tx, COMMAND_LINE, { ...wish, fileHash: '', content: FILE })
    return row.id
  })
const phoneOf = async (db: Database, id: string) =>
  (await findFact(db.read, 'operators', id))?.phone
const fileOf = async (db: Database, id: string) => Buffer.from(await contentOf(db.read, id))

/** What lies in the database and beside it, byte by byte. */
function bytesOf(): Buffer {
  const files = ['', '-wal'].map((end) => `${file}${end}`).filter((one) => existsSync(one))
  return Buffer.concat(files.map((one) => readFileSync(one)))
}
function raw<T>(work: (db: Sqlite.Database) => T): T {
  const connection = new Sqlite(file)
  try {
    return work(connection)
  } finally {
    connection.close()
  }
}
const ids = () =>
  raw((db) =>
    db.prepare('select distinct substr(phone, 4, 8) from operators').pluck().all(),
  ) as string[]

/** As on the command line, in a process of its own. */
const rotateBeside = () =>
  runProgram('src/cli.ts', ['key', 'rotate'], {
    cwd: folder,
    env: { DATABASE_URL: `file:${file}` },
  })

describe('a key file', () => {
  it('is made at the first start, for its owner alone, and used at the next', async () => {
    const id = await put(open())
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    const before = readFileSync(keyFile, 'utf8')
    expect(Buffer.from(before, 'base64')).toHaveLength(32)
    await closeAll()
    expect(await phoneOf(open(), id)).toBe(PHONE)
    expect(readFileSync(keyFile, 'utf8')).toBe(before)
  })

  it.each([
    ['may be read by others', () => chmodSync(keyFile, 0o644), /others may read this key file/],
    ['is empty', () => writeFileSync(keyFile, ''), /damaged.*holds no key/],
    ['was cut', () => writeFileSync(keyFile, 'AAAA'), /damaged.*32 bytes in base64/],
    ['is another one', () => writeFileSync(keyFile, newKey()), /key [\da-f]{8}, which is missing/],
    ['is gone', () => rmSync(keyFile), /key [\da-f]{8}, which is missing/],
  ])('that %s is refused at the start in one line that names it', async (_how, spoil, words) => {
    await put(open())
    await closeAll()
    spoil()
    const there = existsSync(keyFile) && readFileSync(keyFile, 'utf8')
    expect(() => open()).toThrow(words)
    expect(() => open()).toThrow(keyFile)
    expect(() => open()).toThrow(/^[^\n]+$/)
    // And above all: nothing is made in its place.
    expect(existsSync(keyFile) && readFileSync(keyFile, 'utf8')).toBe(there)
  })

  it('that is missing is a wrong setting of the service', async () => {
    await put(open())
    await closeAll()
    rmSync(keyFile)
    const config = readConfig({ DATABASE_URL: `file:${file}` })
    await expect(openService(config, createLogger('silent'))).rejects.toThrow(WrongSetting)
    const wrong = readConfig({ DATABASE_URL: `file:${file}`, DATA_KEY: 'short' })
    await expect(openService(wrong, createLogger('silent'))).rejects.toThrow(
      /^DATA_KEY: 每个须为 32/,
    )
  })

  it('opens a copy that was put beside its original, and no copy elsewhere', async () => {
    const db = open()
    const id = await put(db)
    const copies = [join(folder, 'copy.db'), join(mkdtempSync(join(folder, 'else-')), 'copy.db')]
    for (const copy of copies) await backUpSqlite(file, copy)
    const [beside = '', elsewhere = ''] = copies
    const copy = openSqlite(beside, clock)
    opened.push(copy)
    expect(await findFact(copy.read, 'operators', id)).toMatchObject({ phone: PHONE })
    expect(statSync(`${beside}.key`).mode & 0o777).toBe(0o600)
    expect(() => openSqlite(elsewhere, clock)).toThrow(/key file/)
    expect(existsSync(`${elsewhere}.key`)).toBe(false)
  })

  it('is not needed for what is not sealed', async () => {
    const key = newKey()
    await put(open(key))
    await closeAll()
    const { read, close } = openSnapshot(file)
    const { operators } = read.tables
    expect(await read.select({ name: operators.name }).from(operators)).toEqual([
      { name: '青溪合作社' },
    ])
    await expect(async () => read.select().from(operators)).rejects.toThrow(/missing/)
    close()
  })
})

describe('DATA_KEY', () => {
  it('seals instead of a file, which is not made; its later keys open only', async () => {
    const [old, next] = [newKey(), newKey()]
    const first = await put(open(old))
    expect(existsSync(keyFile)).toBe(false)
    await closeAll()
    const db = open(`${next},${old}`)
    const second = await put(db)
    expect([await phoneOf(db, first), await phoneOf(db, second)]).toEqual([PHONE, PHONE])
    expect(ids()).toHaveLength(2)
    expect(await rotateKeys(db)).toEqual({ values: 1, files: 1 })
    await closeAll()
    const after = open(next)
    expect([await phoneOf(after, first), await fileOf(after, first)]).toEqual([PHONE, FILE])
    await closeAll()
    expect(() => open(old)).toThrow(/missing.*DATA_KEY/)
  })

  it('takes over from a file, which can then be dropped', async () => {
    const id = await put(open())
    await closeAll()
    const key = newKey()
    const db = open(key)
    expect(await phoneOf(db, id)).toBe(PHONE)
    await rotateKeys(db)
    await closeAll()
    rmSync(keyFile)
    expect(await phoneOf(open(key), id)).toBe(PHONE)
  })
})

describe('an older database', () => {
  it('is sealed at the first start: every version, the files, nothing left behind', async () => {
    const db = open()
    const id = await put(db, PHONE, ID)
    const gone = await put(db, PHONE, ID)
    await db.transaction((tx) => withdrawFact(tx, COMMAND_LINE, operatorFact, gone, '重复登记'))
    await closeAll()
    raw((connection) => {
      connection.pragma('user_version = 0')
      connection
        .prepare('update operators set phone = ?, phone_hash = null, uscc = ?')
        .run(PHONE, ID)
      connection.prepare('update import_files set content = ?').run(FILE)
      const kept = JSON.stringify({ phone: PHONE, representative: '李四海' })
      connection.exec(`insert into import_rows values ('${id}', 1, 'x', 1, 'kept', null, '${kept}',
          '[]', '[]', '[]')`)
      connection.exec(
        `insert into idempotent_replies values ('x', 'x', 'x', 'x', 201, '${kept}', '')`,
      )
    })
    expect(bytesOf().includes(PHONE)).toBe(true)
    const again = open()
    const left = [PHONE, ID, '李四海'].filter((secret) => bytesOf().includes(secret))
    expect(left).toEqual([])
    const { importRows, idempotentReplies } = again.read.tables
    const [answer] = await again.read
      .select({ of: idempotentReplies.bodyHash })
      .from(idempotentReplies)
    expect(answer?.of).toBe('x')
    const [kept] = await again.read.select({ record: importRows.record }).from(importRows)
    expect(kept?.record).toEqual({ phone: '138****1234', representative: '李*海' })
    const row = await findFact(again.read, 'operators', id)
    expect([row?.phone, row?.uscc, await fileOf(again, id)]).toEqual([PHONE, ID, FILE])
    expect(row?.phoneHash).toBe(again.read.keys.hashes(PHONE)[0])
  })
})

describe('a rotation', () => {
  it('seals everything anew and drops the old key, while the service reads and writes', async () => {
    const service = open()
    const id = await put(service)
    const [oldId] = ids()
    const rotating = rotateBeside()
    const meanwhile: string[] = []
    let over = false
    rotating.ended.then(() => {
      over = true
    })
    while (!over) {
      meanwhile.push(await put(service))
      expect(await phoneOf(service, id)).toBe(PHONE)
      await new Promise((go) => setTimeout(go, 40))
    }
    meanwhile.push(await put(service))
    expect([await rotating.ended, rotating.output.stderr]).toEqual([0, ''])
    for (const one of [id, ...meanwhile.slice(-20)]) {
      expect(await phoneOf(service, one)).toBe(PHONE)
      expect(await fileOf(service, one)).toEqual(FILE)
    }
    expect(ids()).toHaveLength(1)
    expect(ids()).not.toContain(oldId)
    expect(readFileSync(keyFile, 'utf8').trim().split('\n')).toHaveLength(1)
    await closeAll()
    expect(await phoneOf(open(), id)).toBe(PHONE)
  })

  it('that was cut off goes on with the key that it had made', async () => {
    const db = open()
    const id = await put(db)
    await db.transaction(async () => db.read.keys.addKey())
    const later = await put(db)
    const [made] = readFileSync(keyFile, 'utf8').split('\n')
    await closeAll()
    const again = open()
    await rotateKeys(again)
    expect(readFileSync(keyFile, 'utf8')).toBe(`${made}\n`)
    expect([await phoneOf(again, id), await phoneOf(again, later)]).toEqual([PHONE, PHONE])
  })

  it('begun twice at once loses nothing', async () => {
    const id = await put(open())
    const both = [rotateBeside(), rotateBeside()]
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0])
    const [db] = opened as [Database]
    expect([await phoneOf(db, id), await fileOf(db, id)]).toEqual([PHONE, FILE])
    await closeAll()
    expect(await phoneOf(open(), id)).toBe(PHONE)
  })
})
