import { expect, it } from 'vitest'
import { type SubsidyState, subsidyAt } from '../../src/domain/subsidy-stages.ts'

const claimed: SubsidyState = {
  standing: 'claimed',
  amountFen: 100,
  payableOn: null,
  stage: '申报',
}
const step = (stage: string, occurredOn: string, change: object = {}) => ({
  stage,
  occurredOn,
  standing: null,
  amountFen: null,
  payableOn: null,
  ...change,
})
const recognised = { standing: 'recognised', payableOn: '2024-06-30' } as const

it.each([
  ['the day before a stage', '2024-03-19', [step('验收', '2024-03-20', recognised)], claimed],
  [
    'on the day of a stage',
    '2024-03-20',
    [step('验收', '2024-03-20', recognised)],
    { ...claimed, ...recognised, stage: '验收' },
  ],
  [
    'stages recorded in another order than they occurred',
    '2024-12-31',
    [step('拨付', '2024-08-01', { amountFen: 80 }), step('验收', '2024-03-20', { amountFen: 90 })],
    { ...claimed, amountFen: 80, stage: '拨付' },
  ],
  [
    'of two stages of one day the one recorded last',
    '2024-12-31',
    [step('验收', '2024-03-20', { amountFen: 90 }), step('公示', '2024-03-20', { amountFen: 95 })],
    { ...claimed, amountFen: 95, stage: '公示' },
  ],
  [
    'a stage that names nothing',
    '2024-12-31',
    [step('公示', '2024-03-20')],
    { ...claimed, stage: '公示' },
  ],
])('%s', (_name, asOf, stages, expected) => {
  expect(subsidyAt(asOf, claimed, stages)).toEqual(expected)
})
