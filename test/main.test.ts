import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { openCommandLine, type Program, runProgram, until } from './support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'land-rent-main-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const env = { PORT: '0', DATABASE_URL: `file:${cwd}/county.db` }

const logOf = ({ output }: Program) =>
  output.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const addressOf = (program: Program) =>
  /http:\/\/127\.0\.0\.1:\d+/.exec(program.output.stdout)?.[0] ?? ''

/** A command line in a process of its own. */
async function cliAlone(...args: string[]) {
  const program = runProgram('src/cli.ts', args, { cwd, env })
  const code = await program.ended
  return { code, lines: program.output.stdout.trimEnd().split('\n'), ...program.output }
}

const commandLine = openCommandLine({ cwd, env })
afterAll(() => commandLine.close())
async function cli(...args: string[]) {
  const ended = await commandLine.run(args)
  return { ...ended, lines: ended.stdout.trimEnd().split('\n') }
}

describe('npm start', () => {
  it('serves a new county, logs JSON without secrets, and ends cleanly on SIGTERM', async () => {
    const added = await cliAlone('token', 'add', '--label', '青溪镇专班', '--role', 'admin')
    expect(added.code).toBe(0)
    const token = added.lines.at(-1) ?? ''
    const program = runProgram('src/main.ts', [], { cwd, env })
    await until(() => addressOf(program) !== '')
    const address = addressOf(program)
    expect((await fetch(`${address}/health/ready`)).status).toBe(200)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ name: '王桂芳', kind: 'individual', phone: '19900001234' })
    const created = await fetch(`${address}/api/v1/operators`, { method: 'POST', headers, body })
    expect(created.status).toBe(201)
    expect((await fetch(`${address}/api/v1/operators?q=19900001234`, { headers })).status).toBe(400)
    const startedAt = Date.now()
    program.process.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(Date.now() - startedAt).toBeLessThan(5000)
    const log = logOf(program)
    expect(log.some((line) => typeof line['reqId'] === 'string')).toBe(true)
    expect(program.output.stdout).not.toMatch(new RegExp(`${token}|王桂芳|19900001234`))
    expect(program.output.stderr).toBe('')
  })

  it.each([
    ['PORT', 'none'],
    ['PORT', '70000'],
    ['TIME_ZONE', 'Mars/Olympus'],
    ['NIGHTLY_AT', '25:00'],
    ['DATABASE_URL', 'mysql://somewhere'],
    ['COUNTY_CODE', '51'],
    ['LOG_LEVEL', 'loud'],
    ['SMTP_URL', 'http://watch:s3cret@mail.example.cn'],
    ['MAIL_FROM', 'nobody'],
  ])('ends with one line that names %s=%s', async (name, value) => {
    const program = runProgram('src/main.ts', [], { cwd, env: { ...env, [name]: value } })
    expect(await program.ended).toBe(1)
    expect(program.output.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(program.output.stderr).toMatch(
      new RegExp(`^${name}: [^·]*\\p{Script=Han}[^·]* · \\w`, 'u'),
    )
    expect(program.output.stderr).not.toContain('s3cret')
  })

  it('ends with one line that names OUTBOX_DIR when no message can be written there', async () => {
    writeFileSync(join(cwd, 'file'), '')
    const outbox = { ...env, OUTBOX_DIR: join(cwd, 'file', 'outbox') }
    const program = runProgram('src/main.ts', [], { cwd, env: outbox })
    expect(await program.ended).toBe(1)
    expect(program.output.stderr).toMatch(/^OUTBOX_DIR: [^\n]*ENOTDIR[^\n]*\n$/)
  })

  it('logs the begin and the end of a night, and a ledger ahead of the machine', async () => {
    const db = new Sqlite(join(cwd, 'county.db'))
    const [ahead, clock] = ['2099-01-01T00:00:00.000Z', 'update ledger_clock set instant = ?']
    const before = db.prepare('select instant from ledger_clock').pluck().get()
    db.prepare(clock).run(ahead)
    const program = runProgram('src/main.ts', [], { cwd, env })
    await until(() => addressOf(program) !== '')
    const told = logOf(program).find(({ msg }) => String(msg).includes('ahead of the machine'))
    expect(told).toMatchObject({ level: 50, ledgerAt: ahead, machineAt: expect.any(String) })
    db.prepare(clock).run(before)
    db.close()
    const token = (await cli('token', 'add', '--label', '县局', '--role', 'admin')).lines.at(-1)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const runs = `${addressOf(program)}/api/v1/risk/runs`
    const body = JSON.stringify({ asOf: '2024-06-29' })
    expect((await fetch(runs, { method: 'POST', headers, body })).status).toBeLessThan(300)
    program.process.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(logOf(program).filter(({ msg }) => String(msg).startsWith('a night'))).toEqual([
      expect.objectContaining({ level: 30, asOf: '2024-06-29', msg: 'a night begins' }),
      expect.objectContaining({
        level: 30,
        asOf: '2024-06-29',
        counts: expect.objectContaining({ contracts: 0, alertsQueued: 0 }),
        seconds: expect.any(Number),
        msg: 'a night has ended',
      }),
    ])
  })

  it('logs that COUNTY_CODE is of another county than what is recorded', async () => {
    const elsewhere = { ...env, COUNTY_CODE: '510902', DATABASE_URL: 'file:elsewhere.db' }
    writeFileSync(join(cwd, 'regions.csv'), '编码,名称\n519901101,青溪镇\n')
    const imported = runProgram('src/cli.ts', ['import', 'regions', 'regions.csv'], {
      cwd,
      env: { ...elsewhere, COUNTY_CODE: '519901' },
    })
    expect(await imported.ended).toBe(0)
    const program = runProgram('src/main.ts', [], { cwd, env: elsewhere })
    await until(() => addressOf(program) !== '')
    program.process.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    const logged = logOf(program).find(({ msg }) => String(msg).startsWith('COUNTY_CODE'))
    expect(logged).toMatchObject({ level: 50, code: '510902', other: '519901' })
  })
})

describe('npm run cli', () => {
  it('adds, lists and revokes tokens, and keeps only their hashes', async () => {
    const { lines } = await cli(
      'token',
      'add',
      '--label',
      '农业农村局',
      '--role',
      'bureau',
      '--region',
      '519901',
    )
    const token = lines.at(-1) ?? ''
    expect(token).toMatch(/^lrm_[\w-]{43}$/)
    const listed = await cli('token', 'list')
    expect(listed.stdout).toContain('农业农村局')
    expect(listed.stdout).not.toContain(token)
    const id = listed.lines.find((line) => line.includes('农业农村局'))?.split(' ')[0] ?? ''
    expect((await cli('token', 'revoke', id)).code).toBe(0)
    expect((await cli('token', 'list')).stdout).toContain('revoked')
    expect((await cliAlone('token', 'revoke', id)).code).toBe(1)
  })

  it('backs up a county that is in use, and never over another file', async () => {
    const copy = join(cwd, 'copy.db')
    expect((await cli('backup', copy)).code).toBe(0)
    expect((await cli('backup', copy)).code).toBe(1)
    const ofCopy = { env: { DATABASE_URL: `file:${copy}` } }
    const restored = await commandLine.run(['token', 'list'], ofCopy)
    expect(restored.code).toBe(0)
    expect(restored.stdout).toBe((await cli('token', 'list')).stdout)
  })

  it('runs the night of a day', async () => {
    const { code, stdout } = await cli('night', '--as-of', '2024-06-30')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ asOf: '2024-06-30', status: 'completed' })
  })

  it.each([
    [['night', '--as-of', '2023-02-30']],
    [['night', '--as-of', '2199-01-01']],
    [['token', 'add', '--role', 'admin']],
    [['token', 'add', '--label', 'x', '--role', 'king']],
    [['token', 'revoke', 'nobody']],
    [['fly']],
    [['alerts']],
  ])('refuses %j', async (args) => {
    const { code, stdout, stderr } = await cli(...args)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).not.toMatch(/^ +at /m)
  })
})
