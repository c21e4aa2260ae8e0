/** Imports whose process is killed: real processes on one file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noteCutOffImports } from '../../src/imports/cut-off-imports.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { openCommandLine, type Program, runProgram, until } from '../support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'cut-off-'))
const county = join(cwd, 'county.db')
const env = { PORT: '0', DATABASE_URL: `file:${county}` }

const ROWS = 5000
const HEADINGS = '合同编号,承租方,村代码,面积(亩),用途,起,止,租金标准,支付方式,出租方'
const OPERATORS = Array.from({ length: 40 }, (_, at) => `青溪${at}果业有限公司`)
const fileOf = (year: number) =>
  [
    HEADINGS,
    ...Array.from({ length: ROWS }, (_, at) => {
      const operator = OPERATORS[at % OPERATORS.length]
      const term = `${year}-01-01,2029-12-31,600元/亩,每年12月31日前`
      return `${year}-${at},${operator},519901101201,10,晚熟柑桔,${term},村委会`
    }),
  ].join('\n')

const start = (...args: string[]) => runProgram('src/cli.ts', args, { cwd, env })
const commandLine = openCommandLine({ cwd, env })
afterAll(() => commandLine.close())
async function cli(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await commandLine.run(args)
  expect([code, stderr.replace(/^新建了县数据库 .*\n/, '')]).toEqual([0, ''])
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
const countOf = (table: string) => Number(single(`select count(*) from ${table}`))
const keptOf = (year: number) =>
  countOf(`import_rows where status = 'kept' and record like '%${year}-%'`)
const stateOf = (fileName: string) =>
  single(`select state from imports where file_name = '${fileName}'`)

/** Begins an import on the command line and kills it half-way; answers what it had kept. */
async function killedImport(year: number): Promise<number> {
  const fileName = `${year}.csv`
  writeFileSync(join(cwd, fileName), fileOf(year))
  const risks = countOf('risks')
  const importing = start('import', 'contracts', fileName)
  await until(() => keptOf(year) > 0)
  const beside = openSqlite(county, { now: () => new Date(), timeZone: 'Asia/Shanghai' })
  await noteCutOffImports(beside)
  expect(stateOf(fileName)).toBe('running')
  importing.process.kill('SIGKILL')
  expect(await importing.ended).toBeNull()
  await beside.close()
  const kept = keptOf(year)
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(ROWS)
  expect([stateOf(fileName), countOf('risks')]).toEqual(['running', risks])
  return kept
}

let token: string | undefined
let service: Program
const addressOf = () => /http:\/\/127\.0\.0\.1:\d+/.exec(service.output.stdout)?.[0]
async function send(path: string, init: RequestInit = {}) {
  const headers = { ...init.headers, authorization: `Bearer ${token}` }
  const reply = await fetch(`${addressOf()}/api/v1${path}`, { ...init, headers })
  // biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely
  return { status: reply.status, body: (await reply.json()) as any }
}
function post(path: string, body: object) {
  const headers = { 'content-type': 'application/json' }
  return send(path, { method: 'POST', headers, body: JSON.stringify(body) })
}
function upload(ledger: string, content: string) {
  const form = new FormData()
  form.append('file', new Blob([content]), `${ledger}.csv`)
  return send(`/imports/${ledger}`, { method: 'POST', body: form })
}
/** As people are shown it. */
async function shownImport(fileName: string) {
  const { items } = (await send('/imports?ledger=contracts')).body
  return items.find((one: { fileName: string }) => one.fileName === fileName)
}
const isMadeGood = (contracts: number) =>
  countOf('risks') === contracts && countOf('import_operators') === 0
const cutOff = (kept: number) => ({
  state: 'cut_off',
  counts: { read: kept, kept, unchanged: 0, reported: 0, skipped: 1 },
})

beforeAll(async () => {
  writeFileSync(join(cwd, 'regions.csv'), '区划代码,名称\n519901101,青溪镇\n519901101201,青溪村')
  token = (await cli('token', 'add', '--label', '县局', '--role', 'admin')).at(-1)
  await cli('import', 'regions', 'regions.csv')
  const lines = OPERATORS.map((name) => `${name},公司`)
  writeFileSync(join(cwd, 'operators.csv'), ['业主名称,业主类型', ...lines].join('\n'))
  await cli('import', 'operators', 'operators.csv')
}, 120_000)
afterAll(() => {
  service?.process.kill('SIGKILL')
  rmSync(cwd, { recursive: true, force: true })
})

it('is told from one under way, its risks are made good, the same file adds the rest', async () => {
  const kept = await killedImport(2020)
  expect(countOf('contracts')).toBe(kept)

  service = runProgram('src/main.ts', [], { cwd, env })
  await until(() => addressOf() !== undefined)
  const shown = await shownImport('2020.csv')
  expect(shown).toMatchObject(cutOff(kept))
  expect(shown).not.toHaveProperty('runBy')
  const { id } = shown
  expect((await send(`/imports/${id}`)).body).toMatchObject({ id, state: 'cut_off' })
  await until(() => isMadeGood(kept))

  expect(await upload('contracts', fileOf(2020))).toMatchObject({
    status: 201,
    body: { state: 'done', counts: { read: ROWS, kept: ROWS - kept, unchanged: kept } },
  })
  expect([countOf('contracts'), countOf('risks')]).toEqual([ROWS, ROWS])

  const taken = await post(`/imports/${id}/withdrawal`, { reason: '导入中断' })
  expect(taken.body).toMatchObject({ state: 'taken_back' })
  expect(countOf('risks')).toBe(ROWS - kept)
}, 180_000)

it('is noted and made good beside a service that runs: after the next import', async () => {
  const before = countOf('risks')
  const kept = await killedImport(2021)
  expect(await shownImport('2021.csv')).toMatchObject({ state: 'running' })
  expect(await upload('regions', '区划代码,名称\n519901102,白果镇')).toMatchObject({ status: 201 })
  expect(await shownImport('2021.csv')).toMatchObject(cutOff(kept))
  expect(isMadeGood(before + kept)).toBe(true)
}, 180_000)

it('and before the next night, which counts all of it', async () => {
  const before = countOf('risks')
  const kept = await killedImport(2022)
  const today = (await send('/risk/summary')).body.asOf
  const run = await post('/risk/runs', { asOf: today })
  expect(run.body).toMatchObject({ status: 'completed', counts: { contracts: before + kept } })
  expect(await shownImport('2022.csv')).toMatchObject(cutOff(kept))
  expect(isMadeGood(before + kept)).toBe(true)
  expect(single(`select count(*) from audit_entries where action = 'break-off-import'`)).toBe(3)
}, 180_000)

it('leaves nothing that differs from the facts', async () => {
  service.process.kill('SIGTERM')
  expect(await service.ended).toBe(0)
  expect((await cli('verify')).at(-1)).toBe('差异 · differences: 0')
}, 120_000)
