import { CASE_STATE_NAMES } from '../../src/domain/case-sentence.ts'
import { CASE_STATES, type CaseOutcome, type CaseState } from '../../src/domain/case-stages.ts'
import { wan } from '../../src/domain/fen.ts'
import { LEVEL_NAMES, LEVELS, type Level } from '../../src/domain/levels.ts'
import { clipped, textTable, wrapped } from './text-table.ts'

const OPERATOR_COLUMNS = 32

/** A case as the list of cases shows it, as far as the report does. */
export interface ListedCase {
  id: string
  number: string
  operatorName: string
  townshipName: string
  state: CaseState
  outcome: CaseOutcome | null
  level: Level
  arrearsFen: number
  otherArrearsFen: number
  deadlineOn: string | null
  proposedOn: string | null
}

/** 风险台账 by state and grade, as it stands at the instant `at`. */
export function printLedger(
  print: (line?: string) => void,
  cases: readonly ListedCase[],
  at: string,
): void {
  const count = (state: CaseState, level?: Level) =>
    String(cases.filter((c) => c.state === state && (c.level === level || !level)).length)
  const rows = CASE_STATES.map((state) => [
    CASE_STATE_NAMES[state],
    count(state),
    ...LEVELS.map((level) => count(state, level)),
  ])
  print()
  print(`风险台账 共 ${cases.length} 件,截至 ${at}(夜间研判之后又有登记,与夜里的邮件略有出入)`)
  textTable([['状态', '数量', ...LEVELS.map((level) => LEVEL_NAMES[level])], ...rows]).forEach(
    print,
  )
}

/** One of each kind that tells something; the list comes most urgent first. */
export function tellingCases(cases: readonly ListedCase[]): ListedCase[] {
  const inState = (state: CaseState) => cases.filter((one) => one.state === state)
  const byDeadline = inState('resolving').toSorted((a, b) =>
    (a.deadlineOn ?? '') < (b.deadlineOn ?? '') ? -1 : 1,
  )
  const [unresolved, resolved] = [inState('unresolved'), inState('resolved')]
  const told = [
    inState('relapsed')[0],
    ...byDeadline.slice(0, 2),
    resolved.find(({ outcome }) => outcome === 'paid'),
    resolved.find(({ outcome }) => outcome === 'agreed'),
    unresolved.find(({ proposedOn }) => proposedOn !== null),
    unresolved[0],
  ]
  return told.filter((one) => one !== undefined)
}

/** The cases in a table, and below it what to do next about each that is open. */
export function printCases(
  print: (line?: string) => void,
  cases: readonly (ListedCase & { nextAction: { reason: string } | null })[],
): void {
  const rows = cases.map((one) => [
    one.number,
    clipped(one.operatorName, OPERATOR_COLUMNS),
    one.townshipName,
    CASE_STATE_NAMES[one.state] + outcomeOf(one),
    LEVEL_NAMES[one.level],
    one.deadlineOn ?? '-',
    wan(one.arrearsFen + one.otherArrearsFen),
  ])
  print()
  print('其中几件(欠租单位:万元;下一步为建议,由人决定)')
  const headings = ['编号', '业主', '乡镇', '状态', '等级', '时限', '欠租']
  textTable([headings, ...rows], headings.length - 1).forEach(print)
  for (const { number, nextAction } of cases)
    if (nextAction) wrapped(`  ${number} 下一步:${nextAction.reason}`, '    ').forEach(print)
}

const OUTCOMES: Partial<Record<CaseOutcome, string>> = { paid: '(付清)', agreed: '(协议)' }
const outcomeOf = ({ outcome, proposedOn }: ListedCase) =>
  outcome ? (OUTCOMES[outcome] ?? '') : proposedOn ? '(建议化解)' : ''
