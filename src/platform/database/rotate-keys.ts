import { and, asc, eq, gt, isNotNull, lte, max, notLike, or, type SQL, sql } from 'drizzle-orm'
import type { Database, Writer } from './database.ts'
import { keyIdOfBytes, SEALED_BYTES_HEAD } from './sealing.ts'

const ROWS_PER_TRANSACTION = 500

/**
 * Seals everything anew by a new key, then drops the old ones, while others may read and write. Cut
 * off in the middle it goes on where it was. Keys of `DATA_KEY` are neither made nor dropped: the
 * first of them becomes the one that everything is sealed by.
 */
export async function rotateKeys(db: Database): Promise<{ values: number; files: number }> {
  const { keys } = db.read
  // Under the write lock: every transaction after this one seals by the new key.
  const first = await db.transaction(async () => {
    if (!keys.isGiven) keys.addKey()
    return keys.ids[0] ?? ''
  })
  const values = await untilNoneIsLeft(() => db.transaction((tx) => sealValues(tx, first)))
  const files = await sealFiles(db, first)
  await db.transaction(async (tx) => {
    if ((await sealValues(tx, first)) > 0) throw new Error('something was sealed by an old key')
    if (!keys.isGiven) keys.dropOldKeys()
  })
  return { values, files }
}

async function untilNoneIsLeft(sealSome: () => Promise<number>): Promise<number> {
  let sealed = 0
  for (;;) {
    const more = await sealSome()
    if (more === 0) return sealed
    sealed += more
  }
}

/** Some rows that another key has sealed; answers how many. */
async function sealValues(tx: Writer, first: string): Promise<number> {
  return (await sealOperators(tx, first)) + (await sealReplies(tx, first))
}

const byOthers = (column: SQL, first: string) =>
  sql`substr(${column}, 1, 3) = 'v1:' and ${notLike(column, `v1:${first}:%`)}`

async function sealOperators(tx: Writer, first: string): Promise<number> {
  const { operators: o } = tx.tables
  const rows = await tx
    .select({ id: o.id, version: o.version, phone: o.phone, uscc: o.uscc })
    .from(o)
    .where(
      or(
        and(isNotNull(o.phone), byOthers(sql`${o.phone}`, first)),
        and(isNotNull(o.uscc), byOthers(sql`${o.uscc}`, first)),
      ),
    )
    .limit(ROWS_PER_TRANSACTION)
  for (const { id, version, phone, uscc } of rows)
    await tx
      .update(o)
      .set({ phone, phoneHash: phone, uscc })
      .where(and(eq(o.id, id), eq(o.version, version)))
  return rows.length
}

async function sealReplies(tx: Writer, first: string): Promise<number> {
  const { idempotentReplies: r } = tx.tables
  const { callerId, route, key, bodyHash } = r
  const rows = await tx
    .select({ callerId, route, key, bodyHash })
    .from(r)
    .where(byOthers(sql`${bodyHash}`, first))
    .limit(ROWS_PER_TRANSACTION)
  for (const row of rows)
    await tx
      .update(r)
      .set({ bodyHash: row.bodyHash })
      .where(and(eq(callerId, row.callerId), eq(route, row.route), eq(key, row.key)))
  return rows.length
}

/** Files are large: one a transaction. Those that come in meanwhile are sealed by the new key. */
async function sealFiles(db: Database, first: string): Promise<number> {
  const { importFiles } = db.read.tables
  const [newest] = await db.read.select({ id: max(importFiles.importId) }).from(importFiles)
  let sealed = 0
  let after = ''
  for (;;) {
    const done = await db.transaction(async (tx) => {
      const { importFiles: f } = tx.tables
      const head = sql<Uint8Array>`substr(${f.content}, 1, ${sql.raw(`${SEALED_BYTES_HEAD}`)})`
      const [next] = await tx
        .select({ importId: f.importId, head })
        .from(f)
        .where(and(gt(f.importId, after), lte(f.importId, newest?.id ?? '')))
        .orderBy(asc(f.importId))
        .limit(1)
      if (!next) return true
      after = next.importId
      if (keyIdOfBytes(next.head) === first) return false
      const thisOne = eq(f.importId, after)
      const [file] = await tx.select({ content: f.content }).from(f).where(thisOne)
      if (file) await tx.update(f).set({ content: file.content }).where(thisOne)
      sealed += 1
      return false
    })
    if (done) return sealed
  }
}
