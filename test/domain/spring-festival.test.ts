import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/domain/calendar-day.ts'
import { springFestivalAhead } from '../../src/domain/spring-festival.ts'

describe('the countdown to the Spring Festival', () => {
  it.each([
    ['2026-12-07', undefined],
    ['2026-12-08', { festivalOn: '2027-02-06', days: 60 }],
    ['2026-12-23', { festivalOn: '2027-02-06', days: 45 }],
    ['2027-02-05', { festivalOn: '2027-02-06', days: 1 }],
    ['2027-02-06', undefined],
    ['2027-02-07', undefined],
    ['2023-12-11', undefined],
    ['2023-12-12', { festivalOn: '2024-02-10', days: 60 }],
    ['2036-01-27', { festivalOn: '2036-01-28', days: 1 }],
    ['2036-01-28', undefined],
    ['2037-02-01', undefined],
  ])('on %s is %j', (asOf, ahead) => {
    expect(springFestivalAhead(asOf)).toEqual(ahead)
  })

  it.each([
    '2024-02-10',
    '2025-01-29',
    '2026-02-17',
    '2027-02-06',
    '2028-01-26',
    '2029-02-13',
    '2030-02-03',
    '2031-01-23',
    '2032-02-11',
    '2033-01-31',
    '2034-02-19',
    '2035-02-08',
    '2036-01-28',
  ])('knows %s', (festivalOn) => {
    expect(springFestivalAhead(addDays(festivalOn, -1))).toEqual({ festivalOn, days: 1 })
  })
})
