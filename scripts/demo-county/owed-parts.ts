import { addMonths, type Day, daysBetween } from '../../src/domain/calendar-day.ts'
import type { Instalment } from '../../src/domain/contract-terms.ts'
import { AS_OF, type Owed } from './county-model.ts'
import type { Random } from './random.ts'

const THOUSAND_YUAN = 100_000

/**
 * What stays unpaid of each instalment so that a contract owes as planned: the newest that are
 * overdue, the oldest of them in part; or the same one instalment earlier, the newest being paid.
 * undefined when not enough is overdue.
 */
export function owedParts(
  random: Random,
  owed: Owed,
  term: { startOn: Day; endOn: Day },
  schedule: readonly Instalment[],
): number[] | undefined {
  const unpaidFen = schedule.map(() => 0)
  if (owed === 'none') return unpaidFen
  let years =
    owed === 'partial'
      ? random.between(8, 92) / 100
      : owed + (random.chance(40) ? 0 : random.between(6, 84) / 100)
  const overdue = schedule
    .filter(({ dueOn, amountFen }) => dueOn < AS_OF && amountFen > 0)
    .reverse()
  if (random.chance(7)) overdue.shift()
  for (const instalment of overdue) {
    if (years <= 0) break
    const length = yearsOf(instalment, term, schedule)
    unpaidFen[instalment.no - 1] =
      years > length - 1e-9
        ? instalment.amountFen
        : instalment.amountFen - roundedDown(instalment.amountFen * (1 - years / length))
    years -= length
  }
  return years > 1e-9 ? undefined : unpaidFen
}

/** An instalment's share of its rent year, in years; the whole term when the rent is paid once. */
function yearsOf(
  { rentYear, amountFen }: Instalment,
  { startOn, endOn }: { startOn: Day; endOn: Day },
  schedule: readonly Instalment[],
): number {
  if (schedule.length === 1) return (daysBetween(startOn, endOn) + 1) / 365.25
  const yearFen = schedule.reduce(
    (sum, other) => sum + (other.rentYear === rentYear ? other.amountFen : 0),
    0,
  )
  const yearStart = addMonths(startOn, 12 * rentYear)
  const fullDays = daysBetween(yearStart, addMonths(startOn, 12 * (rentYear + 1)))
  const days = Math.min(fullDays, daysBetween(yearStart, endOn) + 1)
  return ((amountFen / yearFen) * days) / fullDays
}

/** Who pays a part pays a round sum. */
function roundedDown(fen: number): number {
  const unit = fen > 5 * THOUSAND_YUAN ? THOUSAND_YUAN : 100
  return Math.floor(fen / unit) * unit
}
