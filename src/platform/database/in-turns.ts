import { setImmediate } from 'node:timers/promises'
import type { Database, Writer } from './database.ts'

/** Some work takes so long before requests are answered. */
const TURN_MS = 30
/** A transaction is some turns long while nobody waits for it: each COMMIT writes pages anew. */
const TRANSACTION_MS = 240

/** Does `work` again and again, in transactions of some turns, while it says that more is left. */
export async function inTurns(
  db: Pick<Database, 'transaction'>,
  work: (tx: Writer, until: number) => Promise<boolean>,
): Promise<void> {
  for (let isMore = true; isMore; await setImmediate())
    await db.transaction(async (tx) => {
      const end = performance.now() + TRANSACTION_MS
      do {
        isMore = await work(tx, performance.now() + TURN_MS)
        await setImmediate()
      } while (isMore && performance.now() < end && !tx.isAwaited())
    })
}
