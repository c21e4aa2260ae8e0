/** `npm run cli -- verify` beside a running service: what was changed behind its back is named. */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backUpSqlite } from '../../src/platform/database/open-sqlite.ts'
import { databaseFileOf } from '../support/database-file.ts'
import { openCommandLine } from '../support/run-program.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

const folder = mkdtempSync(join(tmpdir(), 'land-rent-verify-'))
const PLOTS = { rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2020-12-31' } }
let county: TestCounty
let file = ''
/** Owes four years, is in a case; the other one has paid, after the night. */
let [owing, paying, caseId] = ['', '', '']

beforeAll(async () => {
  county = await openTestCounty('2024-06-30')
  const { id: operatorId } = await county.operator()
  owing = (await county.contract(operatorId, PLOTS)).id
  paying = (await county.contract((await county.operator()).id, PLOTS)).id
  const gone = await county.contract(operatorId, PLOTS)
  await county.withdraw('contracts', gone.id)
  await county.night('2024-06-30')
  const [row] = (await county.read('/cases')).items
  caseId = row.id
  const fixes = {
    measure: '督促付租',
    responsibleUnit: '青溪镇',
    leadOfficial: '副镇长',
    responsiblePerson: '王站长',
    deadlineOn: '2024-12-31',
  }
  const { headers } = await county.send('GET', `/cases/${caseId}`)
  await county.send('PUT', `/cases/${caseId}/fixes`, fixes, { 'If-Match': String(headers['etag']) })
  const paid = { amountFen: 2_400_000, paidOn: '2024-06-30' }
  await county.record(`/contracts/${paying}/payments`, paid)
  file = await databaseFileOf(county.db)
})
afterAll(async () => {
  await county.close()
  rmSync(folder, { recursive: true })
})

const commandLine = openCommandLine({ cwd: folder })
afterAll(() => commandLine.close())

async function verify(path: string) {
  const env = { DATABASE_URL: `file:${path}` }
  const { code, stdout, stderr } = await commandLine.run(['verify'], { env })
  const [sound, ...lines] = stdout.trimEnd().split('\n')
  expect(sound).toBe('文件完好 · the file is sound')
  return { code, stderr, lines }
}

/** What is found in a copy in which some statements have changed what is stored. */
async function afterTampering(name: string, ...statements: string[]) {
  const path = join(folder, `${name}.db`)
  await backUpSqlite(file, path)
  copyFileSync(`${file}.key`, `${path}.key`)
  const copy = new Sqlite(path)
  for (const statement of statements) copy.exec(statement)
  copy.close()
  const { code, stderr, lines } = await verify(path)
  return { code, stderr, lines: lines.slice(0, -2), count: lines.at(-1) }
}

it('finds nothing where nothing was changed, and changes nothing', async () => {
  const before = await county.rows()
  const { code, stderr, lines } = await verify(file)
  expect([code, stderr]).toEqual([0, ''])
  expect(lines).toEqual([
    expect.stringMatching(
      /^已重新计算 2024-06-30 · computed anew: 合同 contracts 2, 期次 instalments 20, 案件 cases 2, \d+\.\d s \(\d+ 份 contracts\/s\)$/,
    ),
    '差异 · differences: 0',
  ])
  expect(await county.rows()).toEqual(before)
})

const OF_OWING = 'contract_id = (select min(contract_id) from risks)'

it('names each figure that was changed behind its back', async () => {
  const found = await afterTampering(
    'figures',
    'update risks set score = score - 1 where score > 0',
    'update risks set arrears_fen = arrears_fen + 1 where arrears_fen = 0',
    `update score_changes set score = 61, points = '{"years_owed":37}' where ${OF_OWING}`,
    `update instalments set amount_fen = 1 where no = 7 and ${OF_OWING}`,
    `update cases set state = 'resolved', responsible_person = '李四' where measure is not null`,
  )
  expect(found).toEqual({
    code: 1,
    stderr: '',
    lines: [
      `合同 contract ${owing}  instalment 7 amountFen  存储 stored 1  应为 computed 600000`,
      `合同 contract ${owing}  score  存储 stored 41  应为 computed 42`,
      `合同 contract ${paying}  arrearsFen  存储 stored 1  应为 computed 0`,
      `合同 contract ${owing}  2024-06-30 score  存储 stored 61  应为 computed 42`,
      `合同 contract ${owing}  2024-06-30 points  存储 stored {"years_owed":37}  应为 computed {"years_owed":36,"households":6}`,
      `案件 case ${caseId}  state  存储 stored resolved  应为 computed resolving`,
      `案件 case ${caseId}  responsiblePerson  存储 stored …  应为 computed …`,
    ],
    count: '差异 · differences: 7',
  })
})

it('names what is gone, and what is there too much', async () => {
  const found = await afterTampering(
    'rows',
    `delete from instalments where no = 10 and ${OF_OWING}`,
    `create temp table copy as select * from risks where ${OF_OWING}`,
    `update copy set contract_id = 'nobody'`,
    'insert into risks select * from copy',
    'delete from risks where score = 0',
  )
  expect(found).toEqual({
    code: 1,
    stderr: '',
    lines: [
      `合同 contract ${owing}  instalments  存储 stored 9  应为 computed 10`,
      `合同 contract nobody  risk  存储 stored 42  应为 computed none`,
      `合同 contract ${paying}  risk  存储 stored none  应为 computed some`,
    ],
    count: '差异 · differences: 3',
  })
})

it('does not name what is only said of another day, or of a night that is not done', async () => {
  const unfinished = `update runs set attempt_at = '2024-07-01T00:00:00.000Z'`
  const scores = `update score_changes set score = 61`
  expect(await afterTampering('unfinished', unfinished, scores)).toEqual({
    code: 0,
    stderr: '',
    lines: [
      '2024-06-30 的研判尚未完成,分值不比对 · that night is not completed: scores not compared',
    ],
    count: '差异 · differences: 0',
  })
})
