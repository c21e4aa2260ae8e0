import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isDay } from '../../src/domain/calendar-day.ts'
import {
  readFundingSource,
  readOperatorKind,
  readSubsidyStanding,
  readYesNo,
} from '../../src/domain/code-words.ts'
import { readArea } from '../../src/domain/read-area.ts'
import { readCode, readPhone } from '../../src/domain/read-code.ts'
import { readCount } from '../../src/domain/read-count.ts'
import { readDay } from '../../src/domain/read-day.ts'
import { readFen } from '../../src/domain/read-money.ts'
import { readTwoDecimals } from '../../src/domain/read-percent.ts'
import { readYears } from '../../src/domain/read-years.ts'
import type { Reading, SourceCell } from '../../src/domain/reading.ts'

/** Pieces of what people write, in any order. */
const PIECES = [
  ...'0123456789０５一二两三十百千万亿〇壹拾.,-—~至年月日春冬季初底旬元角分亩户人斤%‰约余(（)）',
  ...[
    '万元',
    '公顷',
    '㎡',
    '平方米',
    '左右',
    '长期',
    '期满',
    '2015',
    '2034',
    '12',
    '31',
    '起',
    '止',
  ],
  ...[' ', '/', '、', "'", '=', '#REF!', '无', 'E+17', '是', '省级', '公司', '大户', '13812341234'],
]
const cell: fc.Arbitrary<SourceCell> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((p) => p.join('')),
  },
  fc.double(),
  fc.integer(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
)

const wholeUpTo = (max: number) => (value: unknown) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= max
const twoDecimalsUpTo = (max: number) => (value: unknown) =>
  typeof value === 'number' && Math.round(value * 100) / 100 === value && value >= 0 && value <= max
const recordedDay = (value: unknown) =>
  typeof value === 'string' && isDay(value) && value >= '1900-01-01' && value <= '2199-12-31'
const oneOf =
  (...words: unknown[]) =>
  (value: unknown) =>
    words.includes(value)
const text = (value: unknown) => typeof value === 'string' && value.trim() !== ''
const years = (value: unknown) =>
  Array.isArray(value) && value.every((year) => year >= 1980 && year <= 2199)

const READERS: [string, (cell: SourceCell) => Reading<unknown>, (value: unknown) => boolean][] = [
  ['readFen', (c) => readFen(c), wholeUpTo(100_000_000_000)],
  ['readFen, 万元', (c) => readFen(c, 'wan_yuan'), wholeUpTo(100_000_000_000)],
  ['readArea', (c) => readArea(c), twoDecimalsUpTo(1_000_000)],
  ['readArea, ㎡', (c) => readArea(c, 'square_metre'), twoDecimalsUpTo(1_000_000)],
  ['readCount', readCount, wholeUpTo(10_000_000)],
  ['readTwoDecimals', (c) => readTwoDecimals(c, 'per_10k'), twoDecimalsUpTo(1_000_000)],
  ['readDay, start', (c) => readDay(c, 'start'), recordedDay],
  ['readDay, end', (c) => readDay(c, 'end', '2015-01-01'), recordedDay],
  ['readDay, day', (c) => readDay(c, 'day'), recordedDay],
  ['readYears', readYears, years],
  ['readCode', readCode, text],
  ['readPhone', readPhone, text],
  ['readYesNo', readYesNo, oneOf(true, false)],
  ['readFundingSource', readFundingSource, oneOf('central', 'province', 'city', 'county')],
  ['readSubsidyStanding', readSubsidyStanding, oneOf('recognised', 'claimed')],
  [
    'readOperatorKind',
    (c) => readOperatorKind(c, '张三'),
    oneOf('company', 'cooperative', 'family_farm', 'individual', 'other'),
  ],
]

it.each(READERS)('%s reads any cell as what can be recorded, or says why not', (_, read, holds) => {
  fc.assert(
    fc.property(cell, (written) => {
      const reading = read(written)
      if (reading === undefined) return
      if ('code' in reading) {
        expect(reading.code).toMatch(/^[a-z]+(-[a-z]+)*$/)
        expect(reading.reason).toMatch(/[\u4e00-\u9fff]/)
      } else expect(holds(reading.value), JSON.stringify([written, reading])).toBe(true)
    }),
    { numRuns: 1500 },
  )
})
