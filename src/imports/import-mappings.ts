import { and, asc, desc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { ImportLedger } from './import-row.ts'
import { mappedFields } from './ledger-columns.ts'

export type MappingRow = Tables['importMappings']['$inferSelect']
type Columns = Readonly<Record<string, string>>

/**
 * Saves how headings are named somewhere; an earlier mapping of the name no longer counts.
 * Refuses: mapping-unknown-field.
 */
export async function putMapping(
  tx: Writer,
  caller: Caller,
  mapping: { name: string; ledger: ImportLedger; columns: Columns },
): Promise<MappingRow> {
  mappedFields(mapping.ledger, mapping.columns)
  const { regionCode = null, label } = caller
  const recorded = { regionCode, recordedAt: tx.recordedAt, recordedBy: label }
  const row = { id: tx.newId(), ...mapping, columns: { ...mapping.columns }, ...recorded }
  await tx.insert(tx.tables.importMappings).values(row)
  return row
}

/** The mappings that count, by name, of a caller's region or of the whole county. */
export async function allMappings(db: Reader, caller: Caller): Promise<MappingRow[]> {
  const { importMappings: t } = db.tables
  const rows = await db
    .select()
    .from(t)
    .where(mappingsFor(db, caller))
    .orderBy(asc(t.name), ...ownFirst(db))
  return rows.filter(({ name }, at) => rows[at - 1]?.name !== name)
}

/** The columns saved under a name for a ledger, if any is named. Refuses: mapping-unknown. */
export async function savedColumns(
  db: Reader,
  caller: Caller,
  ledger: ImportLedger,
  name: string | undefined,
): Promise<Columns | undefined> {
  if (name === undefined) return undefined
  const { importMappings: t } = db.tables
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.name, name), mappingsFor(db, caller)))
    .orderBy(...ownFirst(db))
    .limit(1)
  if (row?.ledger === ledger) return row.columns
  const words = { zh: '没有保存过这个名称的栏目对照', en: 'no mapping of this name was saved' }
  throw new Refusal('rule-broken', 'mapping-unknown', words, 'mapping')
}

/** Of one's own region or of the whole county: a township's words are its own. */
function mappingsFor(db: Reader, { regionCode }: Caller) {
  const { importMappings: t } = db.tables
  const ofCounty = isNull(t.regionCode)
  return regionCode === undefined ? ofCounty : or(eq(t.regionCode, regionCode), ofCounty)
}

/** A region's own before the county's, the last before earlier ones. */
const ownFirst = ({ tables: { importMappings: t } }: Reader) => [
  sql`case when ${t.regionCode} is null then 1 else 0 end`,
  desc(t.id),
]
