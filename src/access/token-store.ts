import { createHash, randomBytes } from 'node:crypto'
import { and, asc, eq, isNull } from 'drizzle-orm'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { Role } from '../platform/database/tables-of-access.ts'
import type { Caller } from './caller.ts'

export type Token = Tables['tokens']['$inferSelect']

/** Makes a token and keeps its hash only; the text is returned this once. */
export async function addToken(
  tx: Writer,
  wish: { label: string; role: Role; regionCode?: string | undefined },
): Promise<string> {
  const token = `lrm_${randomBytes(32).toString('base64url')}`
  await tx.insert(tx.tables.tokens).values({
    id: tx.newId(),
    label: wish.label,
    role: wish.role,
    regionCode: wish.regionCode ?? null,
    hash: hashOf(token),
    createdAt: tx.recordedAt,
    revokedAt: null,
  })
  return token
}

/** All tokens, the oldest first. */
export function listTokens(db: Reader): Promise<Token[]> {
  const { tokens } = db.tables
  return Promise.resolve(db.select().from(tokens).orderBy(asc(tokens.createdAt), asc(tokens.id)))
}

/** Ends a token at once. Refuses: token-not-found, also for one revoked before. */
export async function revokeToken(tx: Writer, id: string): Promise<void> {
  const { tokens } = tx.tables
  const revoked = await tx
    .update(tokens)
    .set({ revokedAt: tx.recordedAt })
    .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
    .returning()
  if (revoked.length === 0)
    throw new Refusal('not-found', 'token-not-found', { zh: '没有这个令牌', en: 'no such token' })
}

export async function findCaller(db: Reader, token: string): Promise<Caller | undefined> {
  const { tokens } = db.tables
  const [row] = await db
    .select()
    .from(tokens)
    .where(and(eq(tokens.hash, hashOf(token)), isNull(tokens.revokedAt)))
  return (
    row && { id: row.id, label: row.label, role: row.role, regionCode: row.regionCode ?? undefined }
  )
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')
