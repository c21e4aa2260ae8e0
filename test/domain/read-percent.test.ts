import { describe, expect, it } from 'vitest'
import { readTwoDecimals } from '../../src/domain/read-percent.ts'

describe('readTwoDecimals', () => {
  it.each([
    ['number', 5, { value: 5 }],
    ['number', '500.55', { value: 500.55 }],
    ['number', 0.1 + 0.2, { value: 0.3 }],
    ['number', '5%', { value: 5, readAs: '5' }],
    ['percent', '5%', { value: 5 }],
    ['percent', '５％', { value: 5 }],
    ['percent', '百分之五', { value: 5 }],
    ['percent', '千分之五', { value: 0.5, readAs: '0.5%' }],
    ['percent', '5.125%', { value: 5.13, readAs: '5.13%' }],
    ['percent', '约5%', { value: 5, readAs: '5%' }],
    ['per_10k', 5, { value: 5 }],
    ['per_10k', '5‱', { value: 5 }],
    ['per_10k', '日万分之五', { value: 5 }],
    ['per_10k', '万分之0.5', { value: 0.5 }],
    ['per_10k', '0.5‰', { value: 5, readAs: '5‱' }],
    ['per_10k', '0.05%', { value: 5, readAs: '5‱' }],
    ['jin', '400斤', { value: 400 }],
    ['jin', '两百斤', { value: 200 }],
    ['jin', '250公斤', { value: 500, readAs: '500 斤' }],
    ['jin', '250千克', { value: 500, readAs: '500 斤' }],
    ['jin', '250㎏', { value: 500, readAs: '500 斤' }],
  ] as const)('in %s %j is %j', (unit, cell, read) => {
    expect(readTwoDecimals(cell, unit)).toEqual(read)
  })

  it('takes a number alone when no unit is said', () => {
    expect(readTwoDecimals('5.25')).toEqual({ value: 5.25 })
    expect(readTwoDecimals('/')).toBeUndefined()
  })

  it.each([
    ['number', '500斤', 'number-unreadable'],
    ['number', '万分之五', 'number-unreadable'],
    ['percent', '5斤', 'number-unreadable'],
    ['percent', '按约定', 'number-unreadable'],
    ['percent', true, 'number-unreadable'],
    ['percent', '5-8%', 'number-range'],
    ['percent', -5, 'number-negative'],
    ['jin', 1_000_000.01, 'out-of-range'],
    ['per_10k', '#NAME?', 'cell-error'],
  ] as const)('in %s %j is refused: %s', (unit, cell, code) => {
    expect(readTwoDecimals(cell, unit)).toMatchObject({ code, reason: expect.any(String) })
  })
})
