import { TZDate } from '@date-fns/tz'
import { format } from 'date-fns/format'
import type { Day } from '../domain/calendar-day.ts'

/** The calendar day of an instant (ISO 8601, or a Date) in `timeZone`. */
export function businessDay(instant: string | Date, timeZone: string): Day {
  const ms = new Date(instant).getTime()
  const quarter = Math.floor(ms / QUARTER_MS)
  if (ms >= QUARTERS_FROM_MS && quarter === last.quarter && timeZone === last.timeZone)
    return last.day
  const day = format(new TZDate(ms, timeZone), 'yyyy-MM-dd')
  last = { quarter, timeZone, day }
  return day
}

const QUARTER_MS = 900_000
/** Since 1972 days begin at full quarters of an hour everywhere: within one it is the same day. */
const QUARTERS_FROM_MS = Date.UTC(1973, 0)
let last = { quarter: Number.NaN, timeZone: '', day: '' }

/** The instant, in UTC, at which a calendar day begins in `timeZone`. */
export function startOfDay(day: Day, timeZone: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return new Date(new TZDate(year, month - 1, date, timeZone).getTime()).toISOString()
}

/** The time of day, after its calendar day, of an instant in `timeZone`. */
export function businessTime(instant: string, timeZone: string): string {
  return format(new TZDate(new Date(instant).getTime(), timeZone), 'yyyy-MM-dd HH:mm:ss')
}
