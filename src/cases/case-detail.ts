import { and, desc, eq, inArray, isNull, lte, or } from 'drizzle-orm'
import { rowsFor } from '../access/bounds.ts'
import type { Caller } from '../access/caller.ts'
import { caseSentence } from '../domain/case-sentence.ts'
import type { CaseEvent } from '../domain/case-stages.ts'
import { levelOf } from '../domain/levels.ts'
import { nextActions } from '../domain/next-action.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { delayDays } from '../domain/subsidy-delay.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { lateSubsidies } from '../risk/late-subsidies.ts'
import { theseOperators } from '../risk/operator-scope.ts'
import { worklistItems } from '../risk/risk-view.ts'
import { staleness } from '../risk/stale-townships.ts'
import type { RiskRow } from '../risk/stored-risks.ts'
import { type CaseTime, isFlagged, risksOfCase } from './case-contracts.ts'
import type { CaseFigures } from './case-list.ts'
import { type CaseEventRow, type CaseRow, latestHistory } from './case-store.ts'
import { caseViews, subsidiesOfCase } from './case-view.ts'
import { factsForActions } from './facts-for-actions.ts'

/** The latest entries that a reply about a case carries; all are read page by page. */
const HISTORY_MAX = 500
const SIGNS_MAX = 100

/** One case as its replies show it. */
export async function caseView(db: Reader, row: CaseRow, time: CaseTime) {
  const figures = figuresOf(row, await risksOfCase(db, row), time.policy)
  const [view] = await caseViews(db, [figures], time)
  if (!view) throw new Error(`case ${row.id} has no view`)
  return view
}

/** One case with everything that a caller may know of it. */
export async function caseDetail(db: Reader, row: CaseRow, time: CaseTime, caller: Caller) {
  const { policy, scoredOn, ...at } = time
  const view = await caseView(db, row, time)
  const risks = await risksOfCase(db, row)
  const flagged = risks.filter((risk) => isFlagged(risk, policy))
  const isStale = await staleness(db, at, policy.staleDays)
  const contracts = await worklistItems(db, flagged, { ...at, asOf: scoredOn, isStale })
  const late = await lateSubsidies(db, theseOperators([row.operatorId]), at)
  const subsidies = subsidiesOfCase(row.operatorId, flagged, late).map((subsidy) => ({
    ...subsidy,
    delayDays: delayDays(at.asOf, subsidy.payableOn),
  }))
  const facts = await factsForActions(db, contracts, at, policy.planKept.planToleranceDays)
  const { coverageFen } = view
  const lateDays = subsidies.map((subsidy) => ({ ...subsidy, days: subsidy.delayDays }))
  const actions =
    row.state === 'resolved'
      ? []
      : nextActions({ asOf: at.asOf, contracts: facts, lateSubsidies: lateDays, coverageFen })
  const history = await latestHistory(db, row.id, HISTORY_MAX + 1)
  return {
    ...view,
    asOf: scoredOn,
    contracts,
    subsidies,
    petitions: await signsOfCase(db, row, risks, at, caller),
    nextAction: actions[0] ?? null,
    nextActions: actions,
    history: history.slice(-HISTORY_MAX).map(eventView),
    hasEarlierHistory: history.length > HISTORY_MAX,
  }
}

/** An entry of a case's history, with a sentence for people. */
export function eventView(row: CaseEventRow) {
  const { id, episode, kind, asOf, detail, recordedAt, recordedBy } = row
  const sentence = caseSentence({ kind, detail } as CaseEvent)
  return { id, episode, kind, asOf, detail, sentence, recordedAt, recordedBy }
}

function figuresOf(row: CaseRow, risks: readonly RiskRow[], policy: RiskPolicy): CaseFigures {
  const sum = (rows: readonly RiskRow[], of: (row: RiskRow) => number) =>
    rows.reduce((total, risk) => total + of(risk), 0)
  const flagged = risks.filter((risk) => isFlagged(risk, policy))
  const score = risks[0]?.score ?? 0
  const arrearsFen = sum(flagged, (risk) => risk.arrearsFen)
  return {
    row,
    score,
    level: levelOf(score, policy.levels),
    arrearsFen,
    households: sum(flagged, (risk) => (risk.arrearsFen > 0 ? risk.households : 0)),
    otherArrearsFen: sum(risks, (risk) => risk.arrearsFen) - arrearsFen,
  }
}

/**
 * Petition signs in the caller's region about a case's contracts or its operator; nobody's words,
 * nobody's name.
 */
async function signsOfCase(
  db: Reader,
  { operatorId }: CaseRow,
  risks: readonly RiskRow[],
  { asOf, knownAt }: AtTime,
  caller: Caller,
) {
  const { petitions: t } = db.tables
  const ids = risks.map(({ contractId }) => contractId)
  const named = or(
    inArray(t.contractId, ids),
    and(eq(t.operatorId, operatorId), isNull(t.contractId)),
  )
  return db
    .select({
      id: t.id,
      occurredOn: t.occurredOn,
      channel: t.channel,
      people: t.people,
      repeat: t.repeat,
      villageCode: t.villageCode,
      contractId: t.contractId,
    })
    .from(t)
    .where(
      and(
        named,
        lte(t.occurredOn, asOf),
        standingFacts(t, knownAt),
        rowsFor(db, 'petitions', caller),
      ),
    )
    .orderBy(desc(t.occurredOn), desc(t.id))
    .limit(SIGNS_MAX)
}
