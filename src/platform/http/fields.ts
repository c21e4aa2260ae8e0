import { z } from 'zod'
import type { Day } from '../../domain/calendar-day.ts'

/** Field types of request bodies and queries. Messages are made in `problem-words.ts`. */

/** A day of some years. */
export const dayFrom = (first: Day, last: Day) =>
  z.iso
    .date()
    // The year 0 is one of ISO 8601, but none of the calendar that rents are counted by.
    .refine((text) => text >= first && text <= last, {
      params: { zh: `应在 ${first} 至 ${last} 之间`, en: `must lie in ${first} … ${last}` },
    })
    .meta({ description: '日期 YYYY-MM-DD (Asia/Shanghai)', examples: ['2024-06-30'] })

/** A day of which something is recorded. */
export const day = dayFrom('1900-01-01', '2199-12-31')
/** A day that is asked for: whether it may lie after today is for a rule to say. */
export const askedDay = dayFrom('1900-01-01', '9999-12-31')
/** A day that has to fit others: a rule says how. */
export const anyDay = dayFrom('0001-01-01', '9999-12-31')

export const instant = z.iso
  .datetime({ offset: true })
  .meta({ description: '时刻 ISO 8601', examples: ['2024-06-30T02:00:00.000Z'] })

const printable = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text)
const blank = { params: { zh: '不能为空白', en: 'must not be blank' } }
const control = { params: { zh: '含有控制字符', en: 'contains control characters' } }

/** One line of text, not blank. Breaks and tabs, as pasted from a sheet, become spaces. */
export const text = (max: number) =>
  z
    .string()
    .overwrite((value) => value.replace(/[\r\n\t]+/g, ' ').trim())
    .max(max)
    .refine((value) => value !== '', blank)
    .refine(printable, control)

/** Free text: line breaks and tabs allowed. */
export const prose = z
  .string()
  .max(2000)
  .refine((value) => printable(value.replace(/[\r\n\t]/g, ' ')), control)

export const uuid = z.guid().toLowerCase().meta({ description: 'UUID' })

const MONEY_MAX_FEN = 100_000_000_000
/** Whole fen, 0 or more, up to a thousand million yuan. */
export const fen = z.int().min(0).max(MONEY_MAX_FEN).meta({ description: '金额(分)' })
export const positiveFen = z.int().positive().max(MONEY_MAX_FEN).meta({ description: '金额(分)' })

/** A number with at most two decimals, 0 or more. */
export const twoDecimals = (max: number) =>
  z
    .number()
    .min(0)
    .max(max)
    .refine((value) => Math.round(value * 100) / 100 === value, {
      params: { zh: '最多两位小数', en: 'at most two decimals' },
    })

const COUNT_MAX = 10_000_000
export const count = z.int().min(0).max(COUNT_MAX)

export const villageCode = z
  .string()
  .regex(/^\d{12}$/)
  .meta({ description: '村级代码(12 位数字)', examples: ['519901101201'] })

/** 6 county, 9 township or 12 village digits; the parent is the prefix. */
export const regionCode = z
  .string()
  .regex(/^(\d{6}|\d{9}|\d{12})$/)
  .meta({ description: '区划代码(6、9 或 12 位数字)', examples: ['519901'] })

const PAGE_MAX = 500
export const page = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
}

/** For routes without query parameters: a mistyped one must not pass for none. */
export const noQuery = z.strictObject({})

/** Query parameters that ask for another day, or for what was known at another time. */
export const atAnotherTime = { asOf: askedDay.optional(), knownAt: instant.optional() }
