import { Refusal } from '../errors.ts'
import { arrearsColumns } from './columns-of-arrears.ts'
import { contractColumns } from './columns-of-contracts.ts'
import { grainPriceColumns } from './columns-of-grain-prices.ts'
import { operatorColumns } from './columns-of-operators.ts'
import { paymentColumns } from './columns-of-payments.ts'
import { regionColumns } from './columns-of-regions.ts'
import { subsidyColumns } from './columns-of-subsidies.ts'
import type { ImportLedger } from './import-row.ts'
import type { LedgerColumns } from './ledger-column.ts'

/** Every ledger that can be imported, and how its columns are called. */
export const LEDGER_COLUMNS: { readonly [L in ImportLedger]: LedgerColumns<L> } = {
  regions: regionColumns,
  operators: operatorColumns,
  contracts: contractColumns,
  payments: paymentColumns,
  subsidies: subsidyColumns,
  arrears: arrearsColumns,
  'grain-prices': grainPriceColumns,
}

/** What a mapping may name: the standard headings of a ledger, and the names of its fields. */
export function importFields(ledger: ImportLedger): readonly string[] {
  const { columns } = LEDGER_COLUMNS[ledger]
  return [...columns.map(({ headings: [standard = ''] }) => standard), ...columns.map(byField)]
}

const byField = ({ field }: { field: string }) => field

/**
 * The fields that the headings of a file are mapped to.
 * Refuses: mapping-unknown-field, for what the ledger has no column for.
 */
export function mappedFields(
  ledger: ImportLedger,
  mapping: Readonly<Record<string, string>>,
): Map<string, string> {
  const { columns } = LEDGER_COLUMNS[ledger]
  const mapped = new Map<string, string>()
  for (const [heading, name] of Object.entries(mapping)) {
    const column = columns.find(({ field, headings }) => field === name || headings.includes(name))
    if (!column) throw unknownField(heading, name, importFields(ledger))
    mapped.set(heading, column.field)
  }
  return mapped
}

const unknownField = (heading: string, name: string, fields: readonly string[]) =>
  new Refusal(
    'malformed',
    'mapping-unknown-field',
    {
      zh: `没有“${name}”这一栏;可用的栏目:${fields.join('、')}`,
      en: `there is no column "${name}"; there are: ${fields.join(', ')}`,
    },
    `mapping.${heading}`,
  )
