import { sql } from 'drizzle-orm'
import type { Writer } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'

/** Notes that something was recorded for a village's township today, once a day. */
export async function noteActivity(tx: Writer, villageCode: string): Promise<void> {
  const { today: day, recordedAt } = tx
  await noteDay(tx, { townshipCode: villageCode.slice(0, 9), day, recordedAt })
}

const noteDay = prepared<unknown, Writer>((tx) =>
  tx
    .insert(tx.tables.townshipActivity)
    .values({
      townshipCode: sql.placeholder('townshipCode'),
      day: sql.placeholder('day'),
      recordedAt: sql.placeholder('recordedAt'),
    })
    .onConflictDoNothing(),
)
