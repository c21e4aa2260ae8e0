import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/domain/calendar-day.ts'
import { levelOf } from '../../src/domain/levels.ts'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { policyProblems, type RiskPolicy } from '../../src/domain/risk-policy.ts'
import { type RiskFacts, scoreRisk } from '../../src/domain/risk-score.ts'
import {
  anyCondition,
  anyFacts,
  anyLate,
  anyPetition,
  anyPolicy,
  owing,
} from '../support/risk-facts.ts'

const policies: [string, fc.Arbitrary<RiskPolicy>][] = [
  ['2026-1', fc.constant(POLICY_2026_1)],
  ['any sound policy', anyPolicy],
]

type Worse = (facts: RiskFacts) => RiskFacts

const years = fc.integer({ min: 0, max: 4 })
const fen = fc.integer({ min: 0, max: 5_000_000 })

const worsenings: Record<string, fc.Arbitrary<Worse>> = {
  'more owed': fc.tuple(years, fen).map(([more, moreFen]) => (facts) => {
    const { arrearsFen, yearsOwed } = facts.standing
    return { ...facts, standing: owing(yearsOwed + more, arrearsFen + moreFen + 1) }
  }),
  'another late subsidy': anyLate.map((subsidy) => (facts) => ({
    ...facts,
    lateSubsidies: [...facts.lateSubsidies, subsidy],
  })),
  'later subsidies': fc.integer({ min: 1, max: 400 }).map((days) => (facts) => ({
    ...facts,
    lateSubsidies: facts.lateSubsidies.map((s) => ({
      ...s,
      payableOn: addDays(s.payableOn, -days),
    })),
  })),
  'claims recognised': fc.constant((facts) => ({
    ...facts,
    lateSubsidies: facts.lateSubsidies.map((s) => ({ ...s, standing: 'recognised' as const })),
  })),
  'more households': fc.integer({ min: 1, max: 120 }).map((more) => (facts) => ({
    ...facts,
    householdsInArrears: facts.householdsInArrears + more,
  })),
  'another condition': anyCondition.map((condition) => (facts) => ({
    ...facts,
    conditions: [condition, ...facts.conditions],
  })),
  'another sign': anyPetition.map((sign) => (facts) => ({
    ...facts,
    petitions: [...facts.petitions, sign],
  })),
  'graver signs': fc.integer({ min: 1, max: 9 }).map((more) => (facts) => ({
    ...facts,
    petitions: facts.petitions.map((s) => ({ ...s, people: s.people + more, repeat: true })),
  })),
  'a plan breached': fc.constant((facts) => ({ ...facts, planKept: false })),
  'not secured': fc.constant((facts) => ({ ...facts, insured: false, riskDepositFen: 0 })),
}

describe.each(policies)('%s', (_, policy) => {
  it('is sound', () => {
    fc.assert(
      fc.property(policy, (p) => {
        expect(policyProblems(p)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  it('adds up, stays within 0 and 100, and the score alone decides the level', () => {
    fc.assert(
      fc.property(policy, anyFacts, (p, facts) => {
        const { score, level, contributions } = scoreRisk(p, facts)
        expect(contributions.reduce((sum, { points }) => sum + points, 0)).toBe(score)
        expect(contributions.every(({ points }) => points !== 0)).toBe(true)
        expect(new Set(contributions.map(({ factor }) => factor)).size).toBe(contributions.length)
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true)
        expect(level).toBe(levelOf(score, p.levels))
        if (facts.standing.arrearsFen > 0) expect(score).toBeGreaterThanOrEqual(1)
        expect(JSON.parse(JSON.stringify(contributions))).toEqual(contributions)
      }),
      { numRuns: 1000 },
    )
  })

  it('does not depend on the order of the facts', () => {
    fc.assert(
      fc.property(policy, anyFacts, (p, facts) => {
        const reversed = {
          ...facts,
          lateSubsidies: facts.lateSubsidies.toReversed(),
          conditions: facts.conditions.toReversed(),
          petitions: facts.petitions.toReversed(),
        }
        expect(scoreRisk(p, reversed)).toEqual(scoreRisk(p, facts))
      }),
    )
  })

  it.each(Object.entries(worsenings))('is never lower with %s', (_name, worsening) => {
    fc.assert(
      fc.property(policy, anyFacts, worsening, (p, facts, worse) => {
        const before = scoreRisk(p, facts).score
        expect(scoreRisk(p, worse(facts)).score).toBeGreaterThanOrEqual(before)
      }),
      { numRuns: 500 },
    )
  })
})
