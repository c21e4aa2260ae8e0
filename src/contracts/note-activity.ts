import type { Writer } from '../platform/database/database.ts'

/** Notes that something was recorded for a village's township today, once a day. */
export async function noteActivity(tx: Writer, villageCode: string): Promise<void> {
  await tx
    .insert(tx.tables.townshipActivity)
    .values({
      townshipCode: villageCode.slice(0, 9),
      day: tx.today,
      recordedAt: tx.recordedAt,
    })
    .onConflictDoNothing()
}
