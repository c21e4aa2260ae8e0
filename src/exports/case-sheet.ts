import { and, inArray } from 'drizzle-orm'
import type { CaseEventRow, CaseRow } from '../cases/case-store.ts'
import { CASE_STATE_NAMES, caseSentence, OUTCOME_NAMES } from '../domain/case-sentence.ts'
import type { CaseEvent } from '../domain/case-stages.ts'
import { LEVEL_NAMES } from '../domain/levels.ts'
import { mailText } from '../domain/mask-name.ts'
import { lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { regionNames } from '../regions/region-store.ts'
import { operatorNames } from '../risk/risk-view.ts'
import { type CaseThen, casesThen } from './case-days.ts'
import type { CaseFigures } from './case-figures.ts'
import { type Ledger, type LedgerSource, type LedgerWish, namesKnownAt } from './ledger.ts'
import { listedCases } from './listed-cases.ts'

const CASES_PER_PAGE = 100

const COLUMNS: readonly Column[] = [
  { heading: '编号', kind: 'text', width: 14 },
  { heading: '业主', kind: 'text', width: 25 },
  { heading: '乡镇', kind: 'text', width: 11 },
  { heading: '关联合同', kind: 'prose', width: 15 },
  { heading: '首次发现时间', kind: 'day', width: 14 },
  { heading: '等级', kind: 'text', width: 6 },
  { heading: '涉及金额', kind: 'yuan', width: 15, total: true },
  { heading: '涉及户数', kind: 'count', width: 8, total: true },
  { heading: '措施', kind: 'prose', width: 24 },
  { heading: '责任单位', kind: 'prose', width: 15 },
  { heading: '包案领导', kind: 'prose', width: 12 },
  { heading: '责任人', kind: 'prose', width: 12 },
  { heading: '时限', kind: 'day', width: 12 },
  { heading: '化解过程', kind: 'prose', width: 44 },
  { heading: '状态', kind: 'text', width: 9 },
  { heading: '结果', kind: 'text', width: 11 },
]

/** 风险台账: every case that was open or settled on the day, the most urgent first. */
export function casesLedger(source: LedgerSource, wish: LedgerWish): Ledger {
  return {
    columns: COLUMNS,
    keptColumns: 0,
    rows: caseRows(source, wish),
    notes: [
      '列入:全部风险,含已化解的;每个业主在每个乡镇一案',
      '等级为内部研判等级,由分值得出;等级、涉及金额、涉及户数按数据日期计;' +
        '关联合同为达到列管等级的合同,涉及金额、涉及户数只计这些合同的欠租',
      '措施、状态、化解过程为截至数据日期、登记时刻的情况',
      '排序:分值高的在前,分值相同的涉及金额大的在前',
      '合计:加总本表各案的金额、户数,涉及多份合同的农户按户次计',
      `化解过程:列最近 ${STEPS_MAX} 条,过长的从略;查看和发送记录不列`,
    ],
  }
}

async function* caseRows(source: LedgerSource, wish: LedgerWish): AsyncGenerator<Row> {
  const { db } = source
  const namesAt = namesKnownAt(wish)
  const townships = await regionNames(db, namesAt)
  const listed = await listedCases(source, wish)
  for (let at = 0; at < listed.length; at += CASES_PER_PAGE) {
    const page = listed.slice(at, at + CASES_PER_PAGE)
    const rows = page.map(({ row }) => row)
    const then = await casesThen(db, rows, wish)
    const operatorIds = rows.map(({ operatorId }) => operatorId)
    const operators = await operatorNames(db, operatorIds, namesAt)
    const ids = page.flatMap((one) => one.figures.contractIds)
    const contractNos = await contractNumbers(db, ids, namesAt)
    for (const { row, figures } of page) {
      const found = then.get(row.id)
      if (!found) continue
      const numbers = numberWords(figures.contractIds.map((id) => contractNos.get(id) ?? null))
      const who = [
        operators.get(row.operatorId) ?? null,
        townships.get(row.townshipCode) ?? row.townshipCode,
      ]
      yield caseRow(row, found, figures, who, numbers, wish)
    }
  }
}

function caseRow(
  { number }: CaseRow,
  { state, openedOn, fixes, outcome, history }: CaseThen,
  { level, arrearsFen, households }: CaseFigures,
  who: readonly (string | null)[],
  contracts: string | null,
  wish: LedgerWish,
): Row {
  const fixed = [
    fixes?.measure,
    fixes?.responsibleUnit,
    fixes?.leadOfficial,
    fixes?.responsiblePerson,
  ]
  return {
    level,
    cells: [
      number,
      ...who,
      contracts,
      openedOn,
      LEVEL_NAMES[level],
      arrearsFen,
      households,
      ...fixed.map((words) => words ?? null),
      fixes?.deadlineOn ?? null,
      stepsOf(history, wish),
      CASE_STATE_NAMES[state],
      outcome === undefined ? null : OUTCOME_NAMES[outcome],
    ],
  }
}

const STEPS_MAX = 10
const STEP_LENGTH_MAX = 100

/** The last entries of a history, a line each. */
function stepsOf(history: readonly CaseEventRow[], { revealed }: LedgerWish): string {
  const left = history.length - STEPS_MAX
  const steps = history.slice(-STEPS_MAX).map(({ asOf, kind, detail }) => {
    const said = caseSentence({ kind, detail } as CaseEvent)
    const sentence = revealed ? said : mailText(said)
    const isLong = sentence.length > STEP_LENGTH_MAX
    return `${asOf} ${isLong ? `${sentence.slice(0, STEP_LENGTH_MAX)}…` : sentence}`
  })
  return [...(left > 0 ? [`(此前 ${left} 条从略)`] : []), ...steps].join('\n')
}

/** The numbers of contracts; how many have none. */
function numberWords(numbers: readonly (string | null)[]): string | null {
  const known = numbers.filter((number) => number !== null)
  const unnumbered = numbers.length - known.length
  const words = unnumbered > 0 ? [...known, `无编号 ${unnumbered} 份`] : known
  return words.length > 0 ? words.join('\n') : null
}

async function contractNumbers(db: Reader, ids: readonly string[], knownAt: string) {
  const { contracts: t } = db.tables
  const rows = await db
    .select({ id: t.id, contractNo: t.contractNo })
    .from(t)
    .where(and(inArray(t.id, [...ids]), lastKnown(t, knownAt)))
  return new Map(rows.map(({ id, contractNo }) => [id, contractNo]))
}
