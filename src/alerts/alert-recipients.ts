import { desc } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { AlertRecipient } from '../platform/database/tables-of-alerts.ts'
import { regionNames } from '../regions/region-store.ts'

/** Who is told: the last list that was put; empty before the first. */
export async function alertRecipients(db: Reader): Promise<AlertRecipient[]> {
  const { alertRecipientLists: t } = db.tables
  const [list] = await db.select().from(t).orderBy(desc(t.id)).limit(1)
  return list?.items ?? []
}

/** Those of them that get messages at present. */
export const activeRecipients = async (db: Reader) =>
  (await alertRecipients(db)).filter(({ active }) => active)

/** Puts the whole list. Refuses: recipient-twice, region-unknown. */
export async function putRecipients(
  tx: Writer,
  caller: Caller,
  items: AlertRecipient[],
  countyCode: string,
): Promise<void> {
  const recorded = [countyCode, ...(await regionNames(tx)).keys()]
  const known = new Set(recorded.flatMap((code) => [code, code.slice(0, 9), code.slice(0, 6)]))
  const emails = new Set<string>()
  for (const [at, { email, regionCode }] of items.entries()) {
    if (emails.has(email)) throw refused('recipient-twice', TWICE, at, 'email')
    if (!known.has(regionCode)) throw refused('region-unknown', UNKNOWN, at, 'regionCode')
    emails.add(email)
  }
  await tx.insert(tx.tables.alertRecipientLists).values({
    id: tx.newId(),
    items,
    recordedAt: tx.recordedAt,
    recordedBy: caller.label,
  })
}

const TWICE = { zh: '同一邮箱只能出现一次', en: 'an address may appear once only' }
const UNKNOWN = { zh: '没有登记这个区划', en: 'no such region is recorded' }

const refused = (code: string, words: typeof TWICE, at: number, field: string) =>
  new Refusal('rule-broken', code, words, `items[${at}].${field}`)
