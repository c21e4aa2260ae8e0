import type { Day } from './calendar-day.ts'
import type { Instalment } from './contract-terms.ts'
import { assertFen } from './fen.ts'

export interface Payment {
  amountFen: number
  paidOn: Day
  /** The due day of the instalments which the debtor meant; a day that names none lapses. */
  designatedDueOn?: Day | null | undefined
}

export interface Allocation {
  /** What lies on each instalment, in the order of the instalments given. */
  paidFen: number[]
  /** What lies on no instalment. */
  creditFen: number
}

/**
 * Puts payments on instalments: first on those of the day the debtor named, as far as they are
 * unpaid, the rest on the oldest with something unpaid, ahead of the due day too.
 *
 * Payments come in order of recording, without those reversed, and count in order of `paidOn`.
 * `onPart` is told of each part as it is put: the instalment's position and the day of the payment.
 * Units: fen, days. Throws RangeError on a payment or an instalment that is no amount in fen, and
 * when the payments together leave the safe integers.
 * Source: Civil Code 560 (the debtor's designation, else what fell due first).
 * Example: 14000 designated to the second of two instalments of 10000 leaves 4000 on the first.
 */
export function allocate(
  instalments: readonly Pick<Instalment, 'no' | 'dueOn' | 'amountFen'>[],
  payments: readonly Payment[],
  onPart?: (position: number, paidOn: Day) => void,
): Allocation {
  const unpaidFen = instalments.map((instalment) => instalment.amountFen)
  for (const amountFen of unpaidFen) assertFen(amountFen)
  const { order, dueOns } = oldestFirst(instalments)
  const openOf = new Map<Day, number>()
  let oldest = 0
  let totalFen = 0
  let creditFen = 0
  for (const { amountFen, paidOn, designatedDueOn } of inOrderOfPaidOn(payments)) {
    assertFen(amountFen)
    totalFen += amountFen
    assertFen(totalFen)
    let restFen = amountFen
    const pay = (position: number) => {
      const index = order[position] as number
      const partFen = Math.min(restFen, unpaidFen[index] as number)
      unpaidFen[index] = (unpaidFen[index] as number) - partFen
      restFen -= partFen
      if (partFen > 0) onPart?.(index, paidOn)
      return unpaidFen[index] === 0
    }
    if (designatedDueOn) {
      let open = openOf.get(designatedDueOn) ?? firstOn(dueOns, designatedDueOn)
      while (dueOns[open] === designatedDueOn && pay(open)) open++
      openOf.set(designatedDueOn, open)
    }
    while (restFen > 0 && oldest < order.length && pay(oldest)) oldest++
    creditFen += restFen
  }
  const paidFen = instalments.map(({ amountFen }, at) => amountFen - (unpaidFen[at] as number))
  return { paidFen, creditFen }
}

/** A schedule is nearly always in this order already; an amended `firstDueOn` may break it. */
function oldestFirst(instalments: readonly Pick<Instalment, 'no' | 'dueOn'>[]): {
  order: number[]
  dueOns: Day[]
} {
  const older = (a: number, b: number) => {
    const [x, y] = [instalments[a], instalments[b]]
    if (x === undefined || y === undefined) return 0
    return x.dueOn < y.dueOn ? -1 : x.dueOn > y.dueOn ? 1 : x.no - y.no
  }
  const order = instalments.map((_, index) => index)
  if (order.some((index) => index > 0 && older(index - 1, index) > 0)) order.sort(older)
  return { order, dueOns: order.map((index) => instalments[index]?.dueOn ?? '') }
}

/** Array sort is stable: payments of one day stay in order of recording. */
function inOrderOfPaidOn(payments: readonly Payment[]): readonly Payment[] {
  const unordered = payments.some(
    (payment, at) => payment.paidOn < (payments[at - 1]?.paidOn ?? ''),
  )
  if (!unordered) return payments
  return [...payments].sort((a, b) => (a.paidOn < b.paidOn ? -1 : +(a.paidOn > b.paidOn)))
}

/** The first position whose day is not before the given one. */
function firstOn(dueOns: readonly Day[], day: Day): number {
  let low = 0
  let high = dueOns.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((dueOns[middle] as Day) < day) low = middle + 1
    else high = middle
  }
  return low
}
