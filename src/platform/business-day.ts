import { TZDate } from '@date-fns/tz'
import { format } from 'date-fns'
import type { Day } from '../domain/calendar-day.ts'

/** The calendar day of an instant (ISO 8601, or a Date) in `timeZone`. */
export function businessDay(instant: string | Date, timeZone: string): Day {
  return format(new TZDate(new Date(instant).getTime(), timeZone), 'yyyy-MM-dd')
}
