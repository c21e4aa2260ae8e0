/** Ledgers that go out without personal data, and say nothing new when they come back. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendFile } from '../support/import-file.ts'
import { bookOf, csvOf, fileOf } from '../support/ledger-files.ts'
import { openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

const DAY = '2022-03-01'
const MOBILE = '13812345678'
const ID = '510901198001011234'
const PERSONAL = /(?<!\d)1[3-9]\d{9}(?!\d)|\d{17}[\dX]|王小二|李大组|张三等|赵六合/g

let county: TestCounty
beforeAll(async () => {
  county = await openTestCounty(DAY)
  await county.put('/regions/519901101', { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '红岩村' })
  const person = await county.operator({ name: '孙一', kind: 'individual', uscc: ID })
  const { id: operatorId } = await county.operator({ name: `丰收合作社(${MOBILE})` })
  const lessors = [
    { kind: 'household', name: `王小二 ${ID}` },
    { kind: 'household', name: '李大组', households: 1 },
    { kind: 'village_collective', name: '张三等35户' },
    { kind: 'village_collective', name: '赵六合', households: 3 },
    { kind: 'village_collective', name: `红岩村委会(经办 ${MOBILE})` },
    { kind: 'household', name: '王小二' },
    { kind: 'household', name: '张三等35户' },
    { kind: 'household', name: '孙', households: 2 },
  ]
  const leases = []
  for (const [at, lessor] of lessors.entries()) {
    const over = { contractNo: `2020-${at}`, startOn: `2020-01-0${at + 1}`, lessor }
    leases.push(await county.contract(operatorId, over))
  }
  const mine = await county.contract(person.id, { contractNo: MOBILE })
  const unnumbered = await county.contract(operatorId, {
    contractNo: undefined,
    startOn: '2020-02-01',
  })
  await county.record(`/contracts/${leases[0].id}/amendments`, {
    effectiveOn: '2022-01-01',
    reason: `农户王某(${MOBILE})要求`,
    endOn: '2028-12-31',
  })
  const ended = { endedOn: '2021-12-31', reason: `${ID} 申请` }
  await county.record(`/contracts/${leases[1].id}/end`, ended)
  const subsidy = { standing: 'recognised', amountFen: 70_000, payableOn: '2021-06-30', year: 2020 }
  const add = (over: object) =>
    county.record('/subsidies', { ...subsidy, operatorId, programme: '标准园', ...over })
  await add({ contractId: unnumbered.id, acceptedOn: '2022-02-20' })
  await add({ contractId: leases[0].id })
  await add({
    operatorId: person.id,
    contractId: mine.id,
    programme: `标准园 ${MOBILE}`,
    documentNo: `农发 ${MOBILE}`,
    stage: `找 ${MOBILE}`,
    reasonUnpaid: `问 ${MOBILE}`,
  })
  await county.night(DAY)
}, 60_000)
afterAll(() => county.close())

it.each(['contracts', 'subsidies', 'arrears', 'cases', 'worklist'])(
  'the ledger %s carries no personal data',
  async (ledger) => {
    for (const format of ['csv', 'csv?asOf=2022-02-28']) {
      const { bytes } = await fileOf(county, `${ledger}.${format}`)
      expect(bytes.toString().match(PERSONAL) ?? []).toEqual([])
    }
  },
)

it('masks numbers and names of persons only', async () => {
  const contracts = await csvOf(county, 'contracts.csv')
  expect(contracts.map((row) => row.出租方).slice(0, 8)).toEqual([
    '王*二510***********1234',
    '李*组1户',
    '村集体',
    '村集体3户',
    '村集体“红岩村委会(经办 138****5678)”',
    '王*二',
    '张*',
    '*2户',
  ])
  const revealed = await csvOf(county, 'contracts.csv?reveal=true&reason=test')
  expect(revealed.map((row) => row.出租方).slice(5, 7)).toEqual(['王小二', '农户“张三等35户”'])
  expect(contracts[0]).toMatchObject({
    合同编号: '2020-0',
    承租方: '丰收合作社(138****5678)',
    变更: '2022-01-01起 期限至2028-12-31 (“农户王某(138****5678)要求”)',
  })
  expect(contracts[8]).toMatchObject({
    合同编号: '138****5678',
    承租方: '孙一',
    统一社会信用代码: '510***********1234',
  })
  const subsidies = await csvOf(county, 'subsidies.csv')
  expect(subsidies.map((row) => row.关联合同)).toEqual(['无编号', '2020-0', '138****5678'])
})

it.each(['contracts', 'subsidies', 'arrears'])(
  'the ledger %s changes nothing when it is imported',
  async (ledger) => {
    const tables = ['contracts', 'contractAmendments', 'contractEnds', 'operators'] as const
    const facts = () => county.rows(...tables, 'subsidies', 'payments')
    const [before, summary] = [await facts(), await county.read('/risk/summary')]
    for (const format of ['xlsx', 'csv']) {
      const { bytes } = await fileOf(county, `${ledger}.${format}`)
      const { status, body } = await sendFile(county, ledger, bytes, { fileName: `账.${format}` })
      expect(status).toBe(201)
      const { read } = body.counts
      const problems = body.rows.flatMap((row: { problems: object[] }) => row.problems)
      expect(problems.filter((one: { code: string }) => one.code !== 'column-not-used')).toEqual([])
      expect(body.counts).toMatchObject({ read, kept: 0, unchanged: read, reported: 0 })
      expect(read).toBeGreaterThan(2)
    }
    expect(await facts()).toEqual(before)
    const { coverageFen, arrearsFen } = await county.read('/risk/summary')
    expect([coverageFen, arrearsFen]).toEqual([summary.coverageFen, summary.arrearsFen])
  },
)

it('leaves out subsidies that were accepted after the day', async () => {
  const numbers = async (asOf: string) =>
    (await csvOf(county, `subsidies.csv?asOf=${asOf}`)).map((row) => row.受理日期)
  expect(await numbers('2022-02-19')).toEqual(['', ''])
  expect(await numbers('2022-02-20')).toEqual(['2022-02-20', '', ''])
})

it('says whose arrears the coverage counts', async () => {
  const { notes } = await bookOf(county, 'summary.xlsx')
  expect(notes.join('')).toContain('可覆盖补助含已到期或终止合同的欠租')
})
