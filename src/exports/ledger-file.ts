import { policyInForce } from '../domain/risk-policy.ts'
import type { Reader } from '../platform/database/database.ts'
import { type CsvCharset, writeCsv } from '../platform/spreadsheet/write-csv.ts'
import { writeWorkbook } from '../platform/spreadsheet/write-workbook.ts'
import { placeOf } from '../regions/place-of-region.ts'
import { regionNames } from '../regions/region-store.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { lastCompletedRun, storedRisksSpeakFor } from '../risk/risk-store.ts'
import { arrearsLedger } from './arrears-sheet.ts'
import { casesLedger } from './case-sheet.ts'
import { contractsLedger } from './contract-sheet.ts'
import { type Ledger, type LedgerSource, type LedgerWish, namesKnownAt } from './ledger.ts'
import { maskedRows } from './masked-rows.ts'
import { subsidiesLedger } from './subsidy-sheet.ts'
import { summaryLedger } from './summary-sheet.ts'
import { worklistLedger } from './worklist-sheet.ts'

interface LedgerKind {
  title: string
  /** What areas and money are counted in. */
  units: string
  open: (source: LedgerSource, wish: LedgerWish) => Ledger
  /** Its figures are those of the last night when no other day is asked for. */
  ofTheNight: boolean
}

const LEDGERS = {
  arrears: { title: '欠租台账', units: '亩、元', open: arrearsLedger, ofTheNight: true },
  cases: { title: '风险台账', units: '户、元', open: casesLedger, ofTheNight: true },
  subsidies: { title: '补助资金兑付台账', units: '元', open: subsidiesLedger, ofTheNight: false },
  contracts: { title: '流转台账', units: '亩、户、元', open: contractsLedger, ofTheNight: false },
  summary: {
    title: '农村土地流转欠租情况汇总表',
    units: '亩、户、元',
    open: summaryLedger,
    ofTheNight: true,
  },
  worklist: {
    title: '欠租风险工作清单',
    units: '亩、户、元',
    open: worklistLedger,
    ofTheNight: true,
  },
} as const satisfies Record<string, LedgerKind>
export type LedgerName = keyof typeof LEDGERS

export const LEDGER_NAMES = Object.keys(LEDGERS)
export const isLedgerName = (word: string): word is LedgerName => Object.hasOwn(LEDGERS, word)

export interface FileWish extends Omit<LedgerWish, 'stored'> {
  ledger: LedgerName
  /** A day or a knowledge was asked for; otherwise figures are those of the last night's day. */
  pinned: boolean
  /** Of an xlsx file none. */
  charset: CsvCharset | undefined
  county: { code: string; name: string }
}

export interface LedgerFile {
  /** The day that its figures speak for. */
  asOf: string
  fileName: string
  /** For programs that know no other names. */
  asciiName: string
  content: AsyncGenerator<Uint8Array>
}

/**
 * A ledger as a file, written while its rows are read. What its first rows are refused for is
 * refused before a byte is written.
 */
export async function ledgerFile(source: LedgerSource, asked: FileWish): Promise<LedgerFile> {
  const { title, units, open, ofTheNight } = LEDGERS[asked.ledger] as LedgerKind
  const { db } = source
  const night = ofTheNight && !asked.pinned ? await lastCompletedRun(db) : undefined
  const asOf = night?.asOf ?? asked.asOf
  const stored = night !== undefined && (await storedRisksSpeakFor(db, asOf))
  const wish = { ...asked, stored, asOf }
  const { charset, ledger, county, region = county.code } = wish
  const place = placeOf(region, await regionNames(db, namesKnownAt(wish)), county).join('')
  const { columns, keptColumns, sums, ...opened } = open(source, wish)
  const rows = await started(wish.revealed ? opened.rows : maskedRows(columns, opened.rows))
  const sheet = {
    name: title,
    title: `${place}${title}`,
    about: `填报单位:${place} · 填报时间:${asOf} · 单位:${units}`,
    columns,
    keptColumns,
    rows,
    ...(sums && { sums }),
    signature: SIGNATURE,
  }
  const notes = [...(await aboutTheFile(db, wish, place)), ...opened.notes]
  const ending = charset === undefined ? 'xlsx' : 'csv'
  return {
    asOf,
    fileName: `${title}_${place.replace(/[^\p{L}\p{N}]/gu, '').slice(0, 40)}_${asOf}.${ending}`,
    asciiName: `${ledger}_${region}_${asOf}.${ending}`,
    content:
      charset === undefined
        ? writeWorkbook({ title: sheet.title, day: asOf, sheets: [sheet], notes })
        : writeCsv(columns, rows, charset),
  }
}

const REVEALED = '含未隐去的个人信息,本次导出及事由已记入审计,请妥善保管,用后销毁'
const SIGNATURE = `填表人:${' '.repeat(24)}审核人:${' '.repeat(24)}联系电话:`

async function aboutTheFile(db: Reader, wish: FileWish, place: string): Promise<string[]> {
  const { asOf, knownAt, region, county, caller, revealed } = wish
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  return [
    `数据日期:${asOf}(asOf)`,
    `登记截至:${knownAt}(knownAt,协调世界时)`,
    `规则版本:${policy.version}`,
    `范围:${place}(${region ?? county.code})`,
    `导出人:${caller.label}`,
    ...(revealed ? [REVEALED] : []),
    '数据口径:按数据日期、登记截至时刻以前登记的事实计算',
  ]
}

/** Rows with the first of them read. */
async function started<T>(rows: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const iterator = rows[Symbol.asyncIterator]()
  let first: IteratorResult<T> | undefined = await iterator.next()
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const next = first ? Promise.resolve(first) : iterator.next()
        first = undefined
        return next
      },
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }),
  }
}
