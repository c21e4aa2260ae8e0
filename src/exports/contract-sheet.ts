import { and, asc, eq, gt, inArray, or } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import { termsOf } from '../contracts/contract-terms-store.ts'
import { amendmentWords, endWords } from '../domain/amendment-words.ts'
import type { Day } from '../domain/calendar-day.ts'
import { KIND_NAMES } from '../domain/code-words.ts'
import type { RentLine } from '../domain/contract-terms.ts'
import { dueWords } from '../domain/due-words.ts'
import { escalationWords } from '../domain/escalation-words.ts'
import { hundredths } from '../domain/hundredths.ts'
import { LAND_USE_NAMES } from '../domain/land-use-names.ts'
import { lessorWords, readLessor } from '../domain/lessor-words.ts'
import { maskLessor } from '../domain/mask-lessor.ts'
import { mailText } from '../domain/mask-name.ts'
import { hundredthsOfMu } from '../domain/mu.ts'
import { termEndOn } from '../domain/rent-schedule.ts'
import { rentWords } from '../domain/rent-words.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { lastKnown, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Cell, Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { regionNames } from '../regions/region-store.ts'
import { contractChanges } from './contract-changes.ts'
import type { Ledger, LedgerSource, LedgerWish } from './ledger.ts'
import { personCells } from './masked-rows.ts'

const ROWS_PER_PAGE = 200

const COLUMNS: readonly Column[] = [
  { heading: '合同编号', kind: 'text', width: 14 },
  { heading: '出租方', kind: 'text', width: 24 },
  { heading: '承租方', kind: 'text', width: 25 },
  { heading: '村组', kind: 'text', width: 12 },
  { heading: '地块', kind: 'text', width: 9 },
  { heading: '面积(亩)', kind: 'mu', width: 11, total: true },
  { heading: '田', kind: 'mu', width: 11, total: true },
  { heading: '土', kind: 'mu', width: 11, total: true },
  { heading: '用途', kind: 'text', width: 15 },
  { heading: '起', kind: 'day', width: 12 },
  { heading: '止', kind: 'day', width: 12 },
  { heading: '租金标准', kind: 'prose', width: 26 },
  { heading: '支付方式', kind: 'prose', width: 22 },
  { heading: '递增', kind: 'text', width: 14 },
  { heading: '保证金', kind: 'yuan', width: 14, total: true },
  { heading: '备案', kind: 'text', width: 7 },
  { heading: '备注', kind: 'prose', width: 18 },
  { heading: '统一社会信用代码', kind: 'text', width: 22 },
  { heading: '法人', kind: 'text', width: 9 },
  { heading: '联系电话', kind: 'text', width: 16 },
  { heading: '业主类型', kind: 'text', width: 11 },
  { heading: '乡镇', kind: 'text', width: 12 },
  { heading: '村', kind: 'text', width: 12 },
  { heading: '村代码', kind: 'text', width: 16 },
  { heading: '出租方类型', kind: 'text', width: 12 },
  { heading: '户数', kind: 'count', width: 7, total: true },
  { heading: '人数', kind: 'count', width: 7, total: true },
  { heading: '签订日期', kind: 'day', width: 12 },
  { heading: '违约金(‱/日)', kind: 'percent', width: 10 },
  { heading: '宽限期(天)', kind: 'count', width: 9 },
  { heading: '履约保险', kind: 'text', width: 9 },
  { heading: '变更', kind: 'prose', width: 44 },
  { heading: '终止', kind: 'prose', width: 26 },
]

const MASKED = ';法人、联系电话、农户姓名,以及文字中的手机号、身份证号已作隐去处理'

/** 流转台账: every contract as agreed, what changed it and its early end beside it. */
export function contractsLedger({ db }: LedgerSource, wish: LedgerWish): Ledger {
  return {
    columns: COLUMNS,
    keptColumns: 3,
    rows: contractRows(db, wish),
    notes: [
      '列入:登记截至时刻已登记的全部合同,含未到起租日、已到期、已终止的,在备注中注明;按村代码、登记先后排列',
      '面积、租金标准、支付方式、递增、起、止为合同签订时的约定;此后的变更、提前终止另见变更、终止两栏',
      '合计:加总本表各行的面积、保证金、户数、人数,涉及多份合同的农户按户次计,未登记的不计;' +
        '田、土面积只计合同写明田、土的部分',
      `空白为未登记或未约定,不代表违规${wish.revealed ? '' : MASKED}`,
    ],
  }
}

async function* contractRows(db: Reader, wish: LedgerWish): AsyncGenerator<Row> {
  const { knownAt, region } = wish
  const { contracts: t } = db.tables
  const names = await regionNames(db, knownAt)
  let after: FactRow<'contracts'> | undefined
  do {
    const page: FactRow<'contracts'>[] = await db
      .select()
      .from(t)
      .where(
        and(
          standingFacts(t, knownAt),
          region === undefined ? undefined : within(t.villageCode, region),
          after && later(db, after),
        ),
      )
      .orderBy(asc(t.villageCode), asc(t.id))
      .limit(ROWS_PER_PAGE)
    for (const facts of await pageFacts(db, page, knownAt)) yield contractRow(facts, names, wish)
    after = page.length < ROWS_PER_PAGE ? undefined : page.at(-1)
  } while (after)
}

function later(db: Reader, { villageCode, id }: FactRow<'contracts'>) {
  const { contracts: t } = db.tables
  return or(gt(t.villageCode, villageCode), and(eq(t.villageCode, villageCode), gt(t.id, id)))
}

interface ContractFacts {
  contract: FactRow<'contracts'>
  operator: FactRow<'operators'> | undefined
  amendments: FactRow<'contractAmendments'>[]
  end: FactRow<'contractEnds'> | undefined
}

async function pageFacts(
  db: Reader,
  page: readonly FactRow<'contracts'>[],
  knownAt: string,
): Promise<ContractFacts[]> {
  const { operators: o } = db.tables
  const operatorIds = [...new Set(page.map(({ operatorId }) => operatorId))]
  const operators = await db
    .select()
    .from(o)
    .where(and(inArray(o.id, operatorIds), lastKnown(o, knownAt)))
  const operatorOf = new Map(operators.map((row) => [row.id, row]))
  const ids = page.map(({ id }) => id)
  const { amendmentsOf, endOf } = await contractChanges(db, ids, { knownAt })
  return page.map((contract) => ({
    contract,
    operator: operatorOf.get(contract.operatorId),
    amendments: amendmentsOf.get(contract.id) ?? [],
    end: endOf.get(contract.id),
  }))
}

function contractRow(
  facts: ContractFacts,
  names: ReadonlyMap<string, string>,
  wish: LedgerWish,
): Row {
  const { contract, operator } = facts
  const { villageCode, rent } = contract
  const township = villageCode.slice(0, 9)
  const village = names.get(villageCode) ?? villageCode
  return {
    cells: [
      contract.contractNo,
      lessorOf(contract, wish),
      operator?.name ?? null,
      village,
      null,
      contract.areaHundredths,
      areaOf(rent.lines, 'paddy'),
      areaOf(rent.lines, 'dry'),
      LAND_USE_NAMES[contract.landUse],
      contract.startOn,
      contract.endOn,
      rentWords(rent.lines),
      dueWords(rent),
      escalationWords(rent.escalation),
      contract.riskDepositFen || null,
      null,
      remarks(facts, wish.asOf),
      ...operatorCells(operator, wish),
      names.get(township) ?? township,
      village,
      villageCode,
      contract.lessorKind === 'household' ? '农户' : '村集体',
      contract.households,
      contract.people,
      contract.signedOn,
      contract.penaltyPer10kPerDay === 0 ? null : hundredths(contract.penaltyPer10kPerDay),
      contract.toleranceDays,
      contract.insured ? '是' : null,
      ...changeCells(facts),
    ],
  }
}

/**
 * Who leases out, a person's name masked, the count behind it: so it is not read back as another
 * name, nor as a count that nobody has recorded. A collective goes without a person's name.
 */
function lessorOf(
  { lessorKind, lessorName, households }: FactRow<'contracts'>,
  { revealed }: LedgerWish,
): string {
  const kind = lessorKind === 'household' ? 'household' : 'village_collective'
  const counted = households ?? undefined
  const name = lessorName ?? undefined
  const masked = name === undefined || revealed ? name : maskLessor(kind, name)
  // Numbers in a name that is shown are masked with all that is written by hand.
  if (masked === name || masked === mailText(name ?? ''))
    return lessorWords({ kind, name, households: counted })
  if (masked === undefined || kind !== 'household')
    return lessorWords({ kind, households: counted })
  if (/\d户$/.test(masked) && counted !== undefined) return masked
  const asShown = counted === undefined ? [masked, nameAlone(masked)] : [`${masked}${counted}户`]
  return (
    asShown.find((words) => saysCount(words, counted)) ?? lessorWords({ kind, households: counted })
  )
}

/** Without what follows a person's name (等35户). */
const nameAlone = (name: string) => name.replace(/(?:等|\d).*$/su, '')

function saysCount(words: string, households: number | undefined): boolean {
  const read = readLessor(words)
  return read !== undefined && 'value' in read && read.value.households === households
}

function areaOf(lines: readonly RentLine[], land: RentLine['land']): number | null {
  const ofLand = lines.filter((line) => line.land === land)
  return ofLand.length === 0
    ? null
    : ofLand.reduce((sum, { areaMu }) => sum + hundredthsOfMu(areaMu), 0)
}

const operatorCells = (operator: FactRow<'operators'> | undefined, wish: LedgerWish): Cell[] => [
  operator?.uscc ?? null,
  ...personCells(operator, wish),
  operator ? (KIND_NAMES[operator.kind as keyof typeof KIND_NAMES] ?? null) : null,
]

function changeCells({ amendments, end }: ContractFacts): Cell[] {
  const agreed = amendments.map(({ effectiveOn, reason, rent, endOn }) => ({
    effectiveOn,
    reason,
    ...(rent !== null && { rent }),
    ...(endOn !== null && { endOn }),
  }))
  return [amendmentWords(agreed) || null, end ? endWords(end) : null]
}

function remarks(facts: ContractFacts, asOf: Day): string | null {
  const endOn = termEndOn(termsOf(facts))
  if (facts.contract.startOn > asOf) return '未到起租日'
  if (asOf <= endOn) return null
  return facts.end?.endedOn === endOn ? `已于 ${endOn} 终止` : '已到期'
}
