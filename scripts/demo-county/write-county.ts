import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import type { WriteSheet } from 'hucre/xlsx'
import { grainName } from '../../src/domain/grain-words.ts'
import { packedWorkbook } from '../village-workbooks/pack-workbook.ts'
import { namesOf } from './county-names.ts'
import { type CountyTables, FACT_COLUMNS, type FactFile, type Row } from './county-tables.ts'
import { drawCounty } from './draw-county.ts'
import { type DrawnCounty, drawnCounty } from './drawn-county.ts'
import { heldBack, LOADED_ON } from './handed-in-later.ts'
import { type TableColumn, tableSheet } from './table-sheet.ts'
import {
  contractColumns,
  type LedgerColumn,
  OPERATOR_COLUMNS,
  paymentColumns,
  subsidyColumns,
} from './township-columns.ts'

type FactRow = Record<string, string>

/** Draws the demo county and writes its files into `folder`: workbooks, and what no ledger carries. */
export async function writeDemoCounty(folder: string): Promise<void> {
  const tables = drawCounty()
  const { loaded, later } = heldBack(tables)
  const named = naming(namesOf(tables))
  for (const sub of ['', 'townships', 'between-the-nights'])
    mkdirSync(join(folder, sub), { recursive: true })
  const county = drawnCounty(loaded)
  await writeBook(join(folder, 'regions.xlsx'), [regionSheet(loaded)])
  await writeBook(join(folder, 'grain-prices.xlsx'), [priceSheet(loaded)])
  for (const { code, name } of loaded.regions.filter(({ code }) => code.length === 9))
    await writeBook(join(folder, 'townships', `${code}-${name}.xlsx`), ledgers(county, code, name))
  for (const [file, rows] of Object.entries(factsBeside(county)))
    writeFacts(folder, file as FactFile, rows.map(named))
  for (const [table, held] of Object.entries(later)) {
    const rows = held.map(({ on, row }) => ({ on, ...named(row) }))
    writeFacts(join(folder, 'between-the-nights'), table as FactFile, rows, ['on'])
  }
}

async function writeBook(path: string, sheets: WriteSheet[]): Promise<void> {
  writeFileSync(path, await packedWorkbook(sheets, LOADED_ON))
}

function writeFacts(folder: string, name: FactFile, rows: FactRow[], alsoFirst: string[] = []) {
  const columns = [...alsoFirst, ...FACT_COLUMNS[name]]
  writeFileSync(join(folder, `${name}.csv`), stringify(rows, { header: true, columns }))
}

/** Rows with names in place of the keys that they were drawn with. */
const naming = (names: ReadonlyMap<string, string>) => (row: FactRow) =>
  Object.fromEntries(
    Object.entries(row).map(([column, cell]) => [
      column,
      REFERENCES.has(column) ? (names.get(cell) ?? '') : cell,
    ]),
  )
const REFERENCES = new Set(['operator', 'contract', 'subsidy'])

/** Facts that no ledger has a column for. */
function factsBeside(county: DrawnCounty): Partial<Record<FactFile, FactRow[]>> {
  const { tables, onlyDisbursementOf } = county
  const beside = tables.subsidies.filter((row) => !fitsLedger(county, row))
  const besideKeys = new Set(beside.map(({ key }) => key))
  const reasons = new Map(tables.reversals.map(({ payment, reason }) => [payment, reason]))
  return {
    conditions: tables.conditions,
    'reversed-payments': tables.payments.flatMap((row) => {
      const reason = reasons.get(row.key)
      return reason === undefined ? [] : [{ ...row, reason }]
    }),
    subsidies: beside,
    'subsidy-stages': tables['subsidy-stages'],
    disbursements: tables.disbursements.filter(
      ({ subsidy }) => besideKeys.has(subsidy) || !onlyDisbursementOf(subsidy),
    ),
    petitions: tables.petitions,
    screenings: tables.screenings,
  }
}

/** The ledger names a contract by its number only. */
const fitsLedger = ({ contract }: DrawnCounty, row: Row<'subsidies'>) =>
  row.contract === '' || contract(row.contract).contractNo !== ''

function ledgers(county: DrawnCounty, code: string, name: string): WriteSheet[] {
  const { operators, contracts, payments, subsidies, reversals } = county.tables
  const reversed = new Set(reversals.map(({ payment }) => payment))
  const here = (contract: Row<'contracts'>) => contract.villageCode.startsWith(code)
  const sheet = <R>(ledger: string, columns: LedgerColumn<R>[], rows: readonly R[]) =>
    tableSheet({
      name: ledger,
      title: `柑源县${name}${ledger}`,
      about: `填报单位:${name}人民政府    填报时间:${LOADED_ON}    单位:亩、元`,
      columns,
      rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
    })
  return [
    sheet(
      '业主',
      OPERATOR_COLUMNS,
      operators.filter(({ key }) => county.homeOf(key) === code),
    ),
    sheet('流转台账', contractColumns(county), contracts.filter(here)),
    sheet(
      '收款台账',
      paymentColumns(county),
      payments.filter(({ key, contract }) => !reversed.has(key) && here(county.contract(contract))),
    ),
    sheet(
      '补助兑付台账',
      subsidyColumns(county),
      subsidies.filter((row) => county.homeOf(row.operator) === code && fitsLedger(county, row)),
    ),
  ]
}

const CODES: TableColumn[] = [
  { heading: '区划代码', width: 16 },
  { heading: '名称', width: 20 },
  { heading: '二轮承包到期日', width: 18 },
]
const PRICES: TableColumn[] = [
  { heading: '粮食品种', width: 14 },
  { heading: '执行日期', width: 14 },
  { heading: '价格(元/50公斤)', width: 18, format: '0.00' },
  { heading: '文件依据', width: 40 },
]
const about = '填报单位:柑源县农业农村局'

function regionSheet({ regions }: CountyTables): WriteSheet {
  const rows = regions.map(({ code, name, secondRoundExpiresOn }) => [
    code,
    name,
    secondRoundExpiresOn || null,
  ])
  return tableSheet({ name: '区划', title: '柑源县行政区划', about, columns: CODES, rows })
}

function priceSheet({ 'grain-prices': prices }: CountyTables): WriteSheet {
  const rows = prices.map(({ grain, effectiveOn, fenPer50kg, source }) => [
    grainName(grain),
    effectiveOn,
    Number(fenPer50kg) / 100,
    source,
  ])
  return tableSheet({ name: '粮价', title: '粮食最低收购价', about, columns: PRICES, rows })
}
