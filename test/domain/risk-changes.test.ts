import { expect, it } from 'vitest'
import { pointsOf, riskChanges } from '../../src/domain/risk-changes.ts'
import { FACTORS } from '../../src/domain/risk-contribution.ts'

const nothing = Object.fromEntries(FACTORS.map((factor) => [factor, 0]))

it('has the points of every factor, 0 where it is not listed', () => {
  expect(pointsOf([])).toEqual(nothing)
  expect(
    pointsOf([
      { factor: 'households', points: 6, households: 7 },
      { factor: 'plan_kept', points: -10 },
    ]),
  ).toEqual({ ...nothing, households: 6, plan_kept: -10 })
})

it('lists only what differs, in the order of the table; absent is 0', () => {
  const before = { plan_kept: -10, years_owed: 18, households: 6, secured: 0 }
  const after = { floor: 27, households: 6, years_owed: 26 }
  expect(riskChanges(before, after, '2026-03-31')).toEqual([
    { factor: 'years_owed', from: 18, to: 26, since: '2026-03-31' },
    { factor: 'plan_kept', from: -10, to: 0, since: '2026-03-31' },
    { factor: 'floor', from: 0, to: 27, since: '2026-03-31' },
  ])
  expect(riskChanges(after, after, '2026-03-31')).toEqual([])
  expect(riskChanges({}, pointsOf([]), '2026-03-31')).toEqual([])
})
