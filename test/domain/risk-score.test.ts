import { describe, expect, it } from 'vitest'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import type { Factor } from '../../src/domain/risk-contribution.ts'
import type { RiskCondition } from '../../src/domain/risk-policy.ts'
import { type RiskFacts, scoreRisk } from '../../src/domain/risk-score.ts'
import { AS_OF, CALM, late, observed, owing, petition } from '../support/risk-facts.ts'

const scoreOf = (facts: Partial<RiskFacts>) => scoreRisk(POLICY_2026_1, { ...CALM, ...facts })
const pointsOf = (facts: Partial<RiskFacts>) =>
  Object.fromEntries(scoreOf(facts).contributions.map(({ factor, points }) => [factor, points]))
const points = (factor: Factor, facts: Partial<RiskFacts>) => pointsOf(facts)[factor] ?? 0

it('says nothing of a calm contract', () => {
  expect(scoreOf({})).toEqual({ score: 0, level: 'none', contributions: [], coverageFen: 0 })
})

it.each([
  [0, 8, 'blue'],
  [1, 18, 'blue'],
  [2, 26, 'yellow'],
  [3, 32, 'orange'],
  [4, 36, 'orange'],
  [5, 38, 'red'],
  [6, 40, 'red'],
  [7, 40, 'red'],
])('gives %i whole years owed %i points, level %s', (years, expected, level) => {
  expect(points('years_owed', { standing: owing(years) })).toBe(expected)
  expect(scoreOf({ standing: owing(years) }).level).toBe(level)
})

it('gives one fen of arrears the points of arrears', () => {
  expect(points('years_owed', { standing: owing(0, 1) })).toBe(8)
})

it('refuses arrears that are not since any day', () => {
  const standing = { ...owing(1), oldestUnpaidDueOn: null }
  expect(() => scoreOf({ standing })).toThrow(RangeError)
})

describe('subsidy_delay', () => {
  it.each([
    [0, 0, 0, 0],
    [1, 5, 5, 5],
    [90, 5, 5, 5],
    [91, 10, 10, 5],
    [180, 10, 10, 5],
    [181, 15, 10, 5],
    [365, 15, 10, 5],
    [366, 20, 10, 5],
    [4000, 20, 10, 5],
  ])('%i days: %i in arrears, %i without, %i when only claimed', (days, owed, calm, claimed) => {
    const recognised = { lateSubsidies: [late(days)] }
    expect(points('subsidy_delay', { ...recognised, standing: owing(1) })).toBe(owed)
    expect(points('subsidy_delay', recognised)).toBe(calm)
    const ofOperator = { lateSubsidies: [late(days, 'claimed')], standing: owing(1) }
    expect(points('subsidy_delay', ofOperator)).toBe(claimed)
  })

  it('goes by the longest, sums its standing only and covers by the recognised', () => {
    const lateSubsidies = [late(40, 'recognised', 300), late(100, 'recognised', 200)]
    const claims = [late(900, 'claimed', 7000), late(800, 'claimed', 1)]
    const { contributions, coverageFen } = scoreOf({
      standing: owing(0, 1000),
      lateSubsidies: [...claims, ...lateSubsidies],
    })
    expect(contributions[1]).toEqual({
      factor: 'subsidy_delay',
      points: 10,
      standing: 'recognised',
      count: 2,
      outstandingFen: 500,
      payableOn: late(100).payableOn,
      coverageFen: 500,
      arrearsFen: 1000,
    })
    expect(coverageFen).toBe(500)
    const claimed = scoreOf({ standing: owing(0, 1000), lateSubsidies: claims })
    expect(claimed.coverageFen).toBe(0)
    expect(claimed.contributions[1]).toMatchObject({
      standing: 'claimed',
      points: 5,
      count: 2,
      outstandingFen: 7001,
      coverageFen: 0,
    })
  })

  it('covers no more than is owed', () => {
    const lateSubsidies = [late(3, 'recognised', 5000)]
    expect(scoreOf({ standing: owing(0, 1000), lateSubsidies }).coverageFen).toBe(1000)
    expect(scoreOf({ lateSubsidies }).coverageFen).toBe(0)
  })

  it('lets a heavier claim speak where a policy allows it, and the recognised one of equals', () => {
    const subsidyDelay = { ...POLICY_2026_1.subsidyDelay, claimedMax: 10 }
    const policy = { ...POLICY_2026_1, subsidyDelay }
    const standingOf = (claimedDays: number) =>
      scoreRisk(policy, { ...CALM, lateSubsidies: [late(10), late(claimedDays, 'claimed')] })
        .contributions[0]
    expect(standingOf(91)).toMatchObject({ standing: 'claimed', points: 10 })
    expect(standingOf(90)).toMatchObject({ standing: 'recognised', points: 5 })
  })
})

it.each([
  [0, 0],
  [1, 2],
  [4, 2],
  [5, 6],
  [29, 6],
  [30, 10],
  [99, 10],
  [100, 15],
  [5000, 15],
])('gives %i households in arrears %i points, and none without arrears', (households, expected) => {
  const facts = { householdsInArrears: households }
  expect(points('households', { ...facts, standing: owing(0) })).toBe(expected)
  expect(scoreOf(facts).contributions).toEqual([])
})

describe('operator_condition', () => {
  it.each<[RiskCondition, number]>([
    ['unreachable', 15],
    ['funds_broken', 12],
    ['ceased', 12],
    ['deregistered', 12],
    ['mismanaged', 8],
  ])('%s: %i', (condition, expected) => {
    expect(points('operator_condition', { conditions: [observed(condition)] })).toBe(expected)
  })

  it('takes the highest, of equals the one observed first, in whatever order they come', () => {
    const conditions = [
      observed('mismanaged', '2020-01-01'),
      observed('ceased', '2024-05-02'),
      observed('deregistered', '2024-05-01'),
      observed('funds_broken', '2024-05-01'),
    ]
    for (const given of [conditions, conditions.toReversed()]) {
      expect(scoreOf({ conditions: given }).contributions).toEqual([
        {
          factor: 'operator_condition',
          points: 12,
          condition: 'deregistered',
          observedOn: '2024-05-01',
          source: '镇摸排组',
        },
      ])
    }
  })
})

describe('petition_signs', () => {
  it.each([
    ['after asOf', petition(-1), 0],
    ['on the day', petition(0), 4],
    ['364 days ago', petition(364), 4],
    ['365 days ago', petition(365), 0],
    ['repeat', petition(10, 1, true), 7],
    ['four people', petition(10, 4), 4],
    ['five people', petition(10, 5), 10],
    ['five people again', petition(10, 5, true), 10],
    ['five people too long ago', petition(365, 5, true), 0],
  ])('%s', (_, sign, expected) => {
    expect(points('petition_signs', { petitions: [sign] })).toBe(expected)
  })

  it('takes the highest and counts those in the window', () => {
    const petitions = [petition(3), petition(30, 9), petition(4, 1, true), petition(400, 99)]
    expect(scoreOf({ petitions }).contributions).toEqual([
      {
        factor: 'petition_signs',
        points: 10,
        signs: 3,
        repeats: 1,
        mostPeople: 9,
        latestOn: '2026-03-28',
        windowDays: 365,
      },
    ])
  })
})

it('reaches exactly 100', () => {
  const worst = {
    standing: owing(6),
    lateSubsidies: [late(366)],
    householdsInArrears: 100,
    conditions: [observed('unreachable')],
    petitions: [petition(0, 5, true)],
  }
  expect(scoreOf(worst)).toMatchObject({ score: 100, level: 'red' })
})

it('stores nothing that changes by itself from day to day', () => {
  const facts = {
    standing: owing(2),
    lateSubsidies: [late(10)],
    householdsInArrears: 7,
    conditions: [observed('unreachable')],
    petitions: [petition(9)],
    insured: true,
  }
  const nextDay = scoreOf({ ...facts, asOf: '2026-04-01' })
  expect(AS_OF).toBe('2026-03-31')
  expect(nextDay).toEqual(scoreOf(facts))
  expect(JSON.parse(JSON.stringify(nextDay))).toEqual(nextDay)
})
