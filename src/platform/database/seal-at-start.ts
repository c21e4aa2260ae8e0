import type Sqlite from 'better-sqlite3'
import { maskedView } from '../../domain/masked-view.ts'
import { WrongKey } from './key-file.ts'
import type { KeyRing } from './key-ring.ts'
import { sealedValues } from './sealed-values.ts'
import { keyIdOfBytes, keyIdOfText, SEALED_BYTES_HEAD } from './sealing.ts'

/** `user_version` of a file in which nothing personal stands plain any more. */
const SEALED = 1

/**
 * Makes sure of the keys before anything is read, and seals what an older program has left plain.
 * Throws WrongKey: a key that has sealed something is missing; then none is made in its place.
 */
export function sealAtStart(db: Sqlite.Database, keys: KeyRing): void {
  keys.refresh()
  const used = keysInUse(db)
  if (used.some((id) => !keys.knows(id))) keys.takeFromOriginal(used)
  const missing = used.filter((id) => !keys.knows(id))
  if (missing.length > 0)
    throw new WrongKey(
      `缺少个人信息的密钥,请放回密钥文件或设置 DATA_KEY · data is sealed by the ` +
        `key ${missing.join(', ')}, which is missing: put its key file in place (${keys.place})`,
    )
  keys.create()
  if (Number(db.pragma('user_version', { simple: true })) < SEALED) sealPlain(db, keys)
}

const SEALED_TEXTS = [
  ['operators', 'phone'],
  ['operators', 'uscc'],
  ['idempotent_replies', 'body_hash'],
]

/** The keys of all texts, and of the first and the last file: the others were sealed with them. */
export function keysInUse(db: Sqlite.Database): string[] {
  const texts = SEALED_TEXTS.flatMap(([table, column]) =>
    db
      .prepare(`select distinct substr(${column}, 1, 13) from ${table} where ${column} glob 'v1:*'`)
      .pluck()
      .all(),
  )
  const files = db
    .prepare(
      `select substr(content, 1, ${SEALED_BYTES_HEAD}) from import_files where import_id in
        (select min(import_id) from import_files union select max(import_id) from import_files)`,
    )
    .pluck()
    .all()
  const ids = [
    ...(texts as string[]).map((head) => keyIdOfText(head)),
    ...(files as Uint8Array[]).map((head) => keyIdOfBytes(head)),
  ]
  return [...new Set(ids)].filter((id) => id !== undefined)
}

/** Everything at once: a database that is half sealed is sealed anew at the next start. */
function sealPlain(db: Sqlite.Database, keys: KeyRing): void {
  // What is written over is no longer to be found in the file.
  db.pragma('secure_delete = ON')
  db.transaction(() => {
    sealOperators(db, keys)
    sealFiles(db, keys)
    maskKept(db, 'import_rows', ['record', 'guessed', 'problems'])
    maskKept(db, 'idempotent_replies', ['reply'])
    sealBodyHashes(db, keys)
    db.pragma(`user_version = ${SEALED}`)
  }).immediate()
  db.pragma('wal_checkpoint(TRUNCATE)')
}

function sealOperators(db: Sqlite.Database, keys: KeyRing): void {
  const rows = db
    .prepare('select rowid, phone, uscc from operators where phone is not null or uscc is not null')
    .all() as { rowid: number; phone: string | null; uscc: string | null }[]
  const put = db.prepare('update operators set phone = ?, phone_hash = ?, uscc = ? where rowid = ?')
  const code = sealedValues(keys, 'uscc').code
  for (const { rowid, phone, uscc } of rows) {
    const plain = phone === null ? null : keys.open('phone', phone)
    const sealed = plain === null ? [null, null] : [keys.seal('phone', plain), keys.hash(plain)]
    put.run(...sealed, uscc === null ? null : code.toDriver(code.fromDriver(uscc)), rowid)
  }
}

function sealBodyHashes(db: Sqlite.Database, keys: KeyRing): void {
  const rows = db.prepare('select rowid, body_hash from idempotent_replies').all()
  const put = db.prepare('update idempotent_replies set body_hash = ? where rowid = ?')
  for (const { rowid, body_hash: kept } of rows as { rowid: number; body_hash: string }[])
    put.run(keys.seal('body_hash', keys.open('body_hash', kept)), rowid)
}

function sealFiles(db: Sqlite.Database, keys: KeyRing): void {
  const ids = db.prepare('select import_id from import_files').pluck().all()
  const get = db.prepare('select content from import_files where import_id = ?').pluck()
  const put = db.prepare('update import_files set content = ? where import_id = ?')
  for (const id of ids) {
    const plain = keys.openBytes('content', get.get(id) as Uint8Array)
    put.run(keys.sealBytes('content', plain), id)
  }
}

/** What was kept of files and answers beside the facts is kept masked. */
function maskKept(db: Sqlite.Database, table: string, columns: readonly string[]): void {
  const page = db.prepare(
    `select rowid, ${columns.join(', ')} from ${table} where rowid > ? order by rowid limit 1000`,
  )
  const put = db.prepare(
    `update ${table} set ${columns.map((column) => `${column} = ?`).join(', ')} where rowid = ?`,
  )
  const masked = (json: string | null) => json && JSON.stringify(maskedView(JSON.parse(json)))
  for (let after = 0, rows = page.all(after); rows.length > 0; rows = page.all(after))
    for (const row of rows as ({ rowid: number } & Record<string, string | null>)[]) {
      after = row.rowid
      const kept = columns.map((column) => row[column] ?? null)
      const shown = kept.map(masked)
      if (shown.some((json, at) => json !== kept[at])) put.run(...shown, row.rowid)
    }
}
