import { Refusal } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'

/** Refuses: day-in-future, for something that is said to have happened after today. */
export function refuseFuture(tx: Writer, field: string, day: string): void {
  if (day <= tx.today) return
  const words = { zh: `不能晚于今天(${tx.today})`, en: `must not be after today (${tx.today})` }
  throw new Refusal('rule-broken', 'day-in-future', words, field)
}
