import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { and, eq, isNotNull, isNull, lte, ne, or, sql } from 'drizzle-orm'
import type { Reader, Writer } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import { untilWritten } from '../platform/database/until-written.ts'
import { whenThere } from '../platform/when-there.ts'
import { callerFrom } from './caller.ts'
import type { Credential } from './credential.ts'

const HOUR_MS = 3_600_000
const LASTS_MS = 12 * HOUR_MS
const IDLE_MS = 2 * HOUR_MS

/** A session that stands, and what its user is now. */
export interface Session extends Credential {
  username: string
  expiresAt: string
}

/**
 * Opens a session of a user and keeps its hash only; the secret is returned this once. What is
 * over of the user's earlier ones is forgotten.
 */
export async function openSession(
  tx: Writer,
  userId: string,
  now: Date,
): Promise<{ id: string; secret: string; expiresAt: string }> {
  const { sessions } = tx.tables
  const at = now.toISOString()
  const isOver = or(isNotNull(sessions.endedAt), lte(sessions.expiresAt, at))
  await tx.delete(sessions).where(and(eq(sessions.userId, userId), isOver))
  const secret = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + LASTS_MS).toISOString()
  const id = tx.newId()
  await tx
    .insert(sessions)
    .values({ id, userId, hash: hashOf(secret), createdAt: at, lastSeenAt: at, expiresAt })
  return { id, secret, expiresAt }
}

const KEPT_MAX = 1000
const kept = untilWritten<Session & { lastUsedAt: string }>(KEPT_MAX)

/** The session of a secret, while it lasts, is not idle, and its user is not disabled. */
export function findSession(
  db: Reader,
  secret: string,
  now: Date,
  version?: unknown,
): Session | undefined | Promise<Session | undefined> {
  const hash = hashOf(secret)
  const idleSince = new Date(now.getTime() - IDLE_MS).toISOString()
  return whenThere(
    kept(db, hash, () => sessionWith(db, hash), version),
    (session) =>
      session && session.expiresAt > now.toISOString() && session.lastUsedAt > idleSince
        ? session
        : undefined,
  )
}

async function sessionWith(db: Reader, hash: string) {
  const [found] = await openSessionOf(db, { hash })
  if (!found) return undefined
  const { session, user } = found
  return {
    id: session.id,
    username: user.username,
    expiresAt: session.expiresAt,
    caller: callerFrom(user),
    lastUsedAt: session.lastSeenAt,
    noteUse: (tx: Writer, at: string) => noteSessionUse(tx, session.id, at),
  }
}

const openSessionOf = prepared((db) => {
  const { sessions, users } = db.tables
  return db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.hash, sql.placeholder('hash')),
        isNull(sessions.endedAt),
        isNull(users.disabledAt),
      ),
    )
})

/** Ends one session. */
export async function endSession(tx: Writer, id: string): Promise<void> {
  const { sessions } = tx.tables
  await tx.update(sessions).set({ endedAt: tx.recordedAt }).where(eq(sessions.id, id))
}

/** Ends all sessions of a user, but for one. */
export async function endSessions(tx: Writer, userId: string, exceptId = ''): Promise<void> {
  const { sessions } = tx.tables
  await tx
    .update(sessions)
    .set({ endedAt: tx.recordedAt })
    .where(and(eq(sessions.userId, userId), ne(sessions.id, exceptId), isNull(sessions.endedAt)))
}

/** What a page must send beside the cookie: only one that was told it by a reply can know it. */
export const csrfTokenOf = (secret: string) =>
  createHmac('sha256', secret).update('csrf').digest('base64url')

/** Whether a text is the CSRF token of a session's secret; takes as long for any text. */
export function isCsrfToken(secret: string, text: string): boolean {
  const digest = (one: string) => createHash('sha256').update(one).digest()
  return timingSafeEqual(digest(csrfTokenOf(secret)), digest(text))
}

async function noteSessionUse(tx: Writer, id: string, lastSeenAt: string): Promise<void> {
  const { sessions } = tx.tables
  await tx.update(sessions).set({ lastSeenAt }).where(eq(sessions.id, id))
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
