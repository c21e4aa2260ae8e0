import { expect } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import type { Role } from '../../src/platform/database/tables-of-access.ts'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'
import { sendFile } from './import-file.ts'
import { openTestCounty, type TestCounty, TOWNSHIP, VILLAGE } from './test-county.ts'
import type { DatabaseKind } from './test-service.ts'

/** The township that asks is `TOWNSHIP` with `VILLAGE`; this is the one that it must not know of. */
export const THERE = '519901102'
export const VILLAGE_THERE = '519901102201'
const NIGHT = '2022-03-01'

/** What lies in the other township, by the plural of its path. */
const IDS_THERE = {
  operators: 'operatorThere',
  conditions: 'conditionThere',
  contracts: 'contractThere',
  amendments: 'amendmentThere',
  ends: 'endThere',
  payments: 'paymentThere',
  subsidies: 'subsidyThere',
  stages: 'stageThere',
  disbursements: 'disbursementThere',
  petitions: 'petitionThere',
  screenings: 'screeningThere',
  'repayment-plans': 'planThere',
  demands: 'demandThere',
  mediations: 'mediationThere',
  cases: 'caseThere',
  imports: 'importThere',
} as const
/** More of it, that no path is tried with. */
const MORE_THERE = ['sharedContractThere', 'undatedThere', 'sharedPetitionThere']

export const idThere = (facts: string): string | undefined =>
  IDS_THERE[facts as keyof typeof IDS_THERE]

export interface TwoTownships {
  county: TestCounty
  /** What was recorded, by a name for it. */
  // biome-ignore lint/suspicious/noExplicitAny: a name that there is not fails by itself
  ids: Record<string, any>
  /** Tokens, by the label of the caller. */
  tokens: Record<string, string>
}

const CALLERS: [string, Role, string | undefined][] = [
  ['recorder', 'recorder', TOWNSHIP],
  ['viewer', 'viewer', TOWNSHIP],
  ['finance', 'finance', TOWNSHIP],
  ['bureau', 'bureau', TOWNSHIP],
  ['village', 'recorder', VILLAGE],
  ['recorder there', 'recorder', THERE],
]

/**
 * A county with everything in it that can be recorded, in one township or in two. Where the other
 * one is not there, its things have ids that nothing has.
 */
export async function openTwoTownships(
  isOtherThere: boolean,
  kind: DatabaseKind = 'sqlite',
): Promise<TwoTownships> {
  const county = await openTestCounty('2022-02-01', kind)
  const tokens: Record<string, string> = {}
  for (const [label, role, regionCode] of CALLERS)
    tokens[label] = await county.db.transaction((tx) => addToken(tx, { label, role, regionCode }))
  const world: TwoTownships = { county, ids: {}, tokens }
  const names = [...Object.values(IDS_THERE), ...MORE_THERE]
  for (const [at, name] of names.entries())
    world.ids[name] = `01926d3e-7c00-7000-8000-0000000001${String(at).padStart(2, '0')}`
  await recordHere(world)
  if (isOtherThere) await recordThere(world)
  await sendAs(world, 'recorder', 'payments', 'importHere', PAYMENTS_HERE)
  county.clockOf.goTo(NIGHT)
  await county.put('/alert-recipients', { items: [] })
  await county.night(NIGHT)
  const cases = await county.read('/cases')
  const caseOf = (operator: string) =>
    cases.items.find(
      (one: { operatorId: string; townshipCode: string }) =>
        one.operatorId === world.ids[operator] &&
        one.townshipCode === (operator === 'operatorThere' ? THERE : TOWNSHIP),
    ).id
  world.ids.caseHere = caseOf('operatorHere')
  world.ids.sharedCaseHere = caseOf('shared')
  if (isOtherThere) {
    world.ids.caseThere = caseOf('operatorThere')
    await workOn(world, 'caseThere', '石桥镇人民政府')
  }
  await workOn(world, 'caseHere', '青溪镇人民政府')
  return world
}

const PAYMENTS_HERE = '合同编号,收款日期,金额,收据号\nA-1,2022-01-10,5000,R-A2'
export const CONTRACTS_THERE =
  '合同编号,承租方,乡镇,村,面积,用途,起,止,租金标准,出租方\n' +
  'B-9,石桥果业有限公司,石桥镇,柏林村,10,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,柏林村集体'

async function sendAs(
  { county, ids, tokens }: TwoTownships,
  label: string,
  ledger: string,
  name: string,
  content: string,
): Promise<void> {
  const service = { inject: county.inject, token: tokens[label] ?? '' }
  const { status, body } = await sendFile(service, ledger, content)
  if (status !== 201 || body.counts.kept === 0) throw new Error(JSON.stringify(body))
  ids[name] = body.id
}

async function workOn({ county, ids }: TwoTownships, name: string, unit: string): Promise<void> {
  await county.put(`/cases/${ids[name]}/fixes`, {
    measure: `${unit}督促`,
    responsibleUnit: unit,
    leadOfficial: '分管副镇长',
    responsiblePerson: '农业服务中心主任',
    deadlineOn: '2022-06-30',
  })
}

async function recordHere(world: TwoTownships): Promise<void> {
  const { county, ids } = world
  await county.put('/regions/519901', { name: '示范县' })
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '红岩村' })
  await county.put('/grain-prices/rice/2020-01-01', { fenPer50kg: 12_900, source: '最低收购价' })
  await county.put('/import-mappings/全县', { ledger: 'contracts', columns: { 地租: '租金标准' } })
  await putAs(world, 'recorder', '/import-mappings/青溪', { 租子: '租金标准' })
  ids.operatorHere = await postAs(world, 'recorder', '/operators', {
    name: '青溪果业有限公司',
    kind: 'company',
    uscc: '91519901MA0000001X',
    phone: '13800001111',
  })
  ids.shared = (await county.operator({ name: '联合农业有限公司', kind: 'company' })).id
  ids.ofCounty = (await county.operator({ name: '县供销合作社' })).id
  const terms = { lessor: { kind: 'village_collective' } }
  ids.contractHere = (await county.contract(ids.operatorHere, { ...terms, contractNo: 'A-1' })).id
  ids.sharedContractHere = (await county.contract(ids.shared, { contractNo: 'S-1' })).id
  await recordFacts(world, 'Here', VILLAGE, 'R-A1')
}

async function recordThere(world: TwoTownships): Promise<void> {
  const { county, ids } = world
  await county.put(`/regions/${THERE}`, { name: '石桥镇' })
  await county.put(`/regions/${VILLAGE_THERE}`, { name: '红岩村' })
  await county.put('/regions/519901102202', { name: '柏林村' })
  await putAs(world, 'recorder there', '/import-mappings/石桥', { 田租: '租金标准' })
  await putAs(world, 'recorder there', '/import-mappings/青溪', { 田租: '租金标准' })
  ids.operatorThere = await postAs(world, 'recorder there', '/operators', {
    name: '石桥果业有限公司',
    kind: 'company',
    uscc: '91519901MA0000002X',
    phone: '13800002222',
  })
  const place = { villageCode: VILLAGE_THERE, lessor: { kind: 'village_collective' } }
  ids.contractThere = (await county.contract(ids.operatorThere, { ...place, contractNo: 'B-1' })).id
  ids.sharedContractThere = (await county.contract(ids.shared, { ...place, contractNo: 'S-2' })).id
  await recordFacts(world, 'There', VILLAGE_THERE, 'R-B1')
  // Nothing is owed on it: what the operator owes elsewhere may count.
  const paid = { amountFen: 1_200_000, paidOn: '2022-01-05', receiptNo: 'R-S2' }
  const payments = `/contracts/${ids.sharedContractThere}/payments`
  ids.paidThere = (await county.record(payments, paid)).id
  ids.undatedThere = (
    await county.record('/subsidies', {
      ...SUBSIDY,
      operatorId: ids.shared,
      contractId: ids.sharedContractThere,
      payableOn: undefined,
    })
  ).id
  await county.record('/subsidies', {
    ...SUBSIDY,
    operatorId: ids.shared,
    contractId: ids.sharedContractThere,
    amountFen: 777_777,
  })
  await sendAs(world, 'recorder there', 'contracts', 'importThere', CONTRACTS_THERE)
}

const SUBSIDY = {
  programme: '标准园建设补助',
  year: 2020,
  standing: 'recognised',
  amountFen: 300_000,
  payableOn: '2021-06-30',
}

/** One of every kind, of the township's own operator and its contract. */
async function recordFacts(
  { county, ids }: TwoTownships,
  where: 'Here' | 'There',
  villageCode: string,
  receiptNo: string,
): Promise<void> {
  const contract = `/contracts/${ids[`contract${where}`]}`
  const operatorId = ids[`operator${where}`]
  const record = async (name: string, path: string, body: object) => {
    ids[`${name}${where}`] = (await county.record(path, body)).id
  }
  const paid = { amountFen: 100_000, paidOn: '2021-12-01', receiptNo }
  await record('payment', `${contract}/payments`, paid)
  const lower = { lines: [{ areaMu: 10, fenPerMu: 59_000 }], firstDueOn: '2024-12-31' }
  const amended = { effectiveOn: '2024-01-01', reason: '经协商下调', rent: lower }
  await record('amendment', `${contract}/amendments`, amended)
  await record('end', `${contract}/end`, { endedOn: '2027-12-31', reason: '双方协商' })
  const seen = { condition: 'mismanaged', observedOn: '2022-01-10', source: '乡镇摸排' }
  await record('condition', `/operators/${operatorId}/conditions`, seen)
  const visit = { visitedOn: '2022-01-20', findings: ['facility_idle'] }
  await record('screening', `${contract}/screenings`, visit)
  const promised = [{ dueOn: '2022-01-31', amountFen: 50_000 }]
  const plan = { agreedOn: '2022-01-15', instalments: promised, evidence: '还款协议' }
  await record('plan', `${contract}/repayment-plans`, plan)
  const demand = { deliveredOn: '2022-01-10', manner: '书面送达', evidence: '存根' }
  await record('demand', `${contract}/demands`, demand)
  const mediation = { requestedOn: '2022-01-12', institution: '调解委员会' }
  await record('mediation', `${contract}/mediations`, mediation)
  const sign = { villageCode, occurredOn: '2022-01-12', channel: 'visit', people: 6 }
  await record('petition', '/petitions', { ...sign, operatorId })
  await record('sharedPetition', '/petitions', {
    ...sign,
    people: 2,
    contractId: ids[`sharedContract${where}`],
  })
  const subsidy = { ...SUBSIDY, operatorId }
  await record('subsidy', '/subsidies', { ...subsidy, contractId: ids[`contract${where}`] })
  await record('stage', `/subsidies/${ids[`subsidy${where}`]}/stages`, {
    stage: '县级验收',
    occurredOn: '2021-03-20',
  })
  await record('disbursement', `/subsidies/${ids[`subsidy${where}`]}/disbursements`, {
    amountFen: 100_000,
    paidOn: '2021-12-01',
  })
  await record('undated', '/subsidies', { ...subsidy, payableOn: undefined })
}

const headersOf = ({ tokens }: TwoTownships, label: string) => ({
  authorization: `Bearer ${tokens[label]}`,
})

async function postAs(world: TwoTownships, label: string, path: string, body: object) {
  return (await world.county.record(path, body, headersOf(world, label))).id
}

async function putAs(world: TwoTownships, label: string, path: string, columns: object) {
  const body = { ledger: 'contracts', columns }
  await world.county.send('PUT', path, body, headersOf(world, label))
}

export interface Try {
  by: string
  method: string
  /** With the names of things in braces for their ids, like the body. */
  path: string
  body?: unknown
  headers?: Record<string, string>
  /** Handed in to be imported. */
  file?: string
}

/** What a caller is answered, with names for ids and without what no two counties share. */
export async function answerTo(world: TwoTownships, one: Try): Promise<string> {
  const { county, tokens } = world
  const path = named(world, one.path)
  const headers = { ...headersOf(world, one.by), ...one.headers }
  const reply =
    one.file === undefined
      ? await county.send(
          one.method,
          path,
          one.body && JSON.parse(named(world, JSON.stringify(one.body))),
          headers,
        )
      : await sendFile(
          { inject: county.inject, token: tokens[one.by] ?? '' },
          path.replace('/imports/', ''),
          one.file,
          { headers: one.headers ?? {} },
        )
  const { etag, 'content-disposition': file, 'x-as-of': asOf } = reply.headers
  const said = [reply.status, etag, file, asOf].join(' ')
  return anonymous(world, `${said} ${textOf(reply)}`)
}

const named = ({ ids }: TwoTownships, text: string) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => ids[name] ?? whole)

interface Reply {
  body: unknown
  bytes?: Buffer
}

function textOf({ body, bytes }: Reply): string {
  if (typeof body !== 'string') return JSON.stringify(body)
  if (bytes?.subarray(0, 2).toString() !== 'PK') return body
  return unzipped(bytes)
    .map(({ path, content }) => `${path} ${content.toString('utf8')}`)
    .join('\n')
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

function anonymous({ ids }: TwoTownships, text: string): string {
  const nameOf = new Map(Object.entries(ids).map(([name, id]) => [id, `{${name}}`]))
  return text
    .replace(/"nextCursor":"([^"]+)"/g, (_, cursor: string) => {
      return `"nextCursor":${Buffer.from(cursor, 'base64url').toString()}`
    })
    .replace(UUID, (id) => nameOf.get(id) ?? '{}')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '{at}')
    .replace(/FX\d{4}-\d{4}/g, '{number}')
}

/** The same county with another township and without: nobody of the first may tell which it is. */
export async function openBothCounties() {
  const both = await openTwoTownships(true)
  const alone = await openTwoTownships(false)
  return {
    both,
    alone,
    /** Each try is answered alike in both, and is no bug. */
    async expectSame(tries: readonly Try[]): Promise<void> {
      for (const one of tries) {
        const [answer = '', other] = [await answerTo(both, one), await answerTo(alone, one)]
        expect([one, answer]).toEqual([one, other])
        expect([one, answer.slice(0, 3)]).not.toEqual([one, '500'])
      }
    },
    async close(): Promise<void> {
      await both.county.close()
      await alone.county.close()
    },
  }
}

export const reads = (paths: string, callers: readonly string[]): Try[] =>
  callers.flatMap((by) =>
    paths
      .trim()
      .split(/\s+/)
      .map((path) => ({ by, method: 'GET', path })),
  )
