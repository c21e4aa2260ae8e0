import * as dateFns from 'date-fns'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, addMonths, daysBetween, isDay } from '../../src/domain/calendar-day.ts'
import { anyDay } from './arbitrary-terms.ts'

describe('isDay', () => {
  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2200-02-29', false],
    ['2024-04-31', false],
    ['2024-00-10', false],
    ['2024-13-01', false],
    ['2024-01-00', false],
    ['0000-01-01', false],
    ['0001-01-01', true],
    ['9999-12-31', true],
    ['2024-1-01', false],
    ['2024/01/01', false],
    ['2024-01-01 ', false],
    ['２024-01-01', false],
    ['20240101', false],
    ['', false],
  ])('%j is %s', (text, expected) => {
    expect(isDay(text)).toBe(expected)
  })

  it('knows every day of 1900 to 2199 and no other text of two-digit months and days', () => {
    for (let year = 1900; year < 2200; year++)
      for (let month = 0; month < 14; month++)
        for (let dayOfMonth = 0; dayOfMonth < 33; dayOfMonth++) {
          const two = (n: number) => String(n).padStart(2, '0')
          const text = `${year}-${two(month)}-${two(dayOfMonth)}`
          const exists =
            month >= 1 &&
            month <= 12 &&
            dayOfMonth >= 1 &&
            dayOfMonth <= new Date(Date.UTC(year, month, 0)).getUTCDate()
          if (isDay(text) !== exists) expect.fail(text)
        }
  })
})

describe('addDays', () => {
  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2024-02-28', 2, '2024-03-01'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2024-01-01', -1, '2023-12-31'],
    ['2024-01-01', 0, '2024-01-01'],
    ['0099-12-31', 1, '0100-01-01'],
  ])('%s + %i is %s', (day, n, expected) => {
    expect(addDays(day, n)).toBe(expected)
  })

  it('agrees with date-fns', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -40_000, max: 40_000 }), (day, n) => {
        const expected = dateFns.formatISO(dateFns.addDays(dateFns.parseISO(day), n), {
          representation: 'date',
        })
        expect(addDays(day, n)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('addMonths', () => {
  it.each([
    ['2021-01-31', 1, '2021-02-28'],
    ['2021-01-31', 2, '2021-03-31'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-01-15', -1, '2023-12-15'],
  ])('%s + %i months is %s', (day, n, expected) => {
    expect(addMonths(day, n)).toBe(expected)
  })

  it('agrees with date-fns', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -1200, max: 1200 }), (day, n) => {
        const expected = dateFns.formatISO(dateFns.addMonths(dateFns.parseISO(day), n), {
          representation: 'date',
        })
        expect(addMonths(day, n)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('daysBetween', () => {
  it('agrees with date-fns and undoes addDays', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (from, to) => {
        const days = daysBetween(from, to)
        expect(days).toBe(
          dateFns.differenceInCalendarDays(dateFns.parseISO(to), dateFns.parseISO(from)),
        )
        expect(addDays(from, days)).toBe(to)
      }),
      { numRuns: 2000 },
    )
  })

  it('walks through four centuries without a gap', () => {
    let day = '1899-12-31'
    for (let n = 0; n < 146_097; n++) {
      const next = addDays(day, 1)
      if (!isDay(next) || next <= day || daysBetween(day, next) !== 1) expect.fail(`${day} ${next}`)
      day = next
    }
    expect(day).toBe('2299-12-31')
  })
})

describe('what is not a day is refused', () => {
  it.each([
    ['addDays', () => addDays('2023-02-29', 1)],
    ['addMonths', () => addMonths('2023-2-1', 1)],
    ['daysBetween from', () => daysBetween('', '2024-01-01')],
    ['daysBetween to', () => daysBetween('2024-01-01', '长期')],
    ['half a day', () => addDays('2024-01-01', 0.5)],
    ['no number of months', () => addMonths('2024-01-01', Number.NaN)],
    ['before the year 1', () => addDays('0001-01-01', -1)],
    ['after the year 9999', () => addMonths('9999-12-31', 1)],
  ])('%s', (_name, call) => {
    expect(call).toThrow(RangeError)
  })
})
