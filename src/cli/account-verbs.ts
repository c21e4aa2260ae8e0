import { randomBytes } from 'node:crypto'
import { type AuditEntry, audit } from '../access/audit-trail.ts'
import type { AuditAction } from '../access/audit-words.ts'
import { COMMAND_LINE } from '../access/caller.ts'
import { hashPassword } from '../access/password-hash.ts'
import { PASSWORD_MAX, refuseWeakPassword } from '../access/password-rules.ts'
import { ROLES } from '../access/permissions.ts'
import { addToken, findToken, listTokens, revokeToken } from '../access/token-store.ts'
import {
  addUser,
  changeUser,
  getUserNamed,
  listUsers,
  setPassword,
  spelledUsername,
  type User,
  unlockUser,
} from '../access/user-store.ts'
import { addDays, isDay } from '../domain/calendar-day.ts'
import { startOfDay } from '../platform/business-day.ts'
import type { Writer } from '../platform/database/database.ts'
import { askPassword } from './ask-password.ts'
import type { VerbName } from './usage.ts'
import { print, type Verb, WrongCommand } from './verb.ts'

/** Tokens and users from the command line: also the first admin, whom nobody else can make. */
export const ACCOUNT_VERBS = {
  'token add': async ({ db, clock }, flags) => {
    const wish = { ...wishedAs(flags), expiresAt: endOf(flags.expires, clock.timeZone) }
    const token = await db.transaction(async (tx) => {
      const made = await addToken(tx, wish)
      await note(tx, 'add', 'tokens', (await findToken(tx, made))?.id, wish)
      return made
    })
    print(token)
  },
  'token list': async ({ db }) => {
    for (const token of await listTokens(db.read)) {
      const { id, label, role, regionCode, createdAt, prefix } = token
      const known = prefix === null ? '-' : `lrm_${prefix}…`
      const states = [
        token.expiresAt && `到期 expires ${token.expiresAt}`,
        token.lastUsedAt && `最近使用 used ${token.lastUsedAt}`,
        token.revokedAt && `已撤销 revoked ${token.revokedAt}`,
      ]
      print([id, role, regionCode ?? '-', createdAt, known, label, ...given(states)].join('  '))
    }
  },
  'token revoke': async ({ db }, _flags, [id = '']) => {
    await db.transaction(async (tx) => {
      await revokeToken(tx, id)
      await note(tx, 'revoke', 'tokens', id)
    })
    print(`已撤销 · revoked ${id}`)
  },
  'user add': async ({ db }, flags) => {
    const { username, generate } = flags
    if (!username?.trim()) throw new WrongCommand('缺少 --username · is required')
    const wish = { username, ...wishedAs(flags) }
    const password = await newPassword(username, generate)
    const passwordHash = await hashPassword(password)
    const user = await db.transaction(async (tx) => {
      const { id } = await addUser(tx, wish)
      await note(tx, 'add', 'users', id, wish)
      return setPassword(tx, id, passwordHash)
    })
    print(`已添加 · added ${user.username} ${user.id}`)
    if (generate) print(password)
  },
  'user list': async ({ db }) => {
    for (const user of await listUsers(db.read)) {
      const { id, username, label, role, regionCode } = user
      const states = [
        user.passwordHash === '' && '未设密码 no password',
        user.lockedUntil && `锁定至 locked until ${user.lockedUntil}`,
        user.disabledAt && `已停用 disabled ${user.disabledAt}`,
      ]
      print([id, username, role, regionCode ?? '-', label, ...given(states)].join('  '))
    }
  },
  'user password': async ({ db }, { generate }, [name = '']) => {
    const { id, username } = await getUserNamed(db.read, name)
    const password = await newPassword(username, generate)
    const passwordHash = await hashPassword(password)
    await db.transaction(async (tx) => {
      await setPassword(tx, id, passwordHash)
      await note(tx, 'set-password', 'users', id)
    })
    print(`已设置密码 · the password is set: ${username}`)
    if (generate) print(password)
  },
  'user disable': changing('disable', '已停用 · disabled', (tx, user) =>
    changeUser(tx, user.id, as(user, true)),
  ),
  'user enable': changing('enable', '已启用 · enabled', (tx, user) =>
    changeUser(tx, user.id, as(user, false)),
  ),
  'user unlock': changing('unlock', '已解锁 · unlocked', (tx, { id }) => unlockUser(tx, id)),
} satisfies Partial<Record<VerbName, Verb>>

function changing(
  action: AuditAction,
  done: string,
  change: (tx: Writer, user: User) => Promise<User>,
): Verb {
  return async ({ db }, _flags, [username = '']) => {
    const user = await db.transaction(async (tx) => {
      const found = await getUserNamed(tx, username)
      await note(tx, action, 'users', found.id)
      return change(tx, found)
    })
    print(`${done} ${user.username}`)
  }
}

const as = ({ label, role, regionCode }: User, disabled: boolean) => ({
  label,
  role,
  regionCode: regionCode ?? undefined,
  disabled,
})

function wishedAs({ label, role, region }: Parameters<Verb>[1]) {
  if (!label?.trim()) throw new WrongCommand('缺少 --label · is required')
  const known = ROLES.find((one) => one === role)
  if (known === undefined)
    throw new WrongCommand(`--role 须为其中之一 · must be one of ${ROLES.join(', ')}`)
  if (region !== undefined && !/^(\d{6}|\d{9}|\d{12})$/.test(region))
    throw new WrongCommand('--region 须为 6、9 或 12 位数字 · must have 6, 9 or 12 digits')
  return { label, role: known, regionCode: region }
}

function endOf(day: string | undefined, timeZone: string): string | undefined {
  if (day === undefined) return undefined
  if (!isDay(day)) throw new WrongCommand('--expires 须为日期 · must be a day YYYY-MM-DD')
  return startOfDay(addDays(day, 1), timeZone)
}

async function newPassword(username: string, generate = false): Promise<string> {
  if (generate) return randomBytes(15).toString('base64url')
  const password = await askPassword()
  refuseWeakPassword(password, spelledUsername(username), 'password')
  if (password.length > PASSWORD_MAX)
    throw new WrongCommand(`密码不得超过 ${PASSWORD_MAX} 个字符 · no more characters than that`)
  return password
}

function note(
  tx: Writer,
  action: AuditAction,
  subject: string,
  subjectId?: string,
  granted?: { role: string; regionCode?: string | undefined },
) {
  const detail = granted && { role: granted.role, regionCode: granted.regionCode ?? null }
  const entry: AuditEntry = { action, subject, subjectId, ...(detail && { detail }) }
  return audit(tx, { caller: COMMAND_LINE }, entry)
}

const given = (words: readonly unknown[]) => words.filter(Boolean)
