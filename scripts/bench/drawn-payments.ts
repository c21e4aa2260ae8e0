import Sqlite from 'better-sqlite3'
import { randomOf } from '../demo-county/random.ts'
import { AS_OF } from './bench-county.ts'

interface DrawnPayment {
  contractId: string
  body: { amountFen: number; paidOn: string; receiptNo: string }
}
export type DrawnPayments = Generator<DrawnPayment, never>

/** Payments on contracts of the county at `path`, drawn from a fixed seed; never one twice. */
export function* drawnPayments(path: string): DrawnPayments {
  const connection = new Sqlite(path, { readonly: true })
  const ids = connection.prepare('select id from contracts order by id').pluck().all() as string[]
  connection.close()
  const random = randomOf('bench/paid')
  for (let no = 1; ; no++) {
    const contractId = random.pick(ids)
    const amountFen = 100 * random.between(1, 10_000)
    yield { contractId, body: { amountFen, paidOn: AS_OF, receiptNo: `bench-${no}` } }
  }
}

export const take = (payments: DrawnPayments, count: number): DrawnPayment[] =>
  Array.from({ length: count }, () => payments.next().value)
