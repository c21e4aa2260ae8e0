import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amendmentWords,
  endWords,
  readAmendments,
  readEnd,
} from '../../src/domain/amendment-words.ts'
import type { Amendment } from '../../src/domain/contract-terms.ts'
import { anyDay } from './arbitrary-terms.ts'
import { anyClause, anyText } from './arbitrary-words.ts'

const raised = {
  effectiveOn: '2021-10-01',
  rent: {
    lines: [{ areaMu: 500.5, basis: 'cash', fenPerMu: 69000 }],
    escalation: { everyYears: 3, percent: 5 },
    frequency: 'annual',
    firstDueOn: '2022-09-30',
  },
  reason: '经协商上调租金',
} as const
const longer = { effectiveOn: '2020-10-28', endOn: '2030-12-31', reason: '期满续租,期限顺延' }

describe('amendments', () => {
  it.each<[(Amendment & { reason: string })[], string]>([
    [
      [raised],
      '2021-10-01起 租金 500.50亩 690元/亩 每3年递增5% 按年,首期2022-09-30 (经协商上调租金)',
    ],
    [[longer], '2020-10-28起 期限至2030-12-31 (期满续租,期限顺延)'],
    [
      [longer, { ...longer, reason: '见(会议纪要)' }],
      '2020-10-28起 期限至2030-12-31 (期满续租,期限顺延)。2020-10-28起 期限至2030-12-31 (“见(会议纪要)”)',
    ],
    [
      [{ ...raised, endOn: '2035-12-31' }],
      '2021-10-01起 租金 500.50亩 690元/亩 每3年递增5% 按年,首期2022-09-30 期限至2035-12-31 (经协商上调租金)',
    ],
  ])('are written and read back: %#', (amendments, words) => {
    expect(amendmentWords(amendments)).toBe(words)
    expect(readAmendments(words)).toStrictEqual({ value: amendments })
  })

  it('are all read back without a guess', () => {
    const amendment = fc
      .record({
        effectiveOn: anyDay,
        rent: fc.option(anyClause, { nil: undefined }),
        endOn: fc.option(anyDay, { nil: undefined }),
        reason: fc.oneof(anyText(500), fc.constant('')),
      })
      .filter(({ rent, endOn }) => rent !== undefined || endOn !== undefined)
    fc.assert(
      fc.property(fc.array(amendment, { minLength: 1, maxLength: 3 }), (amendments) => {
        const read = readAmendments(amendmentWords(amendments))
        expect(read).toEqual({ value: amendments })
        expect(read).not.toHaveProperty('readAs')
      }),
      { numRuns: 1000 },
    )
  })

  it('none are nothing', () => {
    expect(amendmentWords([])).toBe('')
    for (const cell of ['', '无', '未变更', null]) expect(readAmendments(cell)).toBeUndefined()
  })

  it('a longer term is read from free words', () => {
    expect(readAmendments('2020年10月28日续租至2030年12月31日')).toStrictEqual({
      value: [{ effectiveOn: '2020-10-28', endOn: '2030-12-31', reason: '续租' }],
      readAs: '2020-10-28起 期限至2030-12-31',
    })
  })

  it('a grain under another name is a guess in an amendment too', () => {
    const words = '2021-10-01起 租金 3.00亩 400斤/亩 黄谷 按年,满年付 (王五同意)'
    expect(readAmendments(words)).toMatchObject({
      value: [{ rent: { lines: [{ grain: 'mid_late_indica' }] } }],
      readAs: '2021-10-01起 租金 3.00亩 400斤/亩 中晚籼稻 按年,满年付',
    })
  })

  it.each([
    ['有变更', 'amendment-unreadable'],
    ['2021年起租金调为690元', 'amendment-unreadable'],
    ['2021-10-01起 租金 690元/亩 按年,满年付 (协商)', 'area-missing'],
    ['2021-10-01起 租金 3.00亩 690元/亩 按年,首期2021-02-30 (协商)', 'day-'],
    ['2021-02-30起 期限至2030-12-31 (协商)', 'amendment-unreadable'],
    ['2021-10-01起 (协商)', 'amendment-unreadable'],
    ['2021-10-01起 租金 3.00亩 690元/亩 (协商)', 'amendment-unreadable'],
    ['2021-10-01起 按年,满年付 期限至2030-12-31 (协商)', 'amendment-unreadable'],
    [`2021-10-01起 期限至2030-12-31 (${'因'.repeat(501)})`, 'out-of-range'],
    ['2020年2月30日续租至2030年12月31日', 'day-'],
    ['#REF!', 'cell-error'],
    [5, 'amendment-unreadable'],
  ])('%s is refused as %s', (cell, code) => {
    expect(readAmendments(cell)).toStrictEqual({
      code: expect.stringContaining(code),
      reason: expect.any(String),
    })
  })
})

describe('the early end', () => {
  it('is written and read back', () => {
    const end = { endedOn: '2023-06-30', reason: '双方协商解除' }
    expect(endWords(end)).toBe('2023-06-30终止 (双方协商解除)')
    expect(readEnd(endWords(end))).toStrictEqual({ value: end })
  })

  it('is read back without a guess whatever the reason', () => {
    fc.assert(
      fc.property(anyDay, anyText(500), (endedOn, reason) => {
        expect(readEnd(endWords({ endedOn, reason }))).toStrictEqual({ value: { endedOn, reason } })
      }),
    )
  })

  it.each([
    ['2023-06-30', '2023-06-30', '台账记载终止'],
    ['2023年6月30日 双方协商解除', '2023-06-30', '双方协商解除'],
    ['2023.6.30因资金断裂退租', '2023-06-30', '资金断裂退租'],
    ['2023年6月终止', '2023-06-30', '台账记载终止'],
    [45107, '2023-06-30', '台账记载终止'],
  ])('%s is a guess', (cell, endedOn, reason) => {
    expect(readEnd(cell)).toStrictEqual({ value: { endedOn, reason }, readAs: `${endedOn}终止` })
  })

  it.each(['', '无', '履行中', '否', null])('%j is no end', (cell) => {
    expect(readEnd(cell)).toBeUndefined()
  })

  it.each([
    ['已终止', 'end-without-day'],
    ['是', 'end-without-day'],
    [true, 'end-without-day'],
    ['2023-02-30终止 (协商)', 'day-'],
    [`2023-06-30终止 (${'因'.repeat(501)})`, 'out-of-range'],
    ['#REF!', 'cell-error'],
  ])('%s is refused as %s', (cell, code) => {
    expect(readEnd(cell)).toStrictEqual({
      code: expect.stringContaining(code),
      reason: expect.any(String),
    })
  })
})
