/** An import whose process is killed: real processes on one file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, expect, it } from 'vitest'
import { noteCutOffImports } from '../../src/imports/cut-off-imports.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { openCommandLine, runProgram, until } from '../support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'cut-off-'))
const county = join(cwd, 'county.db')
const env = { PORT: '0', DATABASE_URL: `file:${county}` }
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const ROWS = 5000
const HEADINGS = '合同编号,承租方,村代码,面积(亩),用途,起,止,租金标准,支付方式,出租方'
const OPERATORS = Array.from({ length: 40 }, (_, at) => `青溪${at}果业有限公司`)
const LINES = Array.from({ length: ROWS }, (_, at) => {
  const operator = OPERATORS[at % OPERATORS.length]
  const term = '2020-01-01,2029-12-31,600元/亩,每年12月31日前'
  return `2020-${at},${operator},519901101201,10,晚熟柑桔,${term},村委会`
})

const start = (...args: string[]) => runProgram('src/cli.ts', args, { cwd, env })
const commandLine = openCommandLine({ cwd, env })
afterAll(() => commandLine.close())
async function cli(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await commandLine.run(args)
  expect([code, stderr]).toEqual([0, ''])
  return stdout.trimEnd().split('\n')
}

function single(query: string): unknown {
  const db = new Sqlite(county, { readonly: true })
  try {
    return db.prepare(query).pluck().get()
  } finally {
    db.close()
  }
}
const STATE = `select state from imports where ledger = 'contracts'`
const countOf = (table: string) => Number(single(`select count(*) from ${table}`))
const recordedRows = () => countOf(`import_rows where status = 'kept' and record like '%2020-%'`)

it('is told from one under way, its risks are made good, the same file adds the rest', async () => {
  writeFileSync(join(cwd, 'regions.csv'), '区划代码,名称\n519901101,青溪镇\n519901101201,青溪村')
  const file = [HEADINGS, ...LINES].join('\n')
  writeFileSync(join(cwd, 'contracts.csv'), file)
  const token = (await cli('token', 'add', '--label', '县局', '--role', 'admin')).at(-1)
  await cli('import', 'regions', 'regions.csv')
  writeFileSync(
    join(cwd, 'operators.csv'),
    ['业主名称,业主类型', ...OPERATORS.map((name) => `${name},公司`)].join('\n'),
  )
  await cli('import', 'operators', 'operators.csv')

  const importing = start('import', 'contracts', 'contracts.csv')
  await until(() => recordedRows() > 0)
  const clock = { now: () => new Date(), timeZone: 'Asia/Shanghai' }
  const beside = openSqlite(county, clock)
  await noteCutOffImports(beside)
  expect(single(STATE)).toBe('running')
  importing.process.kill('SIGKILL')
  expect(await importing.ended).toBeNull()
  await beside.close()
  const kept = recordedRows()
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(ROWS)
  expect([single(STATE), countOf('contracts'), countOf('risks')]).toEqual(['running', kept, 0])

  const service = runProgram('src/main.ts', [], { cwd, env })
  const addressOf = () => /http:\/\/127\.0\.0\.1:\d+/.exec(service.output.stdout)?.[0]
  await until(() => addressOf() !== undefined)
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { ...init.headers, authorization: `Bearer ${token}` }
    const reply = await fetch(`${addressOf()}/api/v1${path}`, { ...init, headers })
    // biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
    return { status: reply.status, body: (await reply.json()) as any }
  }
  const { items } = (await send('/imports?ledger=contracts')).body
  const skipped = 1
  expect(items).toEqual([
    expect.objectContaining({
      state: 'cut_off',
      counts: { read: kept, kept, unchanged: 0, reported: 0, skipped },
    }),
  ])
  expect(items[0]).not.toHaveProperty('runBy')
  const { id } = items[0]
  expect((await send(`/imports/${id}`)).body).toMatchObject({ id, state: 'cut_off' })
  await until(() => countOf('risks') === kept && countOf('import_operators') === 0)

  const form = new FormData()
  form.append('file', new Blob([file]), 'contracts.csv')
  const again = await send('/imports/contracts', { method: 'POST', body: form })
  expect(again).toMatchObject({
    status: 201,
    body: { state: 'done', counts: { read: ROWS, kept: ROWS - kept, unchanged: kept } },
  })
  expect([countOf('contracts'), countOf('risks')]).toEqual([ROWS, ROWS])

  const taken = await send(`/imports/${id}/withdrawal`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason: '导入中断' }),
  })
  expect(taken.body).toMatchObject({ state: 'taken_back' })
  expect(countOf('risks')).toBe(ROWS - kept)
  service.process.kill('SIGTERM')
  expect(await service.ended).toBe(0)
}, 90_000)
