import { addDays, type Day, daysBetween } from '../../src/domain/calendar-day.ts'
import type { BulkLedger } from './bulk-ledger.ts'
import type { SignedContract } from './county-signs.ts'
import type { PlannedPayment } from './payment-plan.ts'

const DAY_0: Day = '2000-01-01'

/** Payments of the whole county, in columns: as objects, millions of them would not fit. */
export class PaymentColumns {
  readonly #contract: number[] = []
  readonly #day: number[] = []
  readonly #amountFen: number[] = []
  /** 0: not designated. */
  readonly #designatedDay: number[] = []
  readonly #reversed: boolean[] = []

  add(contract: number, payment: PlannedPayment): void {
    const { designatedDueOn } = payment
    this.#contract.push(contract)
    this.#day.push(daysBetween(DAY_0, payment.paidOn))
    this.#amountFen.push(payment.amountFen)
    this.#designatedDay.push(designatedDueOn ? daysBetween(DAY_0, designatedDueOn) : 0)
    this.#reversed.push(payment.reversed)
  }

  /** Records all of them, the oldest first, each on the day on which it was paid. */
  record(ledger: BulkLedger, contracts: readonly SignedContract[]): void {
    const order = Uint32Array.from(this.#day, (_, at) => at)
    const days = this.#day
    order.sort((a, b) => (days[a] as number) - (days[b] as number) || a - b)
    const active = new Set<string>()
    for (const at of order) {
      const contract = contracts[this.#contract[at] as number] as SignedContract
      const paidOn = addDays(DAY_0, days[at] as number)
      const recordedAt = this.#recordOne(ledger, at, contract.id, paidOn)
      const township = contract.villageCode.slice(0, 9)
      if (active.has(township + paidOn)) continue
      active.add(township + paidOn)
      ledger.insert('townshipActivity', { townshipCode: township, day: paidOn, recordedAt })
    }
  }

  #recordOne(ledger: BulkLedger, at: number, contractId: string, paidOn: Day): string {
    const recordedAt = ledger.instant('payments', paidOn)
    const id = ledger.idAt(recordedAt)
    const designated = this.#designatedDay[at] as number
    ledger.insert('payments', {
      id,
      contractId,
      amountFen: this.#amountFen[at] as number,
      paidOn,
      receiptNo: `${paidOn.slice(0, 4)}-${at}`,
      designatedDueOn: designated === 0 ? null : addDays(DAY_0, designated),
      method: null,
      note: null,
      recordedAt,
      recordedBy: 'bench',
    })
    if (this.#reversed[at]) {
      const reversedAt = ledger.instant('reversals', paidOn)
      ledger.insert('paymentReversals', {
        id: ledger.idAt(reversedAt),
        paymentId: id,
        reason: '金额录错',
        recordedAt: reversedAt,
        recordedBy: 'bench',
      })
    }
    return recordedAt
  }
}
