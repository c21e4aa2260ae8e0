import { and, inArray } from 'drizzle-orm'
import { LAND_USE_NAMES } from '../domain/land-use-names.ts'
import { LEVEL_NAMES } from '../domain/levels.ts'
import { mailName, mailText } from '../domain/mask-name.ts'
import { hundredthsOfMu } from '../domain/mu.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import { withoutSource } from '../domain/risk-reason.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { ALL_KNOWN, lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { regionNames } from '../regions/region-store.ts'
import type { RiskRow } from '../risk/assess-operators.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { worklistItems } from '../risk/risk-view.ts'
import { staleness } from '../risk/stale-townships.ts'
import { storedWorklist } from '../risk/stored-county.ts'

const ROWS_PER_PAGE = 200

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

interface WorklistScope extends AtTime {
  region: string
  rowsMax: number
}

/** The stored worklist of a region, most urgent first, as rows that may go by mail. */
export async function* worklistRows(db: Reader, scope: WorklistScope): AsyncGenerator<Row> {
  const { asOf, knownAt, region, rowsMax } = scope
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const isStale = await staleness(db, scope, policy.staleDays)
  const names = await regionNames(db)
  const listed = new Set<string>()
  let after: RiskRow | undefined
  while (listed.size < rowsMax) {
    const page = await storedWorklist(db, { region }, after, ROWS_PER_PAGE)
    after = page.at(-1)
    if (!after) return
    // A contract that a payment moved down meanwhile comes by again.
    const rows = page
      .filter(({ contractId }) => !listed.has(contractId))
      .slice(0, rowsMax - listed.size)
    const kinds = await operatorKinds(db, rows)
    const sourceless = rows.map((row) => ({
      ...row,
      contributions: row.contributions.map(withoutSource),
    }))
    // Stored risks speak for what is recorded by now, so do their names.
    const items = await worklistItems(db, sourceless, { asOf, knownAt: ALL_KNOWN, isStale })
    for (const item of items) {
      listed.add(item.contractId)
      yield worklistRow(listed.size, item, kinds, names)
    }
  }
}

type Item = Awaited<ReturnType<typeof worklistItems>>[number]

function worklistRow(
  no: number,
  item: Item,
  kinds: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): Row {
  return {
    level: item.level,
    cells: [
      no,
      LEVEL_NAMES[item.level],
      item.score,
      mailName(kinds.get(item.operatorId) ?? 'individual', item.operatorName ?? ''),
      item.contractNo === null ? null : mailText(item.contractNo),
      mailText(names.get(item.villageCode.slice(0, 9)) ?? item.villageCode.slice(0, 9)),
      mailText(names.get(item.villageCode) ?? item.villageCode),
      LAND_USE_NAMES[item.landUse],
      hundredthsOfMu(item.areaMu),
      item.households,
      item.arrearsFen,
      item.yearsOwed,
      item.daysOverdue,
      item.coverageFen,
      item.reasons.join(';'),
    ],
  }
}

async function operatorKinds(db: Reader, rows: readonly RiskRow[]): Promise<Map<string, string>> {
  const { operators: t } = db.tables
  const ids = [...new Set(rows.map(({ operatorId }) => operatorId))]
  const found = await db
    .select({ id: t.id, kind: t.kind })
    .from(t)
    .where(and(inArray(t.id, ids), lastKnown(t, ALL_KNOWN)))
  return new Map(found.map(({ id, kind }) => [id, kind]))
}
