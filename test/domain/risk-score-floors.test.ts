import { describe, expect, it } from 'vitest'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import type { Factor } from '../../src/domain/risk-contribution.ts'
import { type RiskFacts, scoreRisk } from '../../src/domain/risk-score.ts'
import { CALM, late, observed, owing } from '../support/risk-facts.ts'

const scoreOf = (facts: Partial<RiskFacts>) => scoreRisk(POLICY_2026_1, { ...CALM, ...facts })
const pointsOf = (facts: Partial<RiskFacts>) =>
  Object.fromEntries(scoreOf(facts).contributions.map(({ factor, points }) => [factor, points]))
const points = (factor: Factor, facts: Partial<RiskFacts>) => pointsOf(facts)[factor] ?? 0

describe('reductions', () => {
  const kept = { planKept: true }
  it.each<[string, Partial<RiskFacts>, Record<string, number>]>([
    ['plan', { ...kept, standing: owing(1) }, { years_owed: 18, plan_kept: -10 }],
    ['plan without arrears', { ...kept, insured: true, riskDepositFen: 9 }, {}],
    ['insured', { insured: true, standing: owing(1) }, { years_owed: 18, secured: -5 }],
    [
      'both',
      { ...kept, insured: true, standing: owing(1) },
      { years_owed: 18, plan_kept: -10, secured: -5 },
    ],
    [
      'the plan takes 7 of 8, nothing is left for the deposit',
      { ...kept, insured: true, standing: owing(0) },
      { years_owed: 8, plan_kept: -7 },
    ],
    [
      'households leave room for the deposit',
      { ...kept, insured: true, standing: owing(0), householdsInArrears: 5 },
      { years_owed: 8, households: 6, plan_kept: -10, secured: -3 },
    ],
    [
      'other factors do not make room',
      { ...kept, insured: true, standing: owing(0), conditions: [observed('ceased')] },
      { years_owed: 8, operator_condition: 12, plan_kept: -7 },
    ],
  ])('%s', (_, facts, expected) => {
    expect(pointsOf(facts)).toEqual(expected)
  })

  it.each([
    [500, 1000, -5],
    [499, 1000, 0],
    [501, 1001, -5],
    [500, 1001, 0],
    [1, 1, -5],
    [0, 1, 0],
  ])(
    'a deposit of %i fen against %i fen of arrears: %i',
    (riskDepositFen, arrearsFen, expected) => {
      expect(points('secured', { standing: owing(1, arrearsFen), riskDepositFen })).toBe(expected)
    },
  )
})

describe('floor', () => {
  const unreachable = [observed('unreachable')]
  it.each<[string, Partial<RiskFacts>, number, number]>([
    ['unreachable in force', { conditions: unreachable }, 20, 5],
    ['unreachable after the end', { conditions: unreachable, inForce: false }, 15, 0],
    [
      'unreachable in force, part of a year owed: above 20 already',
      { conditions: unreachable, standing: owing(0) },
      23,
      0,
    ],
    ['unreachable and a year owed', { conditions: unreachable, standing: owing(1) }, 60, 27],
    [
      'the same after the end',
      { conditions: unreachable, standing: owing(1), inForce: false },
      60,
      27,
    ],
    ['ceased and a year owed', { conditions: [observed('ceased')], standing: owing(1) }, 30, 0],
    ['two years', { standing: owing(2) }, 26, 0],
    ['three years', { standing: owing(3) }, 40, 8],
    ['four years', { standing: owing(4) }, 40, 4],
    ['five years', { standing: owing(5) }, 60, 22],
    [
      'reductions come before the floor and cannot get below it',
      { standing: owing(5), planKept: true, insured: true },
      60,
      37,
    ],
    [
      'exactly at the floor nothing is raised',
      { standing: owing(5), householdsInArrears: 30, conditions: [observed('ceased')] },
      60,
      0,
    ],
    [
      'one below it',
      { standing: owing(4), householdsInArrears: 1, planKept: true, lateSubsidies: [late(91)] },
      40,
      2,
    ],
  ])('%s', (_, facts, score, raised) => {
    expect(scoreOf(facts).score).toBe(score)
    expect(points('floor', facts)).toBe(raised)
  })

  it('names the situation, of equals the first of the policy', () => {
    const facts = { conditions: unreachable, standing: owing(6) }
    expect(scoreOf(facts).contributions.at(-1)).toEqual({
      factor: 'floor',
      points: 5,
      because: 'unreachable_and_years_owed',
      yearsOwed: 1,
      to: 60,
    })
    expect(scoreOf({ standing: owing(5) }).contributions.at(-1)).toMatchObject({
      because: 'years_owed',
      yearsOwed: 5,
    })
  })
})
