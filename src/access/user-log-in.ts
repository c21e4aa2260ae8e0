import type { Writer } from '../platform/database/database.ts'
import { isPasswordOf } from './password-hash.ts'
import { findUserNamed, type User, writeUser } from './user-store.ts'

const WRONG_MAX = 5
const LOCKED_MS = 15 * 60_000

/** One try of a password. */
export interface LogInTry {
  /** As it stands after the try was counted; undefined when nobody has the name. */
  user: User | undefined
  /** Locked, disabled and unknown users' tries fail, whatever the password. */
  open: boolean
  /** It is the last one that is allowed. */
  locks: boolean
}

const SHUT = { open: false, locks: false }

/**
 * Counts a try before its password is looked at, so that tries at the same time are all counted.
 * The last one allowed locks the user, until it turns out to be right.
 */
export async function beginTry(tx: Writer, username: string, now: Date): Promise<LogInTry> {
  const user = await findUserNamed(tx, username)
  if (!user) return { user, ...SHUT }
  const { failures, lockedUntil, disabledAt } = user
  const isLocked = lockedUntil !== null && lockedUntil > now.toISOString()
  if (isLocked || disabledAt !== null) return { user, ...SHUT }
  const tries = (lockedUntil === null ? failures : 0) + 1
  const until = new Date(now.getTime() + LOCKED_MS).toISOString()
  const locks = tries >= WRONG_MAX
  const counted = { failures: tries, lockedUntil: locks ? until : null }
  return { user: await writeUser(tx, user.id, counted), open: true, locks }
}

/** Whether a password opens a try. Takes as long for users that there are not. */
export async function isRight({ user, open }: LogInTry, password: string): Promise<boolean> {
  const isTheirs = await isPasswordOf(user?.passwordHash, password)
  return isTheirs && open
}

/** Forgets the failures of a try that was right; undefined when the user has changed meanwhile. */
export async function passTry(tx: Writer, { user }: LogInTry): Promise<User | undefined> {
  const now = user && (await findUserNamed(tx, user.username))
  if (!now || now.disabledAt !== null || now.passwordHash !== user.passwordHash) return undefined
  return writeUser(tx, now.id, { failures: 0, lockedUntil: null })
}
