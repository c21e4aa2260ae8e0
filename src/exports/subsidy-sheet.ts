import { and, asc, gt, inArray, isNull, lte, or, type SQL } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import { SOURCE_NAMES, STANDING_NAMES, UNNUMBERED } from '../domain/code-words.ts'
import { groupBy } from '../domain/group-by.ts'
import { LAND_USE_NAMES } from '../domain/land-use-names.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { lastKnown, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Cell, Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { type SubsidyOnDay, subsidiesOnDay } from '../subsidies/subsidy-store.ts'
import type { Ledger, LedgerSource, LedgerWish } from './ledger.ts'

const ROWS_PER_PAGE = 200

const COLUMNS: readonly Column[] = [
  { heading: '序号', kind: 'count', width: 6 },
  { heading: '项目名称', kind: 'text', width: 28 },
  { heading: '文件依据', kind: 'text', width: 20 },
  { heading: '资金来源', kind: 'text', width: 9 },
  { heading: '年度', kind: 'text', width: 7 },
  { heading: '补助对象', kind: 'text', width: 26 },
  { heading: '统一社会信用代码', kind: 'text', width: 22 },
  { heading: '产业', kind: 'text', width: 15 },
  { heading: '补助标准', kind: 'text', width: 10 },
  { heading: '单位', kind: 'text', width: 6 },
  { heading: '核定数量', kind: 'text', width: 9 },
  { heading: '应补金额', kind: 'yuan', width: 16, total: true },
  { heading: '已补金额', kind: 'yuan', width: 16, total: true },
  { heading: '未补金额', kind: 'yuan', width: 16, total: true },
  { heading: '申报', kind: 'day', width: 12 },
  { heading: '批复', kind: 'day', width: 12 },
  { heading: '验收', kind: 'day', width: 12 },
  { heading: '公示', kind: 'day', width: 12 },
  { heading: '拨付', kind: 'day', width: 12 },
  { heading: '所处环节', kind: 'text', width: 12 },
  { heading: '未兑付原因', kind: 'prose', width: 28 },
  { heading: '责任单位', kind: 'prose', width: 18 },
  { heading: '预计兑付时间', kind: 'day', width: 13 },
  { heading: '关联合同', kind: 'text', width: 16 },
  { heading: '备注', kind: 'prose', width: 22 },
  { heading: '认定口径', kind: 'text', width: 11 },
  { heading: '合同编号', kind: 'text', width: 16 },
  { heading: '受理日期', kind: 'day', width: 12 },
  { heading: '已补日期', kind: 'day', width: 12 },
]

/** The steps of the way that have a column, by what a stage's name holds. */
const STEPS = [/申报|申请/, /批复|审批|批准/, /验收/, /公示/, /拨付|兑付|支付/]

/** 补助资金兑付台账: every subsidy as its stages have left it on the day. */
export function subsidiesLedger({ db }: LedgerSource, wish: LedgerWish): Ledger {
  return {
    columns: COLUMNS,
    keptColumns: 2,
    rows: subsidyRows(db, wish),
    sums: Object.values(STANDING_NAMES),
    notes: [
      '列入:登记截至时刻已登记的全部补助,受理日期晚于数据日期的不列;按区域导出时,列关联合同在该区域的补助,' +
        '以及未关联合同而业主在该区域有合同的补助',
      '合计:认定应付与业主主张分别加总,两者性质不同,不得相加',
      '业主主张未经认定,不代表财政应付;补助只作对照,不抵扣租金',
      '已补金额为数据日期以前兑付的金额;未补金额为应补减已补,不小于 0',
      '预计兑付时间为登记的应付日;逾期自应付日次日起算,在备注中注明',
      '申报至拨付各栏为该环节最近一次登记的日期;空白为未登记,不代表为 0',
    ],
  }
}

async function* subsidyRows(db: Reader, wish: LedgerWish): AsyncGenerator<Row> {
  const { subsidies: t } = db.tables
  const inRegion = wish.region === undefined ? undefined : ofRegion(db, wish.region, wish.knownAt)
  let no = 0
  let after = ''
  for (;;) {
    const page = await db
      .select()
      .from(t)
      .where(and(gt(t.id, after), standingFacts(t, wish.knownAt), acceptedBy(db, wish), inRegion))
      .orderBy(asc(t.id))
      .limit(ROWS_PER_PAGE)
    const facts = await pageFacts(db, page, wish)
    for (const row of page) {
      no += 1
      yield subsidyRow(no, row, facts)
    }
    const last = page.at(-1)
    if (!last || page.length < ROWS_PER_PAGE) return
    after = last.id
  }
}

/** One that was accepted later was not there on the day. */
function acceptedBy(db: Reader, { asOf }: LedgerWish): SQL | undefined {
  const { acceptedOn } = db.tables.subsidies
  return or(isNull(acceptedOn), lte(acceptedOn, asOf))
}

/** Naming a contract there, or none and an operator that leases there. */
export function ofRegion(db: Reader, region: string, knownAt: string): SQL | undefined {
  const { subsidies: t, contracts: c } = db.tables
  const there = and(within(c.villageCode, region), standingFacts(c, knownAt))
  const contracts = db.select({ id: c.id }).from(c).where(there)
  const operators = db.select({ id: c.operatorId }).from(c).where(there)
  return or(
    inArray(t.contractId, contracts),
    and(isNull(t.contractId), inArray(t.operatorId, operators)),
  )
}

type SubsidyRow = FactRow<'subsidies'>
type PageFacts = Awaited<ReturnType<typeof pageFacts>>

async function pageFacts(db: Reader, page: readonly SubsidyRow[], wish: LedgerWish) {
  const { asOf, knownAt } = wish
  const { operators: o, contracts: c, subsidyStages: s, disbursements: d } = db.tables
  const ids = page.map(({ id }) => id)
  const operatorIds = [...new Set(page.map(({ operatorId }) => operatorId))]
  const contractIds = page.flatMap(({ contractId }) => contractId ?? [])
  const operators = await db
    .select()
    .from(o)
    .where(and(inArray(o.id, operatorIds), lastKnown(o, knownAt)))
  const contracts = await db
    .select()
    .from(c)
    .where(and(inArray(c.id, contractIds), lastKnown(c, knownAt)))
  const stages = await db
    .select()
    .from(s)
    .where(and(inArray(s.subsidyId, ids), lte(s.occurredOn, asOf), standingFacts(s, knownAt)))
    .orderBy(asc(s.occurredOn), asc(s.id))
  const paid = await db
    .select()
    .from(d)
    .where(and(inArray(d.subsidyId, ids), lte(d.paidOn, asOf), standingFacts(d, knownAt)))
    .orderBy(asc(d.paidOn), asc(d.id))
  return {
    onDay: await subsidiesOnDay(db, page, { asOf, knownAt }),
    operatorOf: new Map(operators.map((row) => [row.id, row])),
    contractOf: new Map(contracts.map((row) => [row.id, row])),
    stagesOf: groupBy(stages, ({ subsidyId }) => subsidyId),
    paidOf: groupBy(paid, ({ subsidyId }) => subsidyId),
  }
}

function subsidyRow(no: number, row: SubsidyRow, facts: PageFacts): Row {
  const then = facts.onDay.get(row.id)
  if (!then) throw new Error(`subsidy ${row.id} has no state`)
  const operator = facts.operatorOf.get(row.operatorId)
  const contract = row.contractId === null ? undefined : facts.contractOf.get(row.contractId)
  const paid = facts.paidOf.get(row.id) ?? []
  const stages = facts.stagesOf.get(row.id) ?? []
  const dayOf = (step: RegExp) => stages.findLast(({ stage }) => step.test(stage))?.occurredOn
  return {
    sum: STANDING_NAMES[then.standing],
    cells: [
      no,
      row.programme,
      row.documentNo,
      row.fundingSource === null
        ? null
        : SOURCE_NAMES[row.fundingSource as keyof typeof SOURCE_NAMES],
      String(row.year),
      operator?.name ?? null,
      operator?.uscc ?? null,
      contract ? LAND_USE_NAMES[contract.landUse] : null,
      ...[null, null, null],
      then.amountFen,
      paid.reduce((sum, { amountFen }) => sum + amountFen, 0),
      then.outstandingFen,
      ...STEPS.map((step): Cell => dayOf(step) ?? null),
      then.stage,
      row.reasonUnpaid,
      row.responsibleUnit,
      then.payableOn,
      contract ? (contract.contractNo ?? UNNUMBERED) : null,
      remarks(then),
      STANDING_NAMES[then.standing],
      contract?.contractNo ?? null,
      row.acceptedOn,
      paid.at(-1)?.paidOn ?? null,
    ],
  }
}

function remarks({ standing, late, delayDays, payableOn }: SubsidyOnDay): string | null {
  if (payableOn === null) return '没有应付日期,不计逾期'
  if (!late) return null
  return standing === 'recognised'
    ? `逾期 ${delayDays} 天未兑付`
    : `业主主张,未经认定,所称应付日已过 ${delayDays} 天`
}
