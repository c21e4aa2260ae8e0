import { parse } from 'csv-parse/sync'
import { readXlsx } from 'hucre/xlsx'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, TOWNSHIP, VILLAGE } from './test-county.ts'
import type { DatabaseKind } from './test-service.ts'

/** The night that has scored the county of `openLedgerCounty`. */
export const NIGHT = '2022-03-01'

/** A file that must be there. */
export async function fileOf(county: TestCounty, path: string) {
  const reply = await county.send('GET', `/exports/${path}`)
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${reply.body}`)
  return { bytes: reply.bytes, headers: reply.headers as Record<string, string> }
}

/** The rows of a CSV file by their headings. */
export async function csvOf(county: TestCounty, path: string): Promise<Record<string, string>[]> {
  const { bytes } = await fileOf(county, path)
  return parse(bytes, { bom: true, columns: true, recordDelimiter: '\r\n' })
}

/** The first sheet of a workbook, in its parts, and the lines of its notes. */
export async function bookOf(county: TestCounty, path: string) {
  const { bytes } = await fileOf(county, path)
  const { sheets } = await readXlsx(bytes, { readStyles: true })
  const [sheet, notes] = sheets
  const [title, about, headings = [], ...below] = sheet?.rows ?? []
  const end = below.findIndex((row) => row[0] === '合计' || row.every((cell) => cell === null))
  return {
    sheet,
    title: title?.[0],
    about: about?.[0],
    headings,
    rows: below.slice(0, end),
    sums: below.slice(end).filter((row) => row[0] === '合计'),
    signature: below.at(-1)?.[0],
    notes: (notes?.rows ?? []).map(([line]) => String(line)),
  }
}

/**
 * A person, a farm and a company that owe rent, one of them from a contract that has ended, and a
 * cooperative that has paid; subsidies, petitions, visits; a night has opened the cases.
 */
export async function openLedgerCounty(kind: DatabaseKind = 'sqlite') {
  const county = await openTestCounty('2022-02-01', kind)
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '红岩村' })
  const person = await county.operator({
    name: '张三丰',
    kind: 'individual',
    phone: '13800001234',
    representative: '张三丰',
  })
  const farm = await county.operator({ name: '李四海家庭农场', kind: 'family_farm' })
  const company = await county.operator({
    name: '=柑源果业有限公司',
    kind: 'company',
    uscc: '91519901MA0000001X',
    representative: '王五',
    phone: '0825-6123456',
  })
  const payer = await county.operator({ name: '守约合作社' })
  const contracts = {
    person: await county.contract(person.id, {
      contractNo: '519901101201',
      lessor: { kind: 'household', name: '王小二等35户', households: 35, people: 120 },
    }),
    farm: await county.contract(farm.id, { contractNo: '+2020', landUse: 'sericulture' }),
    company: await county.contract(company.id, {
      contractNo: undefined,
      villageCode: OTHER_VILLAGE,
      lessor: { kind: 'village_collective' },
    }),
    ended: await county.contract(farm.id, { contractNo: '2020-0003' }),
    paid: await county.contract(payer.id, { contractNo: '2020-0009' }),
  }
  await recordFacts(county, contracts, { person, farm, company })
  county.clockOf.goTo(NIGHT)
  await county.night(NIGHT)
  return { county, contracts, operators: { person, farm, company, payer } }
}

type Ids<Name extends string> = Record<Name, { id: string }>

async function recordFacts(
  county: TestCounty,
  contracts: Ids<'person' | 'farm' | 'company' | 'ended' | 'paid'>,
  operators: Ids<'person' | 'farm' | 'company'>,
): Promise<void> {
  const pay = (id: string, amountFen: number) =>
    county.record(`/contracts/${id}/payments`, { amountFen, paidOn: '2022-01-05' })
  await pay(contracts.paid.id, 1_200_000)
  await pay(contracts.farm.id, 700_001)
  const ended = { endedOn: '2021-06-30', reason: '双方协商解除' }
  await county.record(`/contracts/${contracts.ended.id}/end`, ended)
  await county.record(`/contracts/${contracts.person.id}/amendments`, {
    effectiveOn: '2022-01-01',
    reason: '经协商下调租金',
    rent: { lines: [{ areaMu: 12.5, basis: 'cash', fenPerMu: 50_000 }], firstDueOn: '2022-12-31' },
  })
  await county.record(`/operators/${operators.person.id}/conditions`, {
    condition: 'unreachable',
    observedOn: '2022-01-10',
    source: '村民赵六 13800001234',
  })
  await county.record('/petitions', {
    villageCode: VILLAGE,
    occurredOn: '2022-01-12',
    channel: 'visit',
    people: 6,
    operatorId: operators.farm.id,
  })
  await county.record(`/contracts/${contracts.farm.id}/screenings`, {
    visitedOn: '2022-01-20',
    findings: ['facility_idle', 'crop_failed'],
  })
  const subsidy = { programme: '标准园建设补助', year: 2020, fundingSource: 'province' }
  const late = await county.record('/subsidies', {
    ...subsidy,
    operatorId: operators.farm.id,
    contractId: contracts.farm.id,
    standing: 'recognised',
    amountFen: 300_050,
    payableOn: '2021-06-30',
    documentNo: '农发〔2020〕5号',
    acceptedOn: '2020-09-01',
    reasonUnpaid: '资金未到位,联系 13800001234',
  })
  await county.record(`/subsidies/${late.id}/stages`, {
    stage: '县级验收',
    occurredOn: '2021-03-20',
  })
  await county.record(`/subsidies/${late.id}/disbursements`, {
    amountFen: 100_000,
    paidOn: '2021-12-01',
  })
  const claim = { ...subsidy, standing: 'claimed', amountFen: 900_000, payableOn: '2021-12-31' }
  await county.record('/subsidies', { ...claim, operatorId: operators.company.id })
}
