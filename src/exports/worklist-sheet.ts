import { LAND_USE_NAMES } from '../domain/land-use-names.ts'
import { LEVEL_NAMES } from '../domain/levels.ts'
import { mailText } from '../domain/mask-name.ts'
import { hundredthsOfMu } from '../domain/mu.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import { withoutSource } from '../domain/risk-reason.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { regionNames } from '../regions/region-store.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { type ViewFacts, worklistItems } from '../risk/risk-view.ts'
import { staleness } from '../risk/stale-townships.ts'
import type { RiskRow } from '../risk/stored-risks.ts'
import { type Ledger, type LedgerSource, type LedgerWish, namesKnownAt } from './ledger.ts'
import { mailNames } from './mail-names.ts'
import { riskPages } from './risk-pages.ts'

export const WORKLIST_COLUMNS: readonly Column[] = [
  { heading: '序号', kind: 'count', width: 7 },
  { heading: '等级', kind: 'text', width: 7 },
  { heading: '分值', kind: 'count', width: 7 },
  { heading: '业主', kind: 'text', width: 31 },
  { heading: '合同编号', kind: 'text', width: 14 },
  { heading: '乡镇', kind: 'text', width: 13 },
  { heading: '村', kind: 'text', width: 13 },
  { heading: '产业', kind: 'text', width: 17 },
  { heading: '面积(亩)', kind: 'mu', width: 11, total: true },
  { heading: '涉及户数', kind: 'count', width: 11, total: true },
  { heading: '欠租金额(元)', kind: 'yuan', width: 16, total: true },
  { heading: '欠租年数', kind: 'count', width: 11 },
  { heading: '逾期天数', kind: 'count', width: 11 },
  { heading: '可覆盖补助(元)', kind: 'yuan', width: 17 },
  { heading: '依据', kind: 'prose', width: 60 },
]

interface WorklistView extends AtTime {
  /** Up to when names were recorded: stored risks speak for all that is recorded by now. */
  namesAt: string
  /** Names of persons masked, no word that somebody wrote. */
  forMail: boolean
}

/** Risks as the rows of a worklist, in the order in which they come. */
export async function* worklistRows(
  db: Reader,
  pages: AsyncIterable<RiskRow[]>,
  { asOf, knownAt, namesAt, forMail }: WorklistView,
): AsyncGenerator<Row> {
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const isStale = await staleness(db, { asOf, knownAt }, policy.staleDays)
  const names = await regionNames(db, namesAt)
  const view = { asOf, knownAt: namesAt, isStale }
  let no = 0
  for await (const page of pages) {
    const items = forMail ? await itemsForMail(db, page, view) : await worklistItems(db, page, view)
    for (const item of items) {
      no += 1
      yield worklistRow(no, item, names)
    }
  }
}

type Item = Awaited<ReturnType<typeof worklistItems>>[number]

async function itemsForMail(db: Reader, page: readonly RiskRow[], view: ViewFacts) {
  const operatorIds = page.map(({ operatorId }) => operatorId)
  const names = await mailNames(db, operatorIds, view.knownAt)
  const sourceless = page.map((row) => ({
    ...row,
    contributions: row.contributions.map(withoutSource),
  }))
  const items = await worklistItems(db, sourceless, view)
  return items.map((item) => ({
    ...item,
    operatorName: names.get(item.operatorId) ?? '',
    contractNo: item.contractNo === null ? null : mailText(item.contractNo),
  }))
}

function worklistRow(no: number, item: Item, names: ReadonlyMap<string, string>): Row {
  return {
    level: item.level,
    cells: [
      no,
      LEVEL_NAMES[item.level],
      item.score,
      item.operatorName,
      item.contractNo,
      mailText(names.get(item.villageCode.slice(0, 9)) ?? item.villageCode.slice(0, 9)),
      mailText(names.get(item.villageCode) ?? item.villageCode),
      LAND_USE_NAMES[item.landUse],
      hundredthsOfMu(item.areaMu),
      item.households,
      item.arrearsFen,
      item.yearsOwed,
      item.daysOverdue,
      item.coverageFen,
      mailText(item.reasons.join(';')),
    ],
  }
}

/** 工作清单: what to work on, the most urgent first. */
export function worklistLedger(source: LedgerSource, wish: LedgerWish): Ledger {
  const { asOf, knownAt, region } = wish
  const pages = riskPages(source, wish, { ...(region !== undefined && { region }) })
  const view = { asOf, knownAt, namesAt: namesKnownAt(wish), forMail: false }
  return {
    columns: WORKLIST_COLUMNS,
    keptColumns: 0,
    rows: worklistRows(source.db, pages, view),
    notes: [
      '等级为内部研判等级,由分值得出,供内部摸排使用',
      '排序:分值高的在前,分值相同的欠租金额大的在前;等级为无的合同不列',
      ...WORKLIST_NOTES,
    ],
  }
}

/** How the sums and the figures of a worklist are made. */
export const WORKLIST_NOTES = [
  '合计:只加总本表所列合同的面积、户数、欠租金额,每份合同计一次,涉及多份合同的农户按户次计',
  '可覆盖补助:逾期未兑付的认定补助可覆盖本合同欠租的部分,只作对照,不抵扣租金;' +
    '同一笔补助可对应多份合同,不作合计',
  '欠租年数为折合的满年数,0 为部分欠租(折合不足 1 年)或不欠租;逾期天数从最早一期未付租金的应付日次日起算',
]
