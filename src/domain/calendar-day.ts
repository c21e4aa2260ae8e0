/** A calendar day 'YYYY-MM-DD' in the county's time zone. Compares as text. */
export type Day = string

const DAYS_IN_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
const TWO_DIGITS = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))
const YEAR_MAX = 9999

/**
 * Whether a text is a day of the calendar, from 0001-01-01 to 9999-12-31, written 'YYYY-MM-DD'.
 *
 * Source: Gregorian calendar (ISO 8601).
 * Example: isDay('2024-02-29') is true, isDay('2023-02-29') and isDay('2023-2-1') are false.
 */
export function isDay(text: string): boolean {
  return civilOrZero(text) !== 0
}

/**
 * The day `n` days later, earlier for a negative `n`.
 *
 * Units: whole days. Throws RangeError on something that is not a day or leaves the years 1 to
 * 9999.
 * Source: Gregorian calendar.
 * Example: addDays('2024-02-28', 2) is '2024-03-01'.
 */
export function addDays(day: Day, n: number): Day {
  return dayOfSerial(serialOf(day) + wholeNumber(n))
}

/**
 * The same day of the month `n` months later, or that month's last day where it has no such day.
 * Count always from the first day of a series, or 31 January becomes the 28th for ever.
 *
 * Units: whole months. Throws RangeError on something that is not a day or leaves the years 1 to
 * 9999.
 * Source: county practice, design decision (periods count from `startOn`, month ends clamped).
 * Example: addMonths('2021-01-31', 1) is '2021-02-28', addMonths('2021-01-31', 2) '2021-03-31'.
 */
export function addMonths(day: Day, n: number): Day {
  const civil = civilOf(day)
  const monthIndex = yearOf(civil) * 12 + monthOf(civil) - 1 + wholeNumber(n)
  const year = Math.floor(monthIndex / 12)
  const month = monthIndex - year * 12 + 1
  return dayOfCivil(year, month, Math.min(civil % 100, daysInMonth(year, month)))
}

/**
 * How many days `to` lies after `from`; negative when it lies before.
 *
 * Units: whole days. Throws RangeError on something that is not a day.
 * Source: Civil Code 201 (the first day is not counted).
 * Example: daysBetween('2024-02-28', '2024-03-01') is 2.
 */
export function daysBetween(from: Day, to: Day): number {
  return serialOf(to) - serialOf(from)
}

/** yyyymmdd as one integer: no object is made a million times a night. */
function civilOf(day: Day): number {
  const civil = civilOrZero(day)
  if (civil === 0) throw new RangeError(`not a day: ${day}`)
  return civil
}

function civilOrZero(text: string): number {
  if (typeof text !== 'string' || text.length !== 10) return 0
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return 0
  const year = twoDigitsAt(text, 0) * 100 + twoDigitsAt(text, 2)
  const month = twoDigitsAt(text, 5)
  const dayOfMonth = twoDigitsAt(text, 8)
  if (!(year >= 1 && month >= 1 && month <= 12)) return 0
  if (!(dayOfMonth >= 1 && dayOfMonth <= daysInMonth(year, month))) return 0
  return year * 10000 + month * 100 + dayOfMonth
}

function twoDigitsAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

function yearOf(civil: number): number {
  return Math.floor(civil / 10000)
}

function monthOf(civil: number): number {
  return Math.floor(civil / 100) % 100
}

function daysInMonth(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29
  return DAYS_IN_MONTH[month] ?? 0
}

/** Days since 0000-03-01. Counting years from March puts the leap day at the end of its year. */
function serialOf(day: Day): number {
  const civil = civilOf(day)
  const month = monthOf(civil)
  const year = yearOf(civil) - (month <= 2 ? 1 : 0)
  const monthFromMarch = (month + 9) % 12
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
  return year * 365 + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + (civil % 100) - 1
}

/** The inverse of `serialOf`: eras of 400 years have 146097 days, months from March 153 in five. */
function dayOfSerial(serial: number): Day {
  const era = Math.floor(serial / 146097)
  const dayOfEra = serial - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365,
  )
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  const dayOfYear = dayOfEra - (365 * yearOfEra + leapDays)
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return dayOfCivil(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfMonth)
}

function dayOfCivil(year: number, month: number, dayOfMonth: number): Day {
  if (!(year >= 1 && year <= YEAR_MAX)) throw new RangeError(`outside the calendar: year ${year}`)
  const yearText = year >= 1000 ? String(year) : String(year).padStart(4, '0')
  return `${yearText}-${TWO_DIGITS[month]}-${TWO_DIGITS[dayOfMonth]}`
}

function wholeNumber(n: number): number {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a whole number: ${n}`)
  return n
}
