import type { Permission } from '../access/permissions.ts'
import type { ImportLedger } from './import-row.ts'

/** Whoever may record a fact by hand may import a ledger of them. */
export const MAY_IMPORT: Readonly<Record<ImportLedger, Permission>> = {
  regions: 'regions',
  operators: 'record',
  contracts: 'record',
  payments: 'record',
  arrears: 'record',
  subsidies: 'subsidies',
  'grain-prices': 'county',
}
