import { and, eq, gt, lt, notInArray } from 'drizzle-orm'
import type { Day } from '../domain/calendar-day.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { worklistWorkbook } from '../exports/worklist-workbook.ts'
import type { Database, Reader, Writer } from '../platform/database/database.ts'
import { placeOf } from '../regions/place-of-region.ts'
import { regionNames } from '../regions/region-store.ts'
import { untoldRecipients } from './told-recipients.ts'

const ROWS_MAX = 2000
const KEEP_DAYS = 30
const DAY_MS = 86_400_000

/**
 * Makes the worklist of every region whose recipients are still to be told of a night, once a
 * region; answers the ids of the attachments by region. Writing workbooks takes a while, so it is
 * done before the messages are composed, and a crash in between makes them anew.
 */
export async function attachWorklists(
  db: Pick<Database, 'read' | 'transaction'>,
  night: { asOf: Day; policy: RiskPolicy; county: { code: string; name: string } },
): Promise<Map<string, string>> {
  const { asOf, policy, county } = night
  const regions = new Set((await untoldRecipients(db.read, asOf)).map((one) => one.regionCode))
  const knownAt = await scoredAt(db.read, asOf)
  const attachments = new Map<string, string>()
  if (regions.size === 0 || knownAt === undefined) return attachments
  const names = await regionNames(db.read)
  for (const region of regions) {
    const [countyName = '', ...below] = placeOf(region, names, county)
    const { fileName, content } = await worklistWorkbook(db.read, {
      asOf,
      knownAt,
      region,
      regionName: below.join('') || countyName,
      countyName,
      policy: policy.version,
      rowsMax: ROWS_MAX,
    })
    const id = `${asOf}/${region}`
    await db.transaction(async (tx) => {
      const { alertAttachments: t } = tx.tables
      const file = { fileName, content, recordedAt: tx.recordedAt }
      await tx
        .insert(t)
        .values({ id, ...file })
        .onConflictDoUpdate({ target: t.id, set: file })
    })
    attachments.set(region, id)
  }
  return attachments
}

/** The instant up to which the latest attempt at a day read facts. */
async function scoredAt(db: Reader, asOf: Day): Promise<string | undefined> {
  const { runs: t } = db.tables
  const [run] = await db.select({ attemptAt: t.attemptAt }).from(t).where(eq(t.asOf, asOf))
  return run?.attemptAt
}

/** Removes attachments older than 30 days, unless a message that waits still names them. */
export async function forgetAttachments(tx: Writer): Promise<void> {
  const { alertAttachments: t, alerts } = tx.tables
  const oldest = new Date(Date.parse(tx.recordedAt) - KEEP_DAYS * DAY_MS).toISOString()
  // Only a message that waits has a next attempt: this reads the index of those, not the archive.
  const waiting = await tx
    .selectDistinct({ id: alerts.attachmentId })
    .from(alerts)
    .where(gt(alerts.nextAttemptAt, ''))
  const named = waiting.flatMap(({ id }) => (id === null ? [] : [id]))
  await tx.delete(t).where(and(lt(t.recordedAt, oldest), notInArray(t.id, named)))
}
