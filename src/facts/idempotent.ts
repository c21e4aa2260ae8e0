import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { maskedView } from '../domain/masked-view.ts'
import { Refusal } from '../errors.ts'
import { canonicalJson } from '../platform/canonical-json.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { prepared } from '../platform/database/prepared.ts'

/** What makes a request the same request: who, where, under which key, with which body. */
export interface Attempt {
  caller: Caller
  route: string
  key: string | undefined
  /** As `hashOf` gives it. */
  bodyHash: string
}
export interface KeptReply {
  status: number
  reply: unknown
}

/**
 * The answer that an earlier, equal attempt was given; undefined when this is the first.
 * Refuses: idempotency-key-reused, when the key came with another body.
 */
export async function findReply(db: Reader, attempt: Attempt): Promise<KeptReply | undefined> {
  if (attempt.key === undefined) return undefined
  const { caller, route, key } = attempt
  const [kept] = await replyUnder(db, { callerId: caller.id, route, key })
  if (kept && kept.bodyHash !== attempt.bodyHash) {
    const words = {
      zh: '该 Idempotency-Key 已用于内容不同的请求',
      en: 'this Idempotency-Key came with another body before',
    }
    throw new Refusal('conflict', 'idempotency-key-reused', words, 'Idempotency-Key')
  }
  return kept && { status: kept.status, reply: kept.reply }
}

const replyUnder = prepared((db) => {
  const { idempotentReplies: t } = db.tables
  const named = (['callerId', 'route', 'key'] as const).map((column) =>
    eq(t[column], sql.placeholder(column)),
  )
  return db
    .select()
    .from(t)
    .where(and(...named))
})

/** Keeps a successful answer, masked, in the transaction that made it. */
export async function keepReply(tx: Writer, attempt: Attempt, answer: KeptReply): Promise<void> {
  if (attempt.key === undefined) return
  const row = {
    callerId: attempt.caller.id,
    route: attempt.route,
    key: attempt.key,
    bodyHash: attempt.bodyHash,
    status: answer.status,
    reply: maskedView(answer.reply),
    recordedAt: tx.recordedAt,
  }
  await insertRows(tx, 'idempotentReplies', [row])
}

/** A hash of a JSON body, whatever the order of its keys. */
export function hashOf(body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex')
}
