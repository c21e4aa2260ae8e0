import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { planContracts } from './contract-plan.ts'
import { amendmentRows, contractRows, endRows, lineRows } from './contract-rows.ts'
import { drawContracts } from './contracts.ts'
import { AS_OF, type Contract, GRAIN_PRICES, keyOf, type Operator } from './county-model.ts'
import { COLUMNS, type CountyDrafts, fileOf, TABLES } from './county-tables.ts'
import { type CountyTotals, contractsOn, totalsOf } from './county-totals.ts'
import { conditionRows, screeningRows } from './field-signs.ts'
import { operatorRows } from './operators.ts'
import { paymentRows } from './payment-rows.ts'
import { petitionRows } from './petitions.ts'
import { countyOf } from './read-county.ts'
import { drawTownships, regionRows } from './regions.ts'
import { subsidyRows } from './subsidies.ts'

/**
 * Draws the demo county and writes its files into `folder`, the same bytes every time.
 * Throws, and writes nothing, when a total of the county is off.
 */
export function writeDemoCounty(folder: string): CountyTotals {
  const drafts = drawCounty()
  const texts = new Map(
    TABLES.map((table) => [
      table,
      stringify(drafts[table], {
        header: true,
        columns: [...COLUMNS[table]],
        cast: { boolean: String },
      }),
    ]),
  )
  const tables = countyOf((table) => texts.get(table) ?? '')
  const totals = totalsOf(contractsOn(tables, AS_OF))
  requireTotals(totals)
  mkdirSync(folder, { recursive: true })
  for (const [table, text] of texts) writeFileSync(join(folder, fileOf(table)), text)
  return totals
}

function drawCounty(): CountyDrafts {
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
