/** What was exported without a day is had again, to the byte, by the day and instant it names. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { csvOf, fileOf, NIGHT, openLedgerCounty } from '../support/ledger-files.ts'
import { openTestCounty, type TestCounty, TOWNSHIP } from '../support/test-county.ts'

const OF_THE_NIGHT = ['arrears', 'worklist', 'summary', 'cases']
const FILES = [...OF_THE_NIGHT, 'subsidies', 'contracts'].flatMap((ledger) => [
  `${ledger}.xlsx?`,
  `${ledger}.csv?`,
  `${ledger}.xlsx?region=${TOWNSHIP}&`,
])

let opened: Awaited<ReturnType<typeof openLedgerCounty>>
let county: TestCounty
beforeEach(async () => {
  opened = await openLedgerCounty()
  county = opened.county
})
afterEach(() => county.close())

/** Which files are not the same again. */
async function others(from: TestCounty): Promise<string[]> {
  const found: string[] = []
  for (const file of FILES) {
    const first = await fileOf(from, file)
    const { 'x-as-of': asOf, 'x-known-at': knownAt } = first.headers
    const again = await fileOf(from, `${file}asOf=${asOf}&knownAt=${knownAt}`)
    if (!again.bytes.equals(first.bytes)) found.push(file)
  }
  return found
}

const fixes = {
  measure: '督促还款',
  responsibleUnit: '青溪镇人民政府',
  leadOfficial: '分管副镇长',
  responsiblePerson: '农业服务中心主任',
  deadlineOn: '2030-06-30',
}

/** Something of what moves the figures, the words and the order of each ledger. */
async function recordMore(): Promise<void> {
  const { contracts, operators } = opened
  await county.record(`/contracts/${contracts.person.id}/payments`, {
    amountFen: 100_000,
    paidOn: NIGHT,
  })
  await county.record(`/operators/${operators.company.id}/conditions`, {
    condition: 'unreachable',
    observedOn: NIGHT,
    source: '村委会',
  })
  const late = await county.operator({ name: '后来公司', kind: 'company' })
  await county.contract(late.id, { contractNo: '2020-0100' })
  const [first] = (await county.read('/cases')).items
  await county.put(`/cases/${first.id}/fixes`, fixes)
}

describe('a ledger and the same by the day and the instant that it names', () => {
  it('on the day of the night, as it left the figures', async () => {
    expect(await others(county)).toEqual([])
  })

  it('on that day, when facts have refreshed them', async () => {
    await recordMore()
    expect(await others(county)).toEqual([])
    const [first] = await csvOf(county, 'cases.csv')
    expect(first).toMatchObject({ 措施: '督促还款', 状态: '化解中' })
  })

  it('on the next day, before its night: the figures are those of the day that it names', async () => {
    // Due the day after the night: owed by the next day's figures, not by those of the night.
    const { contracts } = opened
    await county.record(`/contracts/${contracts.paid.id}/amendments`, {
      effectiveOn: '2022-01-01',
      reason: '改约应付日',
      rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: NIGHT },
    })
    const before = await csvOf(county, 'worklist.csv')
    county.clockOf.goTo('2022-03-02')
    await recordMore()
    expect(await others(county)).toEqual([])
    for (const ledger of OF_THE_NIGHT)
      expect((await fileOf(county, `${ledger}.csv`)).headers['x-as-of']).toBe(NIGHT)
    const owing = (await csvOf(county, 'arrears.csv')).map((row) => row.合同编号)
    expect(owing).toContain('2020-0100')
    expect(owing).not.toContain('2020-0009')
    const daysOf = (rows: Record<string, string>[], no: string) =>
      rows.find((row) => row.合同编号 === no)?.逾期天数
    const after = await csvOf(county, 'worklist.csv')
    expect(daysOf(after, '519901101201')).toBe(daysOf(before, '519901101201'))
    expect(new Set((await csvOf(county, 'cases.csv')).map((row) => row.措施))).toEqual(
      new Set(['']),
    )

    await county.night('2022-03-02')
    expect(await others(county)).toEqual([])
    expect((await csvOf(county, 'arrears.csv')).map((row) => row.合同编号)).toContain('2020-0009')
    expect((await csvOf(county, 'cases.csv'))[0]).toMatchObject({ 措施: '督促还款' })
  })

  it('while an import has not refreshed yet what it recorded', async () => {
    const { contracts, operators } = opened
    const { risks, importOperators } = county.db.read.tables
    const before = await county.db.read.select().from(risks)
    await county.record(`/contracts/${contracts.person.id}/payments`, {
      amountFen: 100_000,
      paidOn: NIGHT,
    })
    await county.db.transaction(async (tx) => {
      await tx.delete(risks)
      await tx.insert(risks).values(before)
      const mark = { importId: contracts.person.id, operatorId: operators.person.id }
      await tx.insert(importOperators).values(mark)
    })
    expect(await others(county)).toEqual([])
    const row = (await csvOf(county, 'arrears.csv')).find((one) => one.合同编号 === '519901101201')
    expect(row).toMatchObject({ '已付租金(元)': '1000.00' })
  })

  it('before any night: the figures are those of the day itself', async () => {
    const young = await openTestCounty('2021-12-31')
    try {
      const { id } = await young.operator()
      await young.contract(id)
      young.clockOf.goTo('2022-01-01')
      expect(await others(young)).toEqual([])
      const [row] = await csvOf(young, 'arrears.csv')
      expect(row).toMatchObject({ '欠租金额(元)': '12000.00' })
    } finally {
      await young.close()
    }
  })
})

it('the brief is the same by today and the instant that it names', async () => {
  county.clockOf.goTo('2022-03-02')
  await recordMore()
  const first = await fileOf(county, 'monthly-brief.docx')
  const at = `asOf=2022-03-02&knownAt=${first.headers['x-known-at']}`
  const again = await fileOf(county, `monthly-brief.docx?${at}`)
  expect(again.bytes.equals(first.bytes)).toBe(true)
})
