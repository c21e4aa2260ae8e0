import { expect, it } from 'vitest'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { quietUntil, type TurningFacts } from '../../src/domain/quiet-until.ts'

const TODAY = '2025-03-01'
const NOTHING: TurningFacts = {
  startOn: '2020-01-01',
  termEndOn: '2034-12-31',
  amendments: [],
  conditions: [],
  petitions: [],
  subsidies: [],
  plans: [],
}
const payable = (day: string) => ({ subsidies: [{ day, isPayable: true }] })
const moved = (day: string) => ({ subsidies: [{ day, isPayable: false }] })
const plan = (agreedOn: string, ...days: string[]) => ({
  plans: [{ agreedOn, instalments: days.map((dueOn) => ({ dueOn, amountFen: 100 })) }],
})

it.each<[string, Partial<TurningFacts>, string]>([
  ['only what is owed', {}, '2030-06-30'],
  ['the term ends', { termEndOn: '2025-03-31' }, '2025-03-31'],
  ['it ends today', { termEndOn: TODAY }, TODAY],
  ['it has ended', { termEndOn: '2025-02-28' }, '2030-06-30'],
  ['it starts tomorrow', { startOn: '2025-03-02' }, TODAY],
  ['it starts today', { startOn: TODAY }, '2030-06-30'],
  ['it never ends', { termEndOn: '9999-12-31' }, '2030-06-30'],
  ['an area to come', { amendments: [{ effectiveOn: '2025-07-01' }] }, '2025-06-30'],
  ['an area of today', { amendments: [{ effectiveOn: TODAY }] }, '2030-06-30'],
  ['a condition to come', { conditions: [{ observedOn: '2025-03-05' }] }, '2025-03-04'],
  ['a condition that holds', { conditions: [{ observedOn: '2024-03-05' }] }, '2030-06-30'],
  ['a sign in its last days', { petitions: [{ occurredOn: '2024-03-05' }] }, '2025-03-04'],
  ['a sign on its last day', { petitions: [{ occurredOn: '2024-03-02' }] }, TODAY],
  ['a sign that counts no more', { petitions: [{ occurredOn: '2024-03-01' }] }, '2030-06-30'],
  ['a sign of today', { petitions: [{ occurredOn: TODAY }] }, '2026-02-28'],
  ['a sign to come', { petitions: [{ occurredOn: '2025-03-10' }] }, '2025-03-09'],
  ['a subsidy payable next month', payable('2025-04-01'), '2025-04-01'],
  ['payable today, late tomorrow', payable(TODAY), TODAY],
  ['late since today', payable('2025-02-28'), '2025-05-29'],
  ['late for 90 days', payable('2024-12-01'), TODAY],
  ['late for 91 days', payable('2024-11-30'), '2025-05-29'],
  ['late for 366 days', payable('2024-02-29'), '2030-06-30'],
  ['a stage to come', moved('2025-03-20'), '2025-03-19'],
  ['a stage gone by', moved('2025-02-20'), '2030-06-30'],
  ['a plan', plan('2025-02-01', '2025-03-31', '2025-06-30'), '2025-04-05'],
  ['a plan in its tolerance', plan('2025-01-01', '2025-02-24', '2025-06-30'), TODAY],
  ['a plan past its first day', plan('2025-01-01', '2025-02-23', '2025-06-30'), '2025-07-05'],
  ['a plan to come', plan('2025-03-08', '2025-03-31'), '2025-03-07'],
  [
    'the earliest of several',
    { ...payable('2025-04-01'), ...plan('2025-02-01', '2025-03-10'), termEndOn: '2025-03-20' },
    '2025-03-15',
  ],
])('quiet with %s', (_, facts, until) => {
  const all = { ...NOTHING, ...facts }
  expect(quietUntil(TODAY, '2030-06-30', all, POLICY_2026_1)).toBe(until)
})

it('is no longer quiet than what is owed stays as it is', () => {
  const facts = { ...NOTHING, termEndOn: '2025-03-31' }
  expect(quietUntil(TODAY, '2025-03-30', facts, POLICY_2026_1)).toBe('2025-03-30')
  expect(quietUntil(TODAY, null, facts, POLICY_2026_1)).toBeNull()
})
