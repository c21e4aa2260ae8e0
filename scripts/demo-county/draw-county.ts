import { planContracts } from './contract-plan.ts'
import { amendmentRows, contractRows, endRows, lineRows } from './contract-rows.ts'
import { drawContracts } from './contracts.ts'
import { AS_OF, type Contract, GRAIN_PRICES, keyOf, type Operator } from './county-model.ts'
import {
  COLUMNS,
  type CountyDrafts,
  type CountyTables,
  type Draft,
  type Row,
  TABLES,
  type TableName,
} from './county-tables.ts'
import { type CountyTotals, contractsOn, totalsOf } from './county-totals.ts'
import { conditionRows, screeningRows } from './field-signs.ts'
import { operatorRows } from './operators.ts'
import { paymentRows } from './payment-rows.ts'
import { petitionRows } from './petitions.ts'
import { drawTownships, regionRows } from './regions.ts'
import { subsidyRows } from './subsidies.ts'

/** Draws the demo county, the same every time. Throws when a total of the county is off. */
export function drawCounty(): CountyTables {
  const drafts = draftCounty()
  const rows = <N extends TableName>(table: N) => drafts[table].map((draft) => rowOf(table, draft))
  const tables = Object.fromEntries(TABLES.map((table) => [table, rows(table)]))
  requireTotals(totalsOf(contractsOn(tables as CountyTables, AS_OF)))
  return tables as CountyTables
}

function rowOf<N extends TableName>(table: N, draft: Draft<N>): Row<N> {
  const cells = COLUMNS[table].map((column) => [column, draft[column as keyof Draft<N>]])
  return Object.fromEntries(cells.map(([column, cell]) => [column, String(cell ?? '')])) as Row<N>
}

function draftCounty(): CountyDrafts {
  const townships = drawTownships()
  const contracts = drawContracts(planContracts(townships))
  const operators = inOrderOfContracts(contracts)
  return {
    regions: regionRows(townships),
    'grain-prices': GRAIN_PRICES.map((price) => ({
      ...price,
      source: `${price.effectiveOn.slice(0, 4)} 年中晚籼稻最低收购价`,
    })),
    operators: operatorRows(operators),
    conditions: conditionRows(operators),
    contracts: contractRows(contracts),
    'rent-lines': lineRows(contracts),
    amendments: amendmentRows(contracts),
    ends: endRows(contracts),
    ...paymentRows(contracts),
    ...subsidyRows(contracts),
    petitions: petitionRows(contracts, townships),
    screenings: screeningRows(contracts),
  }
}

/** Numbers the operators anew: who is in trouble was drawn first and must not be told by the key. */
function inOrderOfContracts(contracts: readonly Contract[]): Operator[] {
  const operators = [...new Set(contracts.map(({ plan }) => plan.operator))]
  for (const [at, operator] of operators.entries()) operator.key = keyOf('O', at + 1, 4)
  return operators
}

const MU = 100

function requireTotals({ areaByUse, areaByYears, areaPartial }: CountyTotals): void {
  requireArea('late_citrus', areaByUse['late_citrus'], 200_000)
  requireArea('sericulture', areaByUse['sericulture'], 30_000)
  requireArea('rice_fish', areaByUse['rice_fish'], 15_000)
  requireArea('agri_park', areaByUse['agri_park'], 45_000)
  requireArea('partial', areaPartial, 5000)
  const years = Object.values(areaByYears).reduce((a, b) => a + b, 0)
  requireArea('years', years, 32_000)
  if (Object.keys(areaByYears).join() !== '1,2,3,4,5,6')
    throw new Error(`years owed are ${Object.keys(areaByYears).join()}`)
  for (let more = 2; more <= 6; more++)
    if ((areaByYears[more] ?? 0) >= (areaByYears[more - 1] ?? 0))
      throw new Error(`${more} years are owed on more land than ${more - 1}`)
}

function requireArea(of: string, hundredths: number | undefined, mu: number): void {
  if (hundredths !== mu * MU)
    throw new Error(`${of} has ${(hundredths ?? 0) / MU} mu in force, not ${mu}`)
}
