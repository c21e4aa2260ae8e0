import type { CountyTables, Row } from './county-tables.ts'
import { rowsBy } from './rows-by.ts'

/** The drawn tables with what their rows name. */
export interface DrawnCounty {
  tables: CountyTables
  operator: (key: string) => Row<'operators'>
  contract: (key: string) => Row<'contracts'>
  regionName: (code: string) => string
  /** The township of an operator's first contract: the one that keeps its entry. */
  homeOf: (operator: string) => string
  linesOf: (contract: string) => Row<'rent-lines'>[]
  amendmentsOf: (contract: string) => Row<'amendments'>[]
  endOf: (contract: string) => Row<'ends'> | undefined
  /** What a ledger can say of a subsidy that was paid out at once. */
  onlyDisbursementOf: (subsidy: string) => Row<'disbursements'> | undefined
}

export function drawnCounty(tables: CountyTables): DrawnCounty {
  const operators = new Map(tables.operators.map((row) => [row.key, row]))
  const contracts = new Map(tables.contracts.map((row) => [row.key, row]))
  const names = new Map(tables.regions.map(({ code, name }) => [code, name]))
  const homes = new Map<string, string>()
  for (const { operator, villageCode } of tables.contracts)
    if (!homes.has(operator)) homes.set(operator, villageCode.slice(0, 9))
  const lines = rowsBy(tables['rent-lines'], ({ contract }) => contract)
  const amendments = rowsBy(tables.amendments, ({ contract }) => contract)
  const ends = new Map(tables.ends.map((row) => [row.contract, row]))
  const disbursements = rowsBy(tables.disbursements, ({ subsidy }) => subsidy)
  return {
    tables,
    operator: (key) => there(operators, key),
    contract: (key) => there(contracts, key),
    regionName: (code) => there(names, code),
    homeOf: (operator) => there(homes, operator),
    linesOf: (contract) => lines.get(contract) ?? [],
    amendmentsOf: (contract) => amendments.get(contract) ?? [],
    endOf: (contract) => ends.get(contract),
    onlyDisbursementOf: (subsidy) => {
      const [only, ...more] = disbursements.get(subsidy) ?? []
      return more.length > 0 ? undefined : only
    },
  }
}

function there<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key)
  if (value === undefined) throw new Error(`the county has no ${key}`)
  return value
}
