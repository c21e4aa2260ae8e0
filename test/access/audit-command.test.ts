/** `npm run cli -- audit verify`, as whoever looks after the machine runs it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { openCommandLine } from '../support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'land-rent-audit-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))
const commandLine = openCommandLine({ cwd })
afterAll(() => commandLine.close())

async function cli(...args: string[]) {
  const { code, stdout, stderr } = await commandLine.run(args)
  return { code, lines: stdout.trim().split('\n'), stderr }
}

it('notes what is done there, tells the head, and finds what was changed since', async () => {
  expect((await cli('token', 'add', '--label', '一', '--role', 'viewer')).code).toBe(0)
  const whole = await cli('audit', 'verify')
  expect([whole.code, whole.stderr]).toEqual([0, ''])
  expect(whole.lines[0]).toMatch(/^共 1 条 · entries from 20\S+Z to 20\S+Z$/)
  const head = whole.lines.at(-1) ?? ''
  expect(head).toMatch(/^[0-9a-f]{64}$/)
  expect((await cli('audit', 'verify', '--head', 'f'.repeat(64))).code).toBe(1)

  const file = new Sqlite(join(cwd, 'var/county.db'))
  const kept = file.prepare('select actor_id, action, subject from audit_entries').all()
  expect(kept).toEqual([{ actor_id: 'command-line', action: 'add', subject: 'tokens' }])
  file.exec("update audit_entries set subject = 'users' where no = 1")
  file.close()
  const found = await cli('audit', 'verify')
  expect([found.code, found.lines.at(-1)]).toEqual([1, '第 1 条被改动 · was changed'])
})
