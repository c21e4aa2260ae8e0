/**
 * Random counties sent through the API and compared with the oracle, which was written from the design
 * alone. A failure names its seed: put it into SEEDS to run that world only.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { verifyCounty } from '../src/cli/verify-county.ts'
import {
  oracleRisk,
  oracleSchedule,
  oracleStanding,
  oracleSummary,
  oracleWorklist,
} from './support/oracle.ts'
import { addDays } from './support/oracle-schedule.ts'
import type { FactKind, World } from './support/oracle-world.ts'
import { factsOf, findContract, plain, subsidiesOf } from './support/oracle-world.ts'
import { plansOn } from './support/random-facts.ts'
import type { Dice } from './support/random-terms.ts'
import { diceOf } from './support/random-terms.ts'
import type { Step } from './support/random-world.ts'
import { factOf, randomWorld, STEP_NAME, shanghaiDay } from './support/random-world.ts'
import { type DatabaseKind, openTestService } from './support/test-service.ts'

const FIRST_SEED = 20_250_701
const WORLDS = 6
const CONTRACTS = 25
const SEEDS: number[] = Array.from({ length: WORLDS }, (_, i) => FIRST_SEED + i)
/** Most worlds run on SQLite; one shows that PostgreSQL gives the same answers. */
const RUNS: [DatabaseKind, number][] = [
  ...SEEDS.map((seed): [DatabaseKind, number] => ['sqlite', seed]),
  ['postgres', FIRST_SEED],
]

type Service = Awaited<ReturnType<typeof openTestService>>
type Driven = {
  seed: number
  service: Service
  world: World
  ids: Map<string, string>
  clock: { ms: number }
  refused: string[]
}

const open = new Set<Service>()

afterEach(async () => {
  for (const service of open) await service.close()
  open.clear()
})

/** Puts the ids of earlier facts into a step; undefined when one of them was refused. */
function resolved(step: Step, ids: Map<string, string>): Step | undefined {
  const { name, ...rest } = step
  const text = JSON.stringify(rest)
  if (!(text.match(STEP_NAME) ?? []).every((ref) => ids.has(ref))) return undefined
  return { name, ...JSON.parse(text.replace(STEP_NAME, (ref) => ids.get(ref) ?? ref)) }
}

function anotherBody(body: Record<string, unknown>): Record<string, unknown> {
  for (const [key, value] of Object.entries(body)) {
    if (['amountFen', 'people'].includes(key)) return { ...body, [key]: Number(value) + 1 }
    if (['reason', 'name', 'source'].includes(key)) return { ...body, [key]: `${value}二` }
  }
  return { ...body, landUse: body['landUse'] === 'other' ? 'rice_fish' : 'other' }
}

async function take(driven: Driven, unresolved: Step): Promise<boolean> {
  const { service, world, ids, clock, seed } = driven
  const step = resolved(unresolved, ids)
  if (step === undefined) return false
  clock.ms = Math.max(clock.ms, Date.parse(step.at))
  const before = clock.ms
  const headers: Record<string, string> = {}
  if (step.idempotencyKey) headers['Idempotency-Key'] = step.idempotencyKey
  const reply = await service.send(step.method, step.path, step.body, headers)
  const isAccepted = reply.status === (step.method === 'PUT' ? 200 : 201)
  const story = `seed ${seed}: ${JSON.stringify(step)} → ${reply.status} ${JSON.stringify(reply.body)}`
  if (!isAccepted) expect(reply.status >= 400 && reply.status < 500, story).toBe(true)
  if (step.expect !== 'maybe') expect(isAccepted, story).toBe(step.expect === 'accepted')
  if (!isAccepted) {
    if (step.expect === 'maybe') driven.refused.push(`${step.kind} ${reply.body?.code}`)
    return false
  }

  const saidAt = Date.parse(reply.body.recordedAt)
  const isFresh = saidAt >= before && saidAt <= clock.ms + 1000
  // Whether the reply to a correction carries the time of the correction or of the fact is not said.
  const mayBeOlder: FactKind[] = ['correction', 'withdrawal', 'end', 'reversal', 'stage']
  if (!mayBeOlder.includes(step.kind)) expect(isFresh, `recordedAt, ${story}`).toBe(true)
  const recordedAt = new Date(isFresh ? saidAt : clock.ms).toISOString()
  const id = String(reply.body.id ?? unresolved.name)
  ids.set(unresolved.name, id)
  // Versions, ends, reversals are known by what they are about; an id of their own is only a name.
  world.facts.push(factOf(step, mayBeOlder.includes(step.kind) ? step.name : id, recordedAt))

  if (step.idempotencyKey !== undefined) {
    const again = await service.send(step.method, step.path, step.body, headers)
    expect([again.status, again.body], `replayed, ${story}`).toEqual([reply.status, reply.body])
    const other = await service.send(step.method, step.path, anotherBody(step.body), headers)
    expect(other.status, `reused key, ${story}`).toBe(409)
  }
  return true
}

async function drive(seed: number, kind: DatabaseKind): Promise<Driven> {
  const clock = { ms: Date.parse('2025-03-01T00:00:00Z') }
  const now = () => {
    clock.ms += 1
    return new Date(clock.ms)
  }
  const service = await openTestService({ kind, now })
  open.add(service)
  const world: World = { facts: [] }
  const driven: Driven = { seed, service, world, ids: new Map(), clock, refused: [] }
  const steps = randomWorld(seed, CONTRACTS)
  let taken = 0
  for (const step of steps) if (await take(driven, step)) taken += 1
  expect(taken, `seed ${seed}: too little was accepted`).toBeGreaterThan(steps.length * 0.8)
  clock.ms = Date.parse(`${addDays(shanghaiDay(clock.ms), 1)}T02:00:00Z`)
  return driven
}

/** Days on which something turns: due days, payments, clocks, terms, and the days around them. */
function turningDays(world: World, dice: Dice, today: string, count: number): string[] {
  const days: string[] = []
  const around = (day: string | undefined, ...offsets: number[]) => {
    if (day !== undefined) for (const offset of offsets) days.push(addDays(day, offset))
  }
  for (const { id, data } of factsOf(world, 'contract')) {
    around(data.startOn, -1, 0)
    around(data.endOn, 0, 1)
    const instalment = dice.pickAny(oracleSchedule(world, id))
    around(instalment?.dueOn, 0, 1)
    around(instalment?.periodStart, 0)
  }
  for (const { data } of factsOf(world, 'payment')) around(data.paidOn, -1, 0)
  for (const { data } of subsidiesOf(world))
    around(data.payableOn, 0, 1, 90, 91, 180, 181, 365, 366)
  for (const { data } of factsOf(world, 'petition')) around(data.occurredOn, -1, 0, 364, 365)
  for (const { data } of factsOf(world, 'plan')) {
    around(data.agreedOn, -1, 0)
    for (const { dueOn } of data.instalments) around(dueOn, 0, 5, 6)
  }
  for (const { data } of factsOf(world, 'condition')) around(data.observedOn, -1, 0)
  for (const { data } of factsOf(world, 'amendment')) around(data.effectiveOn, -1, 0)
  const possible = days.filter((day) => day >= '2015-01-01' && day <= today)
  return Array.from({ length: count }, () =>
    dice.chance(0.2) ? dice.day('2020-01-01', today) : dice.pick(possible),
  )
}

/** Of each plan of a contract a day around its start and those around the end of a tolerance. */
function planDays(world: World, dice: Dice, contractId: string): string[] {
  return plansOn(world, contractId).flatMap(({ data }) => {
    const { dueOn } = dice.pick(data.instalments)
    return [addDays(data.agreedOn, dice.int(-1, 0)), addDays(dueOn, 5), addDays(dueOn, 6)]
  })
}

// biome-ignore lint/suspicious/noExplicitAny: replies are compared, whatever they are
type Reply = any

async function get({ service, seed }: Driven, path: string): Promise<Reply> {
  const reply = await service.send('GET', path)
  expect(reply.status, `seed ${seed}: GET ${path} → ${JSON.stringify(reply.body)}`).toBe(200)
  return reply.body
}

/** The fields of `actual` that `expected` has, so that replies may carry more. */
function likewise(actual: Reply, expected: unknown): unknown {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return actual.map((one, i) => likewise(one, expected[i] ?? expected[0]))
  }
  if (expected === null || typeof expected !== 'object') return actual
  if (actual === null || typeof actual !== 'object') return actual
  const expectedFields = Object.entries(expected)
  return Object.fromEntries(expectedFields.map(([key, one]) => [key, likewise(actual[key], one)]))
}

function compare(driven: Driven, about: string, actual: Reply, oracle: unknown): void {
  const expected = plain(oracle)
  expect(likewise(actual, expected), `seed ${driven.seed}: ${about}`).toEqual(expected)
}

function byFactor<T extends { contributions: { factor: string; points: number }[] }>(risk: T): T {
  const contributions = risk.contributions.map(({ factor, points }) => ({ factor, points }))
  contributions.sort((a, b) => (a.factor < b.factor ? -1 : 1))
  return { ...risk, contributions }
}

function compareRisk(driven: Driven, about: string, actual: Reply, asOf: string, knownAt?: string) {
  const { daysOverdue: _, ...oracle } = oracleRisk(driven.world, actual.contractId, asOf, knownAt)
  compare(driven, about, byFactor(actual), byFactor(oracle))
}

/** An item of the worklist: what the oracle says, without contributions and the day. */
function itemOf(risk: ReturnType<typeof oracleWorklist>[number]) {
  const { contributions: _, asOf: _day, ...item } = risk
  return item
}

function compareList(driven: Driven, about: string, actual: Reply, asOf: string, knownAt?: string) {
  compare(driven, about, actual.items, oracleWorklist(driven.world, asOf, knownAt).map(itemOf))
}

const today = ({ clock }: Driven) => shanghaiDay(clock.ms)

async function compareContracts(driven: Driven, dice: Dice): Promise<void> {
  const { world } = driven
  for (const { id } of factsOf(world, 'contract')) {
    const ofPlans = planDays(world, dice, id).filter((day) => day <= today(driven))
    for (const asOf of [...turningDays(world, dice, today(driven), 4), ...ofPlans]) {
      const standing = `/contracts/${id}/standing?asOf=${asOf}`
      compare(driven, standing, await get(driven, standing), oracleStanding(world, id, asOf))
      const risk = `/contracts/${id}/risk?asOf=${asOf}`
      compareRisk(driven, risk, await get(driven, risk), asOf)
    }
  }
}

/** What was believed at the instant a fact was recorded, withdrawn contracts included. */
async function compareBeliefs(driven: Driven, dice: Dice): Promise<void> {
  const { world } = driven
  for (let i = 0; i < 12; i++) {
    const knownAt = dice.pick(world.facts.slice(60)).recordedAt
    const contracts = factsOf(world, 'contract', knownAt)
    const { id } = dice.pick(contracts)
    const [asOf = ''] = turningDays(world, dice, today(driven), 1)
    const query = `asOf=${asOf}&knownAt=${encodeURIComponent(knownAt)}`
    const standing = `/contracts/${id}/standing?${query}`
    compare(driven, standing, await get(driven, standing), oracleStanding(world, id, asOf, knownAt))
    const risk = `/contracts/${id}/risk?${query}`
    compareRisk(driven, risk, await get(driven, risk), asOf, knownAt)
    if (i % 4 !== 0) continue
    const list = `/risk/worklist?limit=500&${query}`
    compareList(driven, list, await get(driven, list), asOf, knownAt)
  }
}

async function compareWorklists(driven: Driven, dice: Dice): Promise<void> {
  for (const asOf of [today(driven), ...turningDays(driven.world, dice, today(driven), 5)]) {
    const path = `/risk/worklist?limit=500&asOf=${asOf}`
    compareList(driven, path, await get(driven, path), asOf)
  }
  const asOf = today(driven)
  const all = oracleWorklist(driven.world, asOf).map(itemOf)
  const paged: Reply[] = []
  let cursor: string | null | undefined
  do {
    const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
    const page = await get(driven, `/risk/worklist?asOf=${asOf}&limit=7${from}`)
    expect(page.items.length).toBeLessThanOrEqual(7)
    paged.push(...page.items)
    cursor = page.nextCursor
  } while (cursor)
  compare(driven, 'the worklist page by page', paged, all)
  const region = '519901101'
  const local = await get(driven, `/risk/worklist?asOf=${asOf}&limit=500&region=${region}`)
  const expected = all.filter((item) => item.villageCode.startsWith(region))
  compare(driven, `the worklist of ${region}`, local.items, expected)
}

/** Rows and groups without a contract in them may be listed or left out. */
function withoutEmpty(summary: Reply): Reply {
  const rows = (list: Reply[]) => list.filter((row) => row.contracts > 0)
  const groups = (summary.groups ?? []).filter(
    (group: Reply) => group.areaMu || group.arrearsFen || group.endedInArrears?.contracts,
  )
  return {
    ...summary,
    byUnpaidYears: rows(summary.byUnpaidYears),
    groups: groups
      .map((group: Reply) =>
        group.byUnpaidYears ? { ...group, byUnpaidYears: rows(group.byUnpaidYears) } : group,
      )
      .sort((a: Reply, b: Reply) => (a.key < b.key ? -1 : 1)),
  }
}

async function compareSummaries(driven: Driven, dice: Dice): Promise<void> {
  const grouped = ['landUse', 'township', 'village', 'operator'] as const
  for (const by of grouped) {
    const [asOf = ''] = turningDays(driven.world, dice, today(driven), 1)
    const path = `/risk/summary?asOf=${asOf}&by=${by}`
    const actual = withoutEmpty(await get(driven, path))
    const oracle = withoutEmpty(oracleSummary(driven.world, asOf, by))
    // A group's `…` may leave out what is nested or covered.
    const first = actual.groups[0] ?? {}
    const optional = ['byUnpaidYears', 'endedInArrears', 'coverageFen'].filter(
      (key) => !(key in first),
    )
    const groups = oracle.groups.map((group: object) =>
      Object.fromEntries(Object.entries(group).filter(([key]) => !optional.includes(key))),
    )
    compare(driven, path, actual, { ...oracle, groups })
    const unpriced = factsOf(driven.world, 'contract').filter(({ id }) =>
      oracleSchedule(driven.world, id).some((instalment) => !instalment.priced),
    )
    expect(actual.unpricedContracts).toBeLessThanOrEqual(unpriced.length)
  }
}

/** What is stored is what the facts come to, computed anew. */
async function verifyStored({ seed, service }: Driven, about: string): Promise<void> {
  const differences: unknown[] = []
  await verifyCounty(service.db.read, (one) => void differences.push(one))
  expect(differences, `seed ${seed}: ${about}`).toEqual([])
}

async function runNight(driven: Driven, asOf: string): Promise<{ startedAt: string }> {
  const about = `seed ${driven.seed}: the run of ${asOf}`
  const { status, body: run } = await driven.service.send('POST', '/risk/runs', { asOf })
  expect([status, run.failures], `${about} ${JSON.stringify(run)}`).toEqual([200, []])
  const list = await get(driven, '/risk/worklist?limit=500')
  expect(list.asOf, about).toBe(asOf)
  compareList(driven, `stored, ${about}`, list, asOf)
  const counts: Record<string, number> = {}
  for (const { level } of oracleWorklist(driven.world, asOf))
    counts[level] = (counts[level] ?? 0) + 1
  compare(driven, `byLevel, ${about}`, run.counts.byLevel, counts)
  await verifyStored(driven, about)
  return run
}

/** After the last run: what a fact touches is fresh as of the present day, the rest is the run's. */
async function compareRefreshed(
  driven: Driven,
  ranOn: string,
  touched: Set<string>,
): Promise<void> {
  const { world } = driven
  const expected = []
  const lists = new Map<string, ReturnType<typeof oracleWorklist>>()
  for (const { id, data } of factsOf(world, 'contract')) {
    const about = `GET /contracts/${id}/risk after the run of ${ranOn}`
    const risk = await get(driven, `/contracts/${id}/risk`)
    const { asOf } = risk
    expect(asOf >= ranOn && asOf <= today(driven), `seed ${driven.seed}: ${about}`).toBe(true)
    if (touched.has(data.operatorId)) {
      expect(asOf, `seed ${driven.seed}: touched, ${about}`).toBe(today(driven))
    }
    compareRisk(driven, about, risk, asOf)
    const ofDay = lists.get(asOf) ?? oracleWorklist(world, asOf)
    lists.set(asOf, ofDay)
    const item = ofDay.find((one) => one.contractId === id)
    if (item !== undefined) expected.push(itemOf(item))
  }
  expected.sort((a, b) => {
    if (a.score !== b.score) return b.score - a.score
    if (a.arrearsFen !== b.arrearsFen) return a.arrearsFen < b.arrearsFen ? 1 : -1
    return a.contractId < b.contractId ? -1 : 1
  })
  const list = await get(driven, '/risk/worklist?limit=500')
  compare(driven, `refreshed worklist after the run of ${ranOn}`, list.items, expected)
}

async function recordMore(driven: Driven, dice: Dice, round: number): Promise<Set<string>> {
  const { world } = driven
  const contracts = factsOf(world, 'contract')
  const owing = contracts.filter(
    ({ id }) => oracleStanding(world, id, today(driven)).arrearsFen > 0n,
  )
  const touched = new Set<string>()
  const record = async (kind: FactKind, path: string, body: Step['body'], about?: string) => {
    const at = new Date(driven.clock.ms + 60_000).toISOString()
    const name = `$${kind}-${90_000 + 10 * round + touched.size}`
    const expectation = { method: 'POST', expect: 'accepted' } as const
    const subject = about === undefined ? {} : { about }
    await take(driven, { at, kind, name, path, body, ...expectation, ...subject })
  }
  for (let i = 0; i < 2; i++) {
    const { id, data } = dice.pick(owing)
    const arrearsFen = Number(oracleStanding(world, id, today(driven)).arrearsFen)
    const amountFen = dice.pick([1, arrearsFen, Math.ceil(arrearsFen / 2)])
    const body = { amountFen: Math.max(1, amountFen), paidOn: addDays(today(driven), -i) }
    await record('payment', `/contracts/${id}/payments`, body, id)
    touched.add(data.operatorId)
  }
  const { id: promisedId, data: promised } = dice.pick(owing)
  const plan = {
    agreedOn: addDays(today(driven), -dice.int(0, 3)),
    instalments: [
      { dueOn: addDays(today(driven), dice.int(0, 60)), amountFen: dice.int(1, 9_000) },
    ],
    evidence: '还款协议',
  }
  await record('plan', `/contracts/${promisedId}/repayment-plans`, plan, promisedId)
  touched.add(promised.operatorId)
  const { data } = dice.pick(contracts)
  const condition = { condition: 'unreachable', observedOn: today(driven), source: '村' }
  await record('condition', `/operators/${data.operatorId}/conditions`, condition, data.operatorId)
  touched.add(data.operatorId)
  const named = dice.pick(contracts)
  const petition = { occurredOn: today(driven), channel: 'visit', people: 6, contractId: named.id }
  const villageCode = named.data.villageCode
  await record('petition', '/petitions', { ...petition, villageCode })
  touched.add(named.data.operatorId)
  return touched
}

describe('random worlds', () => {
  it.each(RUNS)('on %s, seed %i: the service says what the oracle says', async (kind, seed) => {
    const driven = await drive(seed, kind)
    const dice = diceOf(seed + 1)
    await compareContracts(driven, dice)
    await compareBeliefs(driven, dice)
    await compareWorklists(driven, dice)
    await compareSummaries(driven, dice)

    const yesterday = addDays(today(driven), -1)
    const nights = [addDays(yesterday, -dice.int(200, 700)), addDays(yesterday, -dice.int(1, 150))]
    for (const asOf of nights) await runNight(driven, asOf)
    const { startedAt } = await runNight(driven, yesterday)

    const touched = await recordMore(driven, dice, 0)
    await compareRefreshed(driven, yesterday, touched)
    driven.clock.ms += 2 * 86_400_000
    const again = await recordMore(driven, dice, 1)
    await compareRefreshed(driven, yesterday, again)
    await verifyStored(driven, 'after the last fact')

    const query = `asOf=${yesterday}&knownAt=${encodeURIComponent(startedAt)}`
    const believed = await get(driven, `/risk/worklist?limit=500&${query}`)
    compareList(driven, 'what the last night believed', believed, yesterday, startedAt)
    for (const { id } of factsOf(driven.world, 'contract').slice(0, 5)) {
      if (findContract(driven.world, id, startedAt) === undefined) continue
      const risk = await get(driven, `/contracts/${id}/risk?${query}`)
      compareRisk(driven, `risk of ${id} as the last night knew it`, risk, yesterday, startedAt)
    }
  })
})
