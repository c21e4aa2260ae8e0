import { describe, expect, it } from 'vitest'
import {
  conditionsHolding,
  type ObservedCondition,
  type OperatorCondition,
} from '../../src/domain/operator-condition.ts'

const seen = (condition: OperatorCondition, observedOn: string): ObservedCondition => ({
  condition,
  observedOn,
})

describe('conditionsHolding', () => {
  const gone = seen('unreachable', '2024-03-01')
  const broken = seen('funds_broken', '2024-05-01')
  it.each<[string, ObservedCondition[], string, ObservedCondition[]]>([
    ['none', [], '2024-06-01', []],
    ['from its own day', [gone], '2024-03-01', [gone]],
    ['not the day before', [gone], '2024-02-29', []],
    ['for years', [gone], '2034-03-01', [gone]],
    ['several at a time', [broken, gone], '2024-06-01', [broken, gone]],
    ['until recovered', [gone, seen('recovered', '2024-04-01')], '2024-04-01', []],
    ['before that it held', [gone, seen('recovered', '2024-04-01')], '2024-03-31', [gone]],
    ['recovered on the very day', [gone, seen('recovered', '2024-03-01')], '2024-03-01', []],
    ['recovered recorded first', [seen('recovered', '2024-03-01'), gone], '2024-03-01', []],
    ['recovered before it was seen', [seen('recovered', '2024-02-28'), gone], '2024-06-01', [gone]],
    [
      'what is seen after it holds',
      [gone, seen('recovered', '2024-04-01'), broken],
      '2024-06-01',
      [broken],
    ],
    [
      'an earlier recovery does not undo a later one',
      [gone, seen('recovered', '2024-04-01'), seen('recovered', '2024-01-01')],
      '2024-06-01',
      [],
    ],
  ])('%s', (_name, conditions, asOf, expected) => {
    expect(conditionsHolding(conditions, asOf)).toEqual(expected)
  })
})
