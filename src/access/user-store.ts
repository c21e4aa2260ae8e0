import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { Role } from '../platform/database/tables-of-access.ts'
import { endSessions } from './session-store.ts'

export type User = Tables['users']['$inferSelect']

/** What an admin says of a user. */
export interface UserBody {
  label: string
  role: Role
  regionCode?: string | undefined
  disabled: boolean
}

/** Begins with a letter: no telephone and no ID number is a user name. */
export const USERNAME = /^[a-z][a-z0-9._-]{2,39}$/
const NO_PASSWORD = ''

/** A user name as it is kept, whatever the case, width and spaces in which it is typed. */
export const spelledUsername = (typed: string) => typed.normalize('NFKC').trim().toLowerCase()

/**
 * Adds a user, who cannot log in before a password is set.
 * Refuses: username-malformed, username-taken.
 */
export async function addUser(
  tx: Writer,
  wish: { username: string } & Omit<UserBody, 'disabled'>,
): Promise<User> {
  const username = spelledUsername(wish.username)
  if (!USERNAME.test(username)) throw usernameMalformed
  if (await findUserNamed(tx, username)) throw usernameTaken
  const user = {
    id: tx.newId(),
    username,
    label: wish.label,
    role: wish.role,
    regionCode: wish.regionCode ?? null,
    passwordHash: NO_PASSWORD,
    passwordChangedAt: tx.recordedAt,
    failures: 0,
    lockedUntil: null,
    createdAt: tx.recordedAt,
    disabledAt: null,
  }
  await tx.insert(tx.tables.users).values(user)
  return user
}

/** All users, by name. */
export function listUsers(db: Reader): Promise<User[]> {
  const { users } = db.tables
  return Promise.resolve(db.select().from(users).orderBy(asc(users.username)))
}

export async function findUserNamed(db: Reader, typed: string): Promise<User | undefined> {
  const { users } = db.tables
  const [user] = await db
    .select()
    .from(users)
    .where(eq(users.username, spelledUsername(typed)))
  return user
}

/** Refuses: user-not-found. */
export async function getUserNamed(db: Reader, typed: string): Promise<User> {
  const user = await findUserNamed(db, typed)
  if (!user) throw userNotFound
  return user
}

/** Refuses: user-not-found. */
export async function getUser(db: Reader, id: string): Promise<User> {
  const { users } = db.tables
  const [user] = await db.select().from(users).where(eq(users.id, id))
  if (!user) throw userNotFound
  return user
}

/**
 * Changes what a user is and may, at once; whoever is disabled is logged out.
 * Refuses: user-not-found.
 */
export async function changeUser(tx: Writer, id: string, body: UserBody): Promise<User> {
  const { disabledAt } = await getUser(tx, id)
  if (body.disabled) await endSessions(tx, id)
  return writeUser(tx, id, {
    label: body.label,
    role: body.role,
    regionCode: body.regionCode ?? null,
    disabledAt: body.disabled ? (disabledAt ?? tx.recordedAt) : null,
  })
}

/**
 * Sets a user's password, given as its hash, and ends the sessions begun with the one before, but
 * for the one that asks. Refuses: user-not-found.
 */
export async function setPassword(
  tx: Writer,
  id: string,
  passwordHash: string,
  exceptSession?: string,
): Promise<User> {
  await endSessions(tx, id, exceptSession)
  const unlocked = { failures: 0, lockedUntil: null }
  return writeUser(tx, id, { passwordHash, passwordChangedAt: tx.recordedAt, ...unlocked })
}

/** Ends a lock-out. Refuses: user-not-found. */
export const unlockUser = (tx: Writer, id: string): Promise<User> =>
  writeUser(tx, id, { failures: 0, lockedUntil: null })

/** Refuses: user-not-found. */
export async function writeUser(
  tx: Writer,
  id: string,
  columns: Partial<Omit<User, 'id' | 'username'>>,
): Promise<User> {
  const { users } = tx.tables
  const [user] = await tx.update(users).set(columns).where(eq(users.id, id)).returning()
  if (!user) throw userNotFound
  return user
}

/** Refuses: last-admin, when a change would leave nobody who can log in and administer. */
export async function refuseLastAdmin(tx: Writer, id: string, body: UserBody): Promise<void> {
  const remains = body.role === 'admin' && body.regionCode === undefined && !body.disabled
  if (remains) return
  const { users } = tx.tables
  const isAdmin = and(
    eq(users.role, 'admin'),
    isNull(users.regionCode),
    isNull(users.disabledAt),
    ne(users.passwordHash, NO_PASSWORD),
  )
  const admins = await tx.select({ id: users.id }).from(users).where(isAdmin).limit(2)
  if (admins.length === 1 && admins[0]?.id === id) throw lastAdmin
}

const userNotFound = new Refusal('not-found', 'user-not-found', {
  zh: '没有这个用户',
  en: 'no such user',
})
const usernameTaken = new Refusal(
  'conflict',
  'username-taken',
  { zh: '用户名已被使用', en: 'the user name is taken' },
  'username',
)
const usernameMalformed = new Refusal(
  'rule-broken',
  'username-malformed',
  {
    zh: '用户名须以字母开头,由 3 至 40 个小写字母、数字和 . _ - 组成',
    en: 'must begin with a letter and have 3 to 40 letters, digits and . _ -',
  },
  'username',
)
const lastAdmin = new Refusal('conflict', 'last-admin', {
  zh: '这是最后一个能登录的管理员,不能停用,也不能改为其他角色或加上区划',
  en: 'the last admin who can log in is neither disabled nor made anything else',
})
