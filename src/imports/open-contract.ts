import type { Day } from '../domain/calendar-day.ts'
import { groupBy } from '../domain/group-by.ts'
import { type OpeningProblem, type OwedOfYears, openingBalance } from '../domain/opening-balance.ts'
import { Refusal } from '../errors.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { PaymentRow } from '../payments/payment.ts'
import { standingPayments } from '../payments/payment-store.ts'
import { instalmentsOf } from '../risk/contract-balances.ts'
import type { ArrearsRecord } from './import-row.ts'
import {
  isOpening,
  openingAsOf,
  openingNote,
  payOpening,
  reverseOpening,
} from './opening-payments.ts'
import { type ImportRun, type Outcome, reported } from './record-row.ts'
import { guess, type RowWork } from './row-work.ts'
import { yearField } from './year-columns.ts'

type Work = RowWork<ArrearsRecord>
/** Rows that cannot be kept, by their position. */
export type Refused = Map<number, Outcome>

/**
 * Records what is taken as paid. The opening balance of a contract is that of one import as a
 * whole: what earlier ones had made is made anew, or given up where it is owed after all.
 */
export async function openContract(
  run: ImportRun,
  works: readonly Work[],
  distinct: readonly number[],
  { id: contractId, startOn }: FactRow<'contracts'>,
  refused: Refused,
): Promise<void> {
  const [first] = works as [Work]
  const { tx } = first
  const asOf = asOfRows(works, refused)
  if (asOf === undefined) return
  const stored = await instalmentsOf(tx, [contractId], { knownAt: ALL_KNOWN })
  const instalments = stored.get(contractId) ?? []
  const rows = distinct.flatMap((at) => owedOf((works[at] as Work).record, at))
  const ledger = { asOf, startOn, instalments, rows }
  const payments = await standingPayments(tx, contractId, ALL_KNOWN)
  const earlier = payments.filter(isOpening)
  if (isOutdated(first, earlier)) return
  const received = payments.filter((payment) => !isOpening(payment))
  const beyond = openingBalance({ ...ledger, payments })
  const isOwedAgain = 'problems' in beyond && earlier.length > 0
  const opening = isOwedAgain ? openingBalance({ ...ledger, payments: received }) : beyond
  if ('problems' in opening) return refuseRows(opening.problems, works, rows, refused)
  if (isOwedAgain || opening.payments.length > 0) {
    for (const payment of earlier) await reverseOpening(first, payment)
    const kept = isOwedAgain ? [] : earlier
    const note = openingNote(run.importId, asOf)
    for (const { amountFen, paidOn, designatedDueOn } of [...kept, ...opening.payments])
      await payOpening(first, { contractId, amountFen, paidOn, designatedDueOn, note })
  }
  for (const at of new Set(opening.aDayEarly.map((row) => rows[row]?.at))) {
    const work = works[at ?? 0] as Work
    guess(work, 'asOf', asOf, `含 ${asOf} 当日到期的租金,次日起计入欠租`)
  }
}

/** What a row at a position says is owed; `column` is the field of its column for a year. */
interface Owed extends OwedOfYears {
  at: number
  column?: string
}

function owedOf({ rentYears, arrearsFen, byYear }: ArrearsRecord, at: number): Owed[] {
  if (!byYear) return [{ at, rentYears, arrearsFen }]
  return byYear.map((owed) => ({ at, ...owed, column: yearField('arrearsFen', owed) }))
}

/** Whether rows that were imported before do not say of which day, or of one before the opening. */
const isOutdated = ({ seenBefore, record: { asOf } }: Work, earlier: readonly PaymentRow[]) =>
  seenBefore &&
  (asOf === undefined || earlier.some((payment) => (openingAsOf(payment) ?? '') > asOf))

/** The day that the rows speak for, today when they do not say it; none when it is refused. */
function asOfRows(works: readonly Work[], refused: Refused): Day | undefined {
  const [first] = works as [Work]
  const { today } = first.tx
  const asOf = first.record.asOf ?? today
  for (const [at, work] of works.entries()) {
    const refusal =
      asOf > today
        ? inFuture(today)
        : (work.record.asOf ?? today) === asOf
          ? undefined
          : asOfDiffers
    if (refusal) refused.set(at, reported(work, refusal))
    else if (work.record.asOf === undefined)
      guess(work, 'asOf', '', `没有写明截至日期,按导入当日 ${today}`)
  }
  return refused.size > 0 ? undefined : asOf
}

function refuseRows(
  problems: readonly OpeningProblem[],
  works: readonly Work[],
  rows: readonly Owed[],
  refused: Refused,
): void {
  for (const [at, ofRow] of groupBy(problems, ({ row }) => rows[row]?.at ?? 0)) {
    const work = works[at] as Work
    const outcomes = ofRow.map(({ row, code, reason, field }) =>
      reported(work, refusal(code, rows[row]?.column ?? field, reason, code)),
    )
    const said = outcomes.flatMap((one) => (one.status === 'reported' ? one.problems : []))
    const { record, guessed } = work
    refused.set(at, { status: 'reported', problems: said, record, guessed })
  }
}

const refusal = (code: string, field: string, zh: string, en: string) =>
  new Refusal('rule-broken', code, { zh, en }, field)
const asOfDiffers = refusal(
  'as-of-differs',
  'asOf',
  '同一合同各行的截至日期不一致',
  'the rows of one contract speak for different days',
)
const inFuture = (today: Day) =>
  refusal(
    'as-of-in-future',
    'asOf',
    `截至日期不能晚于今天(${today})`,
    `the day must not be after today (${today})`,
  )
