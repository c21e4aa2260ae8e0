/** Opening balances: what an arrears ledger says is owed becomes the standing, to the fen. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SERVICE } from '../../src/access/caller.ts'
import type { ReadRow } from '../../src/imports/import-row.ts'
import { recordArrearsOf } from '../../src/imports/record-arrears.ts'
import { newRun } from '../../src/imports/record-row.ts'
import { runImport } from '../../src/imports/run-import.ts'
import { takeBackImport } from '../../src/imports/take-back-import.ts'
import { importRecords, takeBack } from '../support/import-records.ts'
import { contractTerms, diceOf } from '../support/random-terms.ts'
import { openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

type Record = NonNullable<ReadRow<'arrears'>['record']>

let county: TestCounty
afterEach(() => county.close())

const COLUMNS = {
  contractNo: '合同编号',
  operatorName: '业主',
  rentYears: '欠租年度',
  arrearsFen: '欠租金额(元)',
  asOf: '填报时间',
}
const rowOf = (record: Record, at: number): ReadRow<'arrears'> => ({
  sheet: '欠租台账',
  row: at + 4,
  status: 'read',
  record,
  guessed: [],
  problems: [],
  columns: COLUMNS,
})

/** Imports an arrears ledger; answers its rows as they were kept. */
async function take(...records: Record[]) {
  const deps = {
    ...county,
    importLimits: { bytesMax: 1000, rowsMax: 1000 },
    readFile: async function* () {
      yield records.map(rowOf)
    },
  }
  const wish = {
    ledger: 'arrears' as const,
    fileName: '欠租台账.xlsx',
    content: new Uint8Array(1),
    dryRun: false,
  }
  const id = await runImport(deps, SERVICE, wish)
  const { importRows = [] } = await county.rows('importRows')
  return importRows.filter(({ importId }) => importId === id).sort((a, b) => a.no - b.no)
}
const statuses = async (...records: Record[]) =>
  (await take(...records)).map(({ status }) => status as string)
const problems = async (...records: Record[]) =>
  (await take(...records)).map((row) => row.problems as object[])

const paymentsOn = async (contractId: string) =>
  (await county.read(`/contracts/${contractId}/payments?limit=500`)).items as {
    amountFen: number
    paidOn: string
    designatedDueOn?: string
    method?: string
    note?: string
    reversal?: { reason: string }
  }[]
const standing = (contractId: string, asOf: string) =>
  county.read(`/contracts/${contractId}/standing?asOf=${asOf}`)

const isPriced = async (contractId: string) => {
  const { instalments } = await standing(contractId, AS_OF)
  return instalments.every(
    ({ priced, dueOn }: { priced: boolean; dueOn: string }) => priced || dueOn > AS_OF,
  )
}

const NO = '2020-0001'
const AS_OF = '2024-06-30'

describe.each(['sqlite'] as const)('on %s', (database) => {
  let contractId = ''
  beforeEach(async () => {
    county = await openTestCounty('2024-07-10', database)
    await county.put('/regions/519901101', { name: '青溪镇' })
    await county.put(`/regions/${VILLAGE}`, { name: '白云村' })
    const { id: operatorId } = await county.operator()
    // 600,000 fen due every 31 December from 2020 on.
    contractId = (await county.contract(operatorId)).id
  })

  it('rows of one contract, in any order among others, become payments of the other years', async () => {
    const { id: otherId } = await county.operator({ name: '白云家庭农场' })
    const { id: other } = await county.contract(otherId, { contractNo: '2020-0002' })
    const rows = await take(
      { contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: AS_OF },
      { contractNo: '2020-0002', arrearsFen: 700_000, asOf: AS_OF },
      { contractNo: NO, rentYears: [2021], arrearsFen: 250_000, asOf: AS_OF },
    )
    expect(rows.map(({ row, status }) => [row, status])).toEqual([
      [4, 'kept'],
      [5, 'kept'],
      [6, 'kept'],
    ])
    expect(rows[0]).toMatchObject({
      record: {
        contractId,
        contractNo: NO,
        operatorName: '青溪合作社',
        villageName: '白云村',
        township: '青溪镇',
        rentYears: [2023],
        arrearsFen: 600_000,
      },
      problems: [],
      guessed: [],
    })
    const paid = await paymentsOn(contractId)
    const [{ importId }] = rows as [{ importId: string }]
    const opening = {
      method: '期初结转',
      note: `欠租台账导入 ${importId},截至 ${AS_OF}`,
    }
    expect(paid).toMatchObject([
      { amountFen: 600_000, paidOn: '2020-12-31', designatedDueOn: '2020-12-31', ...opening },
      { amountFen: 350_000, paidOn: '2021-12-31', designatedDueOn: '2021-12-31', ...opening },
      { amountFen: 600_000, paidOn: '2022-12-31', designatedDueOn: '2022-12-31', ...opening },
    ])
    expect(rows[0]?.facts).toHaveLength(3)
    expect(await standing(contractId, AS_OF)).toMatchObject({
      arrearsFen: 850_000,
      unpaidYears: 1,
      partialYears: 1,
      oldestUnpaidDueOn: '2021-12-31',
    })
    expect(await standing(other, AS_OF)).toMatchObject({
      arrearsFen: 700_000,
      unpaidYears: 1,
      partialYears: 1,
      oldestUnpaidDueOn: '2022-12-31',
    })
    expect(await county.read(`/contracts/${contractId}/risk`)).toMatchObject({
      arrearsFen: 850_000,
      unpaidYears: 1,
    })
  })

  it('the same file again adds nothing, and opens anew what people have changed since', async () => {
    const file: Record[] = [
      { contractNo: NO, rentYears: [2022], arrearsFen: 600_000, asOf: AS_OF },
      { contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: AS_OF },
    ]
    expect(await statuses(...file)).toEqual(['kept', 'kept'])
    const before = await county.rows('payments', 'paymentReversals')
    expect(await statuses(...file.toReversed())).toEqual(['unchanged', 'unchanged'])
    expect(await county.rows('payments', 'paymentReversals')).toEqual(before)
    await county.record(`/contracts/${contractId}/payments`, {
      amountFen: 500_000,
      paidOn: '2024-03-01',
    })
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(700_000)
    expect(await statuses(...file)).toEqual(['kept', 'kept'])
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(1_200_000)
    expect(await statuses(...file)).toEqual(['unchanged', 'unchanged'])
  })

  it('the same file again leaves what a later ledger says', async () => {
    const early = { contractNo: NO, arrearsFen: 0, asOf: '2023-06-30' }
    const late = { contractNo: NO, arrearsFen: 1_500_000, asOf: AS_OF }
    expect(await statuses(early)).toEqual(['kept'])
    expect(await statuses(late)).toEqual(['kept'])
    expect(await statuses(early)).toEqual(['unchanged'])
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(1_500_000)
  })

  it('payments listed later take the place of the opening balance, and give it back', async () => {
    const ledger = { contractNo: NO, rentYears: [2022, 2023], arrearsFen: 1_200_000, asOf: AS_OF }
    const [opened] = await take(ledger)
    const owed = async () => (await standing(contractId, AS_OF)).arrearsFen
    const paid = { contractNo: NO, amountFen: 600_000, paidOn: '2020-12-31' }
    const list = [
      { ...paid, amountFen: 400_000, receiptNo: 'R1' },
      { ...paid, amountFen: 600_000, paidOn: '2021-12-30', receiptNo: 'R2' },
      { ...paid, amountFen: 200_000, paidOn: '2021-12-31' },
    ]
    const { importId, rows, said } = await importRecords(county, 'payments', list)
    expect(said).toEqual(['kept', 'kept', 'kept'])
    expect(rows[0]?.guessed).toMatchObject([
      { column: 'amountFen', value: '4000.00', readAs: expect.stringContaining('冲抵期初结转') },
    ])
    expect(await owed()).toBe(1_200_000)
    const standingNow = (await paymentsOn(contractId)).filter(({ reversal }) => !reversal)
    expect(standingNow.filter(({ method }) => method === '期初结转')).toEqual([])
    expect((await importRecords(county, 'payments', list)).said).toEqual(Array(3).fill('unchanged'))
    expect(await statuses(ledger)).toEqual(['unchanged'])
    const refused = takeBack(county, opened.importId)
    await expect(refused).rejects.toMatchObject({ code: 'import-built-on' })
    await takeBack(county, importId)
    expect(await owed()).toBe(1_200_000)
    await takeBack(county, opened.importId)
    expect(await owed()).toBe(2_400_000)
  })

  it('a payment equal to an opening one is none of it, and beyond the opening counts', async () => {
    await take({
      contractNo: NO,
      rentYears: [2021, 2022, 2023],
      arrearsFen: 1_800_000,
      asOf: AS_OF,
    })
    const paid = { contractNo: NO, amountFen: 600_000, paidOn: '2020-12-31' }
    const late = { ...paid, paidOn: '2024-07-01' }
    expect((await importRecords(county, 'payments', [late, paid])).said).toEqual(['kept', 'kept'])
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(1_800_000)
    await importRecords(county, 'payments', [{ ...paid, amountFen: 100_000, paidOn: '2022-03-01' }])
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(1_700_000)
  })

  it('a corrected payment takes only the place of what it has more', async () => {
    await take({ contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: AS_OF })
    const paid = { contractNo: NO, amountFen: 100_000, paidOn: '2021-01-05', receiptNo: 'R1' }
    await importRecords(county, 'payments', [paid])
    await importRecords(county, 'payments', [{ ...paid, amountFen: 700_000 }])
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(600_000)
  })

  it('what the ledger holds already is unchanged', async () => {
    expect(await statuses({ contractNo: NO, arrearsFen: 2_400_000, asOf: AS_OF })).toEqual([
      'unchanged',
    ])
    await county.record(`/contracts/${contractId}/payments`, {
      amountFen: 1_300_000,
      paidOn: '2022-01-05',
    })
    const same = { contractNo: NO, rentYears: [2022, 2023], arrearsFen: 1_100_000, asOf: AS_OF }
    expect(await statuses(same)).toEqual(['unchanged'])
    expect(await paymentsOn(contractId)).toHaveLength(1)
  })

  it('a corrected ledger makes the opening balance anew', async () => {
    await take({ contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: AS_OF })
    const corrected = [
      { contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: AS_OF },
      { contractNo: NO, rentYears: [2021], arrearsFen: 200_000, asOf: AS_OF },
    ]
    expect(await statuses(...corrected)).toEqual(['kept', 'kept'])
    const paid = await paymentsOn(contractId)
    const reversed = paid.filter(({ reversal }) => reversal)
    expect(reversed.map(({ reversal }) => reversal?.reason)).toEqual(Array(3).fill('导入更正'))
    expect(paid.filter(({ reversal }) => !reversal)).toMatchObject([
      { paidOn: '2020-12-31', amountFen: 600_000 },
      { paidOn: '2021-12-31', amountFen: 400_000 },
      { paidOn: '2022-12-31', amountFen: 600_000 },
    ])
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(800_000)
    const [first] = await take({ contractNo: NO, arrearsFen: 0, asOf: AS_OF })
    expect(first?.status).toBe('kept')
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(0)
  })

  it('a ledger that is taken back leaves the standing of the one before it', async () => {
    const good = { contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: AS_OF }
    await take(good)
    const [second] = await take({ contractNo: NO, arrearsFen: 1_500_000, asOf: AS_OF })
    const owed = async () => (await standing(contractId, AS_OF)).arrearsFen
    expect(await owed()).toBe(1_500_000)
    await county.db.transaction((tx) => takeBackImport(tx, SERVICE, second.importId, '导错文件'))
    expect(await owed()).toBe(600_000)
    expect(await statuses(good)).toEqual(['unchanged'])
  })

  it('a ledger is taken back after the one that builds on it, and nothing of both is left', async () => {
    const [first] = await take({ contractNo: NO, arrearsFen: 600_000, asOf: AS_OF })
    const [second] = await take({ contractNo: NO, arrearsFen: 1_200_000, asOf: AS_OF })
    const refused = takeBack(county, first.importId)
    await expect(refused).rejects.toMatchObject({ code: 'import-built-on' })
    await takeBack(county, second.importId)
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(600_000)
    await takeBack(county, first.importId)
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(2_400_000)
  })

  it('a corrected payment is taken back after its correction, and nothing is left', async () => {
    const paid = { contractNo: NO, amountFen: 100, paidOn: '2023-01-02', receiptNo: 'R1' }
    const first = await importRecords(county, 'payments', [paid])
    const second = await importRecords(county, 'payments', [{ ...paid, amountFen: 200 }])
    const refused = takeBack(county, first.importId)
    await expect(refused).rejects.toMatchObject({ code: 'import-built-on' })
    await takeBack(county, second.importId)
    await takeBack(county, first.importId)
    expect((await standing(contractId, AS_OF)).paidFen).toBe(0)
  })

  it('payments after the day of the ledger come on top, and a later ledger that says so fits', async () => {
    await take({ contractNo: NO, rentYears: [2022, 2023], arrearsFen: 1_200_000, asOf: AS_OF })
    await county.record(`/contracts/${contractId}/payments`, {
      amountFen: 600_000,
      paidOn: '2024-07-01',
    })
    expect((await standing(contractId, AS_OF)).arrearsFen).toBe(1_200_000)
    expect(await standing(contractId, '2024-07-05')).toMatchObject({
      arrearsFen: 600_000,
      oldestUnpaidDueOn: '2023-12-31',
    })
    const later = { contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: '2024-07-05' }
    expect(await statuses(later)).toEqual(['unchanged'])
  })

  it('random contracts and truths give the same arrears and years', async () => {
    const dice = diceOf(20_240_710)
    const { id: operatorId } = await county.operator({ name: '随机业主' })
    const regions = ['519901101202', '519901102201', '519901103201']
    for (const code of regions) await county.put(`/regions/${code}`, { name: `村${code}` })
    for (const grain of ['mid_late_indica', 'japonica', 'early_indica'])
      await county.put(`/grain-prices/${grain}/2000-01-01`, { fenPer50kg: 12_900, source: '县' })
    const contracts: { id: string; contractNo: string; startOn: string }[] = []
    for (let at = 0; at < (database === 'sqlite' ? 40 : 8); at++) {
      const contractNo = `随-${at}`
      const terms = { ...contractTerms(dice, operatorId, at), contractNo }
      const reply = await county.send('POST', '/contracts', terms)
      if (reply.status === 201 && (await isPriced(reply.body.id))) contracts.push(reply.body)
    }
    const ledger: Record[] = []
    const truths = new Map<string, { owed: Map<number, number>; years: Map<number, number> }>()
    for (const { id, contractNo, startOn } of contracts) {
      const { instalments } = await standing(id, AS_OF)
      const years = new Map<number, number>()
      const owed = new Map<number, number>()
      for (const { rentYear, dueOn, amountFen } of instalments) {
        years.set(rentYear, (years.get(rentYear) ?? 0) + amountFen)
        if (dueOn < AS_OF) owed.set(rentYear, (owed.get(rentYear) ?? 0) + amountFen)
      }
      for (const [rentYear, dueFen] of owed) {
        owed.set(rentYear, dice.pick([0, 0, dueFen, dueFen, dice.int(0, dueFen)]))
        const begins = Number(startOn.slice(0, 4)) + rentYear
        const arrearsFen = owed.get(rentYear) ?? 0
        if (arrearsFen > 0 || dice.chance(0.2))
          ledger.push({ contractNo, rentYears: [begins], arrearsFen, asOf: AS_OF })
      }
      truths.set(id, { owed, years })
      if (!ledger.some((row) => row.contractNo === contractNo))
        ledger.push({ contractNo, arrearsFen: 0, asOf: AS_OF })
    }
    const shuffled = ledger.map((row) => [dice.int(0, 1e9), row] as const)
    const rows = await take(...shuffled.sort(([a], [b]) => a - b).map(([, row]) => row))
    expect(rows.flatMap((row) => row.problems)).toEqual([])
    for (const { id } of contracts) {
      const { owed, years } = truths.get(id) ?? { owed: new Map(), years: new Map() }
      const inArrears = [...owed].filter(([, fen]) => fen > 0)
      const whole = inArrears.filter(([year, fen]) => fen === years.get(year))
      expect(await standing(id, AS_OF)).toMatchObject({
        arrearsFen: inArrears.reduce((sum, [, fen]) => sum + fen, 0),
        unpaidYears: whole.length,
        partialYears: inArrears.length - whole.length,
      })
    }
    expect(contracts.length).toBeGreaterThan(database === 'sqlite' ? 25 : 3)
  })
})

describe('a row is reported, and none of its contract is kept,', () => {
  let operatorId = ''
  beforeEach(async () => {
    county = await openTestCounty('2024-07-10')
    operatorId = (await county.operator()).id
    await county.contract(operatorId)
  })
  const good: Record = { contractNo: NO, rentYears: [2023], arrearsFen: 600_000, asOf: AS_OF }
  const beside = [{ column: '', code: 'belongs-to-reported' }]

  it.each<[string, Record, object]>([
    [
      'for a year that is not due',
      { ...good, rentYears: [2024], arrearsFen: 1 },
      {
        column: '欠租年度',
        code: 'rent-year-unknown',
        reason: '2024 年没有截至 2024-06-30 已到期的租金',
      },
    ],
    [
      'for a year that another row has',
      { ...good, arrearsFen: 1 },
      { column: '欠租年度', code: 'rent-year-twice' },
    ],
    [
      'for more than was due',
      { ...good, rentYears: [2021], arrearsFen: 600_001 },
      {
        column: '欠租金额(元)',
        code: 'arrears-above-due',
        reason: '欠租 6000.01 元,超出已到期租金 6000.00 元',
      },
    ],
    [
      'for another day than the others',
      { ...good, rentYears: [2021], asOf: '2024-06-29' },
      { column: '填报时间', value: '2024-06-29', code: 'as-of-differs' },
    ],
  ])('%s', async (_, wrong, problem) => {
    expect(await problems(good, wrong)).toMatchObject([beside, [problem]])
    expect(await county.rows('payments')).toEqual({ payments: [] })
    expect(await statuses(good)).toEqual(['kept'])
  })

  it('when a row of it could not be read', async () => {
    const run = await newRun(county.db.read, SERVICE, 'import', '519901')
    const unread = { code: 'unreadable', column: '欠租金额(元)', value: '约三万', reason: '' }
    const wrong: ReadRow<'arrears'> = {
      ...rowOf({ contractNo: NO, rentYears: [2021] }, 1),
      status: 'reported',
      problems: [unread],
    }
    const outcomes = await county.db.transaction((tx) =>
      recordArrearsOf(tx, run, [rowOf(good, 0), wrong]),
    )
    expect(outcomes).toMatchObject([
      { status: 'reported', problems: beside },
      { status: 'reported', problems: [unread] },
    ])
    expect(await county.rows('payments')).toEqual({ payments: [] })
  })

  it('for a sum that is none', async () => {
    const problem = { column: '欠租金额(元)', code: 'malformed' }
    expect(await problems({ ...good, arrearsFen: -1 })).toMatchObject([[problem]])
    expect(await problems({ ...good, arrearsFen: 0.5 })).toMatchObject([[problem]])
  })

  it('for a day after today', async () => {
    const problem = { column: '填报时间', code: 'as-of-in-future' }
    expect(await problems({ ...good, asOf: '2024-07-11' })).toMatchObject([[problem]])
  })

  it('for a contract that is not recorded', async () => {
    const problem = { column: '合同编号', value: '无此合同', code: 'contract-unknown' }
    expect(await problems({ ...good, contractNo: '无此合同' })).toMatchObject([[problem]])
  })

  it('for more than recorded payments have left', async () => {
    const { items } = await county.read('/contracts')
    const payment = { amountFen: 1, paidOn: '2024-01-01', designatedDueOn: '2023-12-31' }
    await county.record(`/contracts/${items[0].id}/payments`, payment)
    const reason = '欠租 6000.00 元,按已登记的收款仅欠 5999.99 元'
    expect(await problems(good)).toMatchObject([[{ code: 'arrears-above-ledger', reason }]])
    expect((await county.rows('payments')).payments).toHaveLength(1)
  })

  it('while a rent in grain has no price, and not any more once it has', async () => {
    const rent = {
      lines: [{ areaMu: 10, jinPerMu: 400, grain: 'japonica' }],
      firstDueOn: '2020-12-31',
    }
    await county.contract(operatorId, { contractNo: '实物', rent })
    const row = { ...good, contractNo: '实物', arrearsFen: 516_000 }
    const reason = '2020-12-31 到期的实物租金没有有效的粮价,请先登记粮价'
    expect(await problems(row)).toMatchObject([[{ code: 'rent-unpriced', reason }]])
    await county.put('/grain-prices/japonica/2019-01-01', { fenPer50kg: 12_900, source: '国家' })
    expect(await statuses(row)).toEqual(['kept'])
  })

  it.each<[string, Record, string]>([
    ['without its number', { operatorName: '青溪合作社', arrearsFen: 1 }, 'rent-year-unknown'],
    [
      'of a number that is none',
      { contractNo: '无', operatorName: '青溪合作社', arrearsFen: 1 },
      'contract-unknown',
    ],
    [
      'of the operator in other words',
      { contractNo: '无', operatorName: '青溪专业合作社', arrearsFen: 1 },
      'contract-unknown',
    ],
  ])('when it has a wrong row %s', async (_, wrong, code) => {
    const bad = { ...wrong, rentYears: [2019], asOf: AS_OF }
    expect(await problems(good, bad)).toMatchObject([beside, [{ code }]])
    expect(await county.rows('payments')).toEqual({ payments: [] })
  })

  it('unless all its rows are right, however each names it', async () => {
    const other = { operatorName: '青溪合作社', rentYears: [2021], arrearsFen: 1, asOf: AS_OF }
    const third = { ...other, contractNo: NO, operatorName: '青溪专业合作社', rentYears: [2022] }
    expect(await statuses(good, other, third)).toEqual(['kept', 'kept', 'kept'])
    const { items } = await county.read('/contracts')
    expect((await standing(items[0].id, AS_OF)).arrearsFen).toBe(600_002)
  })

  it('and the other contracts of its operator are kept when it is known which one it is', async () => {
    await county.contract(operatorId, { contractNo: '其二' })
    const wrong = { ...good, contractNo: '其二', rentYears: [2019] }
    expect(await problems(good, wrong)).toMatchObject([[], [{ code: 'rent-year-unknown' }]])
    expect((await county.rows('payments')).payments).toHaveLength(3)
  })
})

describe('what is guessed is said', () => {
  beforeEach(async () => {
    county = await openTestCounty('2024-12-31')
    await county.contract((await county.operator()).id)
  })

  it('today is the day of a ledger that does not say it', async () => {
    const [row] = await take({ contractNo: NO, rentYears: [2022], arrearsFen: 600_000 })
    const column = '填报时间'
    const readAs = '没有写明截至日期,按导入当日 2024-12-31'
    expect(row).toMatchObject({ status: 'kept', guessed: [{ column, value: '', readAs }] })
  })

  it('rent due on the day of the ledger is owed when the row needs it', async () => {
    const owed = { contractNo: NO, rentYears: [2023, 2024], arrearsFen: 1_200_000 }
    const [row] = await take({ ...owed, asOf: '2024-12-31' })
    const readAs = '含 2024-12-31 当日到期的租金,次日起计入欠租'
    expect(row).toMatchObject({ status: 'kept', guessed: [{ value: '2024-12-31', readAs }] })
    county.clockOf.goTo('2025-01-01')
    const { items } = await county.read('/contracts')
    expect(await standing(items[0].id, '2025-01-01')).toMatchObject({
      arrearsFen: 1_200_000,
      unpaidYears: 2,
    })
  })

  it('a row that stands twice is one', async () => {
    const row = { contractNo: NO, rentYears: [2022], arrearsFen: 600_000, asOf: '2024-12-31' }
    expect(await statuses(row, row)).toEqual(['kept', 'unchanged'])
  })
})
