import { and, asc, desc, eq } from 'drizzle-orm'
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
  const recorded = { recordedAt: tx.recordedAt, recordedBy: caller.label }
  const row = { id: tx.newId(), ...mapping, columns: { ...mapping.columns }, ...recorded }
  await tx.insert(tx.tables.importMappings).values(row)
  return row
}

/** The mappings that count, by name. */
export async function allMappings(db: Reader): Promise<MappingRow[]> {
  const { importMappings: t } = db.tables
  const rows = await db.select().from(t).orderBy(asc(t.name), desc(t.id))
  return rows.filter(({ name }, at) => rows[at - 1]?.name !== name)
}

/** The columns saved under a name for a ledger. Refuses: mapping-unknown. */
export async function mappingNamed(
  db: Reader,
  ledger: ImportLedger,
  name: string,
): Promise<Columns> {
  const { importMappings: t } = db.tables
  const [row] = await db
    .select()
    .from(t)
    .where(and(eq(t.name, name)))
    .orderBy(desc(t.id))
    .limit(1)
  if (row?.ledger === ledger) return row.columns
  const words = { zh: '没有保存过这个名称的栏目对照', en: 'no mapping of this name was saved' }
  throw new Refusal('rule-broken', 'mapping-unknown', words, 'mapping')
}
