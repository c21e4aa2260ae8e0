import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isPasswordOf } from '../../src/access/password-hash.ts'
import { listUsers } from '../../src/access/user-store.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { PASSWORD } from '../support/log-in.ts'
import { openCommandLine, runProgram } from '../support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'land-rent-users-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const env = { DATABASE_URL: `file:${cwd}/county.db` }

const commandLine = openCommandLine({ cwd, env })
afterAll(() => commandLine.close())

async function cli(args: string, typed = '') {
  const ended = await commandLine.run(args.split(' '), { typed })
  return { ...ended, last: ended.stdout.trimEnd().split('\n').at(-1) ?? '' }
}

/** In a process of its own. */
async function cliAlone(args: string, typed: string) {
  const program = runProgram('src/cli.ts', args.split(' '), { cwd, env })
  program.process.stdin?.end(typed)
  const code = await program.ended
  return { code, ...program.output }
}

async function users() {
  const clock = { now: () => new Date(), timeZone: 'Asia/Shanghai' }
  const db = openSqlite(`${cwd}/county.db`, clock)
  const found = await listUsers(db.read)
  await db.close()
  return found
}

it('the first admin comes from the command line, the password from stdin', async () => {
  const added = await cliAlone(
    'user add --username Admin --label 县局 --role admin',
    `${PASSWORD}\n`,
  )
  expect([added.code, added.stderr]).toEqual([0, expect.stringMatching(/^新建了县数据库 .*\n$/)])
  expect(added.stdout).toMatch(/^已添加 · added admin [\w-]{36}\n$/)
  const [admin] = await users()
  expect(admin).toMatchObject({ username: 'admin', role: 'admin', regionCode: null })
  expect(await isPasswordOf(admin?.passwordHash, PASSWORD)).toBe(true)

  const made = await cli('user password ADMIN --generate')
  expect(made.last).toMatch(/^[\w-]{20}$/)
  const [changed] = await users()
  expect(await isPasswordOf(changed?.passwordHash, made.last)).toBe(true)
  expect(await isPasswordOf(changed?.passwordHash, PASSWORD)).toBe(false)

  expect((await cli('user disable admin')).stdout).toBe('已停用 · disabled admin\n')
  const listed = await cli('user list')
  expect(listed.stdout).toMatch(
    /^[\w-]{36} {2}admin {2}admin {2}- {2}县局 {2}已停用 disabled 20.*\n$/,
  )
  expect((await cli('user enable admin')).stdout).toBe('已启用 · enabled admin\n')
  expect((await cli('user unlock admin')).stdout).toBe('已解锁 · unlocked admin\n')
  expect((await users())[0]).toMatchObject({ disabledAt: null, lockedUntil: null })
})

it('a token ends with the day that it is given', async () => {
  const { code, last } = await cli('token add --label 甲 --role viewer --expires 2099-12-31')
  expect([code, last]).toEqual([0, expect.stringMatching(/^lrm_[\w-]{43}$/)])
  const { stdout } = await cli('token list')
  expect(stdout).toContain(`lrm_${last.slice(4, 12)}…`)
  expect(stdout).toContain('expires 2099-12-31T16:00:00.000Z')
  expect(stdout).not.toContain(last.slice(4, 13))
})

it.each([
  ['user add --username qingxi --label 青溪 --role recorder', 'password1234\n'],
  ['user add --username 13900001234 --label 青溪 --role recorder --generate', ''],
  ['user add --username admin --label 青溪 --role viewer --generate', ''],
  ['user add --username qingxi --label 青溪 --role viewer --password x', ''],
  ['user password nobody --generate', ''],
  ['token add --label 甲 --role viewer --expires 2020-12-31', ''],
  ['token add --label 甲 --role viewer --expires 2030-02-30', ''],
])('%s is refused', async (args, typed) => {
  const { code, stdout, stderr } = await cli(args, typed)
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).not.toMatch(/^ +at |password1234/m)
  expect(stderr).not.toBe('')
})
