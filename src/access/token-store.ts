import { hash, randomBytes } from 'node:crypto'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { Role } from '../platform/database/tables-of-access.ts'
import { untilWritten } from '../platform/database/until-written.ts'
import { whenThere } from '../platform/when-there.ts'
import { callerFrom } from './caller.ts'
import type { Credential } from './credential.ts'

export type Token = Tables['tokens']['$inferSelect']

export interface TokenWish {
  label: string
  role: Role
  regionCode?: string | undefined
  /** An instant in UTC, from which on it is refused; undefined = never. */
  expiresAt?: string | undefined
}

const MARK = 'lrm_'
const PREFIX_CHARACTERS = 8

/**
 * Makes a token and keeps its hash only; the text is returned this once.
 * Refuses: expired-already.
 */
export async function addToken(tx: Writer, wish: TokenWish): Promise<string> {
  const { label, role, regionCode = null, expiresAt = null } = wish
  if (expiresAt !== null && expiresAt <= tx.recordedAt) throw expiredAlready
  const secret = randomBytes(32).toString('base64url')
  const token = MARK + secret
  await tx.insert(tx.tables.tokens).values({
    id: tx.newId(),
    label,
    role,
    regionCode,
    hash: hashOf(token),
    prefix: secret.slice(0, PREFIX_CHARACTERS),
    createdAt: tx.recordedAt,
    expiresAt,
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
export async function revokeToken(tx: Writer, id: string): Promise<Token> {
  const { tokens } = tx.tables
  const [revoked] = await tx
    .update(tokens)
    .set({ revokedAt: tx.recordedAt })
    .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
    .returning()
  if (!revoked)
    throw new Refusal('not-found', 'token-not-found', { zh: '没有这个令牌', en: 'no such token' })
  return revoked
}

export const findToken = (db: Reader, token: string) => tokenWith(db, hashOf(token))

async function tokenWith(db: Reader, hash: string): Promise<Token | undefined> {
  const [row] = await tokenOf(db, { hash })
  return row
}

const tokenOf = prepared((db) => {
  const { tokens } = db.tables
  return db
    .select()
    .from(tokens)
    .where(eq(tokens.hash, sql.placeholder('hash')))
})

const KEPT_MAX = 1000
const kept = untilWritten<{ token: Token; credential: Credential }>(KEPT_MAX)

/** Whose a token is, while it is neither revoked nor expired; `version` as for `untilWritten`. */
export function credentialOf(
  db: Reader,
  text: string,
  now: Date,
  version?: unknown,
): Credential | undefined | Promise<Credential | undefined> {
  const hashed = hashOf(text)
  const read = async () => {
    const token = await tokenWith(db, hashed)
    return token && { token, credential: credentialBy(token) }
  }
  const found = kept(db, hashed, read, version)
  return whenThere(found, (one) => {
    const { revokedAt = null, expiresAt = null } = one?.token ?? {}
    return revokedAt !== null || (expiresAt !== null && expiresAt <= now.toISOString())
      ? undefined
      : one?.credential
  })
}

const credentialBy = (token: Token): Credential => ({
  id: token.id,
  caller: callerFrom(token),
  lastUsedAt: token.lastUsedAt,
  noteUse: (tx, at) => noteTokenUse(tx, token.id, at),
})

async function noteTokenUse(tx: Writer, id: string, lastUsedAt: string): Promise<void> {
  const { tokens } = tx.tables
  await tx.update(tokens).set({ lastUsedAt }).where(eq(tokens.id, id))
}

const hashOf = (token: string) => hash('sha256', token)

const expiredAlready = new Refusal(
  'rule-broken',
  'expired-already',
  { zh: '失效时间必须晚于现在', en: 'must lie in the future' },
  'expiresAt',
)
