import { type Day, daysBetween } from './calendar-day.ts'

/** Published days. ICU's Chinese calendar is off by a day in 2027 and 2030. */
const SPRING_FESTIVALS: readonly Day[] = [
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
]
const COUNTDOWN_DAYS = 60

export interface FestivalAhead {
  festivalOn: Day
  /** From 1 to 60. */
  days: number
}

/**
 * The Spring Festival (春节) that lies at most 60 days ahead; undefined on the day itself, earlier
 * than that, and after the last year of the table.
 *
 * Units: days. Throws RangeError on what is not a day.
 * Source: field.md, Spring Festival; domain.md, Alerts.
 * @example springFestivalAhead('2026-12-23') // { festivalOn: '2027-02-06', days: 45 }
 */
export function springFestivalAhead(asOf: Day): FestivalAhead | undefined {
  const festivalOn = SPRING_FESTIVALS.find((day) => day > asOf)
  if (festivalOn === undefined) return undefined
  const days = daysBetween(asOf, festivalOn)
  return days <= COUNTDOWN_DAYS ? { festivalOn, days } : undefined
}
