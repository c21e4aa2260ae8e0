import { hashPassword } from '../../src/access/password-hash.ts'
import { addUser, setPassword, type User, type UserBody } from '../../src/access/user-store.ts'
import type { TestService } from './test-service.ts'

export const PASSWORD = '青溪-水稻-320-亩-田'

type Wish = { username: string } & Partial<Omit<UserBody, 'disabled'>> & { password?: string }

/** Adds a user who can log in. */
export async function addTestUser(
  { db }: TestService,
  { password = PASSWORD, ...wish }: Wish,
): Promise<User> {
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    const { id } = await addUser(tx, { label: wish.username, role: 'recorder', ...wish })
    return setPassword(tx, id, passwordHash)
  })
}

/** Tries to log in, as a page does. */
export const logIn = (
  { inject }: TestService,
  username: string,
  password = PASSWORD,
  headers: Record<string, string> = {},
) => inject({ method: 'PUT', url: '/api/v1/session', headers, payload: { username, password } })

/** A page that is logged in. */
export async function openPage(service: TestService, username: string, password = PASSWORD) {
  const reply = await logIn(service, username, password)
  if (reply.status !== 200) throw new Error(`${reply.status} ${JSON.stringify(reply.body)}`)
  const cookie = String(reply.headers['set-cookie']).split(';')[0] ?? ''
  const { csrfToken } = reply.body as { csrfToken: string }
  return {
    cookie,
    csrfToken,
    body: reply.body,
    /** Sends a request with the cookie and, unless `headers` say otherwise, the CSRF token. */
    send(method: string, path: string, payload?: object, headers: Record<string, string> = {}) {
      return service.inject({
        method: method as 'GET',
        url: `/api/v1${path}`,
        headers: { cookie, 'x-csrf-token': csrfToken, ...headers },
        ...(payload && { payload }),
      })
    },
    /** What a request is answered that only asks who it is. */
    async status() {
      return (await service.inject({ url: '/api/v1/session', headers: { cookie } })).status
    },
  }
}
