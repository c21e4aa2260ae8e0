import { addDays, type Day } from './calendar-day.ts'

/** From when a contract's own clause would let the lessor raise its termination: no verdict. */
export interface TerminationReminder {
  demandedOn: Day
  fromOn: Day
  note: string
}

/** Ledgers hold any number here; a hundred years is as good as no clause. */
const TOLERANCE_DAYS_MAX = 36_500

/**
 * From when termination may be raised: the day after the tolerance that began with the first demand
 * delivered after the due day of what is unpaid. Null without a clause, arrears or such a demand.
 *
 * Units: days; `toleranceDays` null is no clause, more than a hundred years counts as none. Demands
 * after `asOf` do not count. Throws RangeError on what is no day.
 * Source: Civil Code 722, 563(3); Rural Land Contracting Law 42, 64; the contract's own clause.
 * Example: 30 days, unpaid since 2023-12-31, demanded 2024-03-01: from 2024-04-01.
 */
export function terminationDay(
  asOf: Day,
  toleranceDays: number | null,
  oldestUnpaidDueOn: Day | null,
  demandedOns: readonly Day[],
): TerminationReminder | null {
  if (toleranceDays === null || toleranceDays > TOLERANCE_DAYS_MAX) return null
  if (oldestUnpaidDueOn === null) return null
  let demandedOn: Day | null = null
  for (const day of demandedOns)
    if (day > oldestUnpaidDueOn && day <= asOf && (demandedOn === null || day < demandedOn))
      demandedOn = day
  if (demandedOn === null) return null
  const fromOn = addDays(demandedOn, toleranceDays + 1)
  const note =
    `合同约定宽限 ${toleranceDays} 天:${demandedOn} 催告送达,${fromOn} 起可依约提出解除;` +
    '承包农户单方解除限于农村土地承包法第 42 条所列情形,其中未列明欠租;' +
    '能否解除由双方协商或法院认定'
  return { demandedOn, fromOn, note }
}
