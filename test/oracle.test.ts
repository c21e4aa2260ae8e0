import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { oracleRisk, oracleSchedule, oracleStanding, oracleSummary } from './support/oracle.ts'
import type { ContractData, Fact, World } from './support/oracle-world.ts'
import { factsOf, plain } from './support/oracle-world.ts'
import { factOf, randomWorld } from './support/random-world.ts'

type Case = {
  name: string
  contract: ContractData
  grainPrices?: { grain: string; effectiveOn: string; fenPer50kg: number }[]
  payments?: { amountFen: number; paidOn: string; designatedDueOn?: string; reversed?: boolean }[]
  instalments?: object[]
  expected?: { asOf: string; instalments: object[] }[]
}

const folder = new URL('./domain/cases/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
const casesIn = (file: string): Case[] => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

/** Records facts one minute apart, the first at 2025-06-01T00:00Z. */
function recording() {
  const world: World = { facts: [] }
  const record = <F extends Fact>(kind: F['kind'], data: F['data'], about?: string): string => {
    const order = world.facts.length
    const id = `${kind}-${String(order).padStart(3, '0')}`
    const recordedAt = new Date(Date.UTC(2025, 5, 1, 0, order)).toISOString()
    world.facts.push({ kind, id, recordedAt, data, ...(about && { about }) } as Fact)
    return id
  }
  return { world, record }
}

function worldOf(one: Case) {
  const { world, record } = recording()
  for (const price of one.grainPrices ?? []) record('grainPrice', price)
  const contractId = record('contract', one.contract)
  for (const { reversed, ...payment } of one.payments ?? []) {
    const paymentId = record('payment', payment, contractId)
    if (reversed) record('reversal', { reason: 'wrong account' }, paymentId)
  }
  return { world, contractId }
}

describe.each(files)('the oracle and %s', (file) => {
  it.each(casesIn(file).map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { world, contractId } = worldOf(one)
    if (one.instalments !== undefined) {
      expect(plain(oracleSchedule(world, contractId))).toEqual(one.instalments)
    }
    for (const expected of one.expected ?? []) {
      expect(plain(oracleStanding(world, contractId, expected.asOf))).toMatchObject(expected)
    }
    expect(one.instalments ?? one.expected).toBeDefined()
  })
})

/** 10 mu at 500 yuan from 2018, due at the end of each year. */
function lease(changes: Partial<ContractData> = {}): ContractData {
  return {
    operatorId: 'operator',
    villageCode: '519901101201',
    lessor: { kind: 'village_collective', households: 12 },
    landUse: 'late_citrus',
    startOn: '2018-01-01',
    endOn: '2027-12-31',
    rent: { lines: [{ areaMu: 10, fenPerMu: 50_000 }], firstDueOn: '2018-12-31' },
    ...changes,
  }
}

describe('the oracle, worked by hand', () => {
  it('an amendment keeps its place in the year and counts its escalation from its first year', () => {
    const { world, record } = recording()
    const rent = { lines: [{ areaMu: 1, fenPerMu: 10_001 }], frequency: 'semiannual' as const }
    const id = record('contract', lease({ endOn: '2020-12-31', rent }))
    const raised = {
      lines: [{ areaMu: 1, fenPerMu: 20_001 }],
      escalation: { everyYears: 1, percent: 10 },
      frequency: 'semiannual' as const,
      firstDueOn: '2018-08-31',
    }
    record('amendment', { effectiveOn: '2018-02-01', reason: 'paddy', rent: raised }, id)
    expect(oracleSchedule(world, id).map((i) => [i.dueOn, Number(i.amountFen)])).toEqual([
      ['2018-12-31', 5000],
      ['2018-08-31', 10_001],
      ['2019-02-28', 11_000],
      ['2019-08-31', 11_001],
      ['2020-02-29', 12_100],
      ['2020-08-31', 12_101],
    ])
  })

  it('an end is the last day of the term, and moves a due day that was not agreed', () => {
    const { world, record } = recording()
    const id = record('contract', lease({ rent: { lines: [{ areaMu: 10, fenPerMu: 36_500 }] } }))
    record('end', { endedOn: '2019-01-10', reason: 'returned' }, id)
    expect(oracleSchedule(world, id).map((i) => [i.dueOn, Number(i.amountFen)])).toEqual([
      ['2018-12-31', 365_000],
      ['2019-01-10', 10_000],
    ])
    expect(oracleSchedule(world, id, '2025-06-01T00:00:30Z')).toHaveLength(10)
  })

  it('points of every factor, the floor, and the deposit', () => {
    const { world, record } = recording()
    const id = record('contract', lease({ riskDepositFen: 500_000 }), 'operator')
    record(
      'condition',
      { condition: 'mismanaged', observedOn: '2019-02-01', source: 'x' },
      'operator',
    )
    record('petition', {
      villageCode: '519901101201',
      occurredOn: '2019-02-10',
      channel: 'visit',
      people: 2,
      operatorId: 'operator',
      repeat: true,
    })
    record('subsidy', {
      operatorId: 'operator',
      programme: 'p',
      year: 2018,
      standing: 'recognised',
      amountFen: 300_000,
      payableOn: '2018-11-01',
    })
    const risk = oracleRisk(world, id, '2019-03-01')
    expect(risk.contributions).toEqual([
      { factor: 'years_owed', points: 18 },
      { factor: 'subsidy_delay', points: 10 },
      { factor: 'households', points: 6 },
      { factor: 'operator_condition', points: 8 },
      { factor: 'petition_signs', points: 7 },
      { factor: 'secured', points: -5 },
    ])
    expect([risk.score, risk.level, risk.coverageFen]).toEqual([44, 'orange', 300_000n])

    record(
      'condition',
      { condition: 'unreachable', observedOn: '2019-02-20', source: 'x' },
      'operator',
    )
    const unreachable = oracleRisk(world, id, '2019-03-01')
    expect(unreachable.contributions.at(-1)).toEqual({ factor: 'floor', points: 9 })
    expect([unreachable.score, unreachable.level]).toEqual([60, 'red'])

    record(
      'condition',
      { condition: 'recovered', observedOn: '2019-02-20', source: 'x' },
      'operator',
    )
    expect(oracleRisk(world, id, '2019-03-01').score).toBe(36)
    expect(oracleRisk(world, id, '2019-02-19').score).toBe(44)
    expect(oracleRisk(world, id, '2018-12-31').contributions).toEqual([
      { factor: 'subsidy_delay', points: 5 },
    ])
  })

  it('a plan: in force to its last day and the tolerance, broken by a day or a fen', () => {
    const { world, record } = recording()
    const id = record('contract', lease({ riskDepositFen: 500_000 }))
    const instalments = [
      { dueOn: '2019-03-01', amountFen: 100 },
      { dueOn: '2019-02-01', amountFen: 200 },
    ]
    const agreed = { agreedOn: '2019-01-10', instalments, evidence: 'x' }
    const plan = record('plan', agreed, id)
    const planPoints = (asOf: string) =>
      oracleRisk(world, id, asOf).contributions.find(({ factor }) => factor === 'plan_kept')?.points
    const at = (...days: string[]) => days.map(planPoints)
    expect(at('2019-01-09', '2019-01-10', '2019-02-06')).toEqual([undefined, -10, -10])
    expect(planPoints('2019-02-07')).toBeUndefined()
    record('payment', { amountFen: 199, paidOn: '2019-02-06' }, id)
    record('payment', { amountFen: 1, paidOn: '2019-02-07' }, id)
    expect(at('2019-02-06', '2019-02-07', '2019-03-05')).toEqual([-10, undefined, undefined])
    record('payment', { amountFen: 1, paidOn: '2019-01-10' }, id)
    expect(at('2019-02-07', '2019-03-06', '2019-03-07')).toEqual([-10, -10, undefined])

    const later = { ...agreed, agreedOn: '2019-02-20', instalments: [instalments[0]] }
    const next = record('plan', later as typeof agreed, id)
    expect(at('2019-02-19', '2019-02-20', '2019-03-06')).toEqual([-10, -10, -10])
    const broken = { ...agreed, instalments: [{ dueOn: '2019-02-14', amountFen: 202 }] }
    record('correction', { reason: 'x', fact: broken }, plan)
    expect(at('2019-02-19', '2019-02-20', '2019-03-06')).toEqual([-10, undefined, undefined])
    record('payment', { amountFen: 100, paidOn: '2019-03-02' }, id)
    expect(at('2019-03-01', '2019-03-02', '2019-03-06')).toEqual([undefined, -10, -10])
    record('withdrawal', { reason: 'x' }, next)
    expect(planPoints('2019-02-19')).toBe(-10)
    expect(planPoints('2019-02-20')).toBeUndefined()
  })

  it('37,000 of 290,000 mu are 12.76 %', () => {
    const { world, record } = recording()
    const rent = (areaMu: number, fenPerMu: number) => ({ lines: [{ areaMu, fenPerMu }] })
    record('contract', lease({ rent: rent(253_000, 0), landUse: 'sericulture' }))
    record('contract', lease({ rent: rent(32_000, 50_000) }))
    const partly = record('contract', lease({ rent: rent(5_000, 50_000) }))
    record('payment', { amountFen: 1, paidOn: '2018-12-31' }, partly)
    record('contract', lease({ endOn: '2018-06-30' }))
    const summary = oracleSummary(world, '2019-01-01', 'landUse')
    expect(plain(summary)).toMatchObject({
      areaMu: 290_000,
      problemAreaMu: 37_000,
      problemSharePercent: 12.76,
      yearsAreaMu: 32_000,
      partialAreaMu: 5_000,
      households: 24,
      byUnpaidYears: [
        { years: 0, areaMu: 5_000, contracts: 1 },
        { years: 1, areaMu: 32_000, contracts: 1 },
      ],
      groups: [
        { key: 'late_citrus', areaMu: 37_000, problemSharePercent: 100 },
        { areaMu: 253_000 },
      ],
      endedInArrears: { areaMu: 10, contracts: 1 },
    })
  })
})

describe('random worlds', () => {
  it('hold every level, class and factor, and what must be refused', () => {
    const seen = new Set<string>()
    for (const seed of [1, 2, 3]) {
      const steps = randomWorld(seed)
      expect(randomWorld(seed)).toEqual(steps)
      const taken = steps.filter((step) => step.expect !== 'refused')
      const world = { facts: taken.map((step) => factOf(step, step.name, step.at)) }
      for (const step of steps) seen.add(step.kind).add(step.expect)
      for (const asOf of ['2019-06-01', '2023-01-01', '2025-04-01']) {
        for (const { id } of factsOf(world, 'contract')) {
          const { arrearsClass, instalments } = oracleStanding(world, id, asOf)
          const risk = oracleRisk(world, id, asOf)
          for (const { factor } of risk.contributions) seen.add(factor)
          seen.add(`level ${risk.level}`).add(`class ${arrearsClass}`)
          if (instalments.some((instalment) => !instalment.priced)) seen.add('unpriced')
          expect(risk.contributions.reduce((sum, one) => sum + one.points, 0)).toBe(risk.score)
          expect(risk.score).toBeGreaterThanOrEqual(0)
          expect(risk.score).toBeLessThanOrEqual(100)
        }
      }
    }
    const levels = ['red', 'orange', 'yellow', 'blue', 'none'].map((level) => `level ${level}`)
    const factors = [
      'years_owed',
      'subsidy_delay',
      'households',
      'operator_condition',
      'petition_signs',
      'plan_kept',
      'secured',
      'floor',
    ]
    const kinds = [
      'amendment',
      'end',
      'reversal',
      'stage',
      'disbursement',
      'correction',
      'withdrawal',
      'plan',
    ]
    const classes = ['class years', 'class partial', 'class none']
    const expectations = ['accepted', 'maybe', 'refused', 'unpriced']
    for (const one of [...levels, ...factors, ...kinds, ...classes, ...expectations]) {
      expect(seen).toContain(one)
    }
  })
})
