import { type Contract, keyOf, type Receipt } from './county-model.ts'
import type { Draft } from './county-tables.ts'
import { drawn, type Random, randomOf } from './random.ts'

const METHODS = [
  ['银行转账', 52],
  ['现金', 14],
  ['一卡通代发', 16],
  ['村集体代收', 12],
  [undefined, 6],
] as const
const WITH_RECEIPTS_PERCENT = 74

/** Rows of payments.csv in the order of recording, and those of reversals.csv. */
export function paymentRows(contracts: readonly Contract[]): {
  payments: Draft<'payments'>[]
  reversals: Draft<'reversals'>[]
} {
  const random = randomOf('payment-details')
  const payments: Draft<'payments'>[] = []
  const reversals: Draft<'reversals'>[] = []
  const receiptsOfYear = new Map<string, number>()
  for (const contract of contracts) {
    const usual = drawn(random, METHODS)
    const receiptOf = random.chance(WITH_RECEIPTS_PERCENT) ? numbering(receiptsOfYear) : undefined
    for (const receipt of contract.receipts) {
      const key = keyOf('P', payments.length + 1, 5)
      const { amountFen, paidOn, designatedDueOn, note, reversal } = receipt
      payments.push({
        key,
        contract: contract.key,
        amountFen,
        paidOn,
        receiptNo: receiptOf?.(receipt),
        designatedDueOn,
        method: methodOf(random, usual),
        note,
      })
      if (reversal) reversals.push({ payment: key, reason: reversal })
    }
  }
  return { payments, reversals }
}

function methodOf(random: Random, usual: string | undefined): string | undefined {
  return random.chance(90) ? usual : drawn(random, METHODS)
}

/** Receipts are numbered by year; one entered twice or returned has none of its own. */
function numbering(ofYear: Map<string, number>): (receipt: Receipt) => string | undefined {
  let before: string | undefined
  return ({ paidOn, reversal, reentered }) => {
    if (reentered) return before
    if (reversal && reversal !== '金额录入有误') return undefined
    const year = paidOn.slice(0, 4)
    const n = (ofYear.get(year) ?? 0) + 1
    ofYear.set(year, n)
    before = `SJ${year}-${String(n).padStart(5, '0')}`
    return before
  }
}
