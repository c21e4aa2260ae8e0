import type { Baseline, CaseEvent, CaseOutcome, CaseState } from '../../domain/case-stages.ts'
import type { Level } from '../../domain/levels.ts'
import { recorded } from './fact-columns.ts'
import type { ColumnKit } from './kit-sqlite.ts'

/** The ledger of risks (风险台账): where each case stands, and all that ever happened to it. */
export function defineCaseTables(c: ColumnKit) {
  return { ...ledgerOfRisks(c), ...findingsTable(c) }
}

function ledgerOfRisks(c: ColumnKit) {
  /** One case an operator and township, as its history has left it. */
  const cases = c.table(
    'cases',
    {
      id: c.id('id'),
      number: c.label('number'),
      operatorId: c.ref('operator_id'),
      townshipCode: c.label('township_code'),
      state: c.word<CaseState>('state'),
      episode: c.count('episode'),
      /** Counts what changed the case: its ETag. */
      version: c.count('version'),
      openedOn: c.day('opened_on'),
      episodeOn: c.day('episode_on'),
      /** The grade that the last night gave. */
      level: c.word<Level>('level'),
      measure: c.maybeLabel('measure'),
      responsibleUnit: c.maybeLabel('responsible_unit'),
      leadOfficial: c.maybeLabel('lead_official'),
      responsiblePerson: c.maybeLabel('responsible_person'),
      deadlineOn: c.maybeDay('deadline_on'),
      /** How far a deadline has escalated: 0 nobody, 1 the person, 2 the township, 3 the county. */
      deadlineTold: c.count('deadline_told'),
      /** Since when all its contracts are below the threshold: the night proposes to settle it. */
      proposedOn: c.maybeDay('proposed_on'),
      outcome: c.maybeWord<CaseOutcome>('outcome'),
      resolvedOn: c.maybeDay('resolved_on'),
      /** What the contracts owed when it was resolved; more of it later is a relapse. */
      baseline: c.maybeJson<Baseline>('baseline'),
    },
    (t) => [
      c.uniqueIndex('cases_place').on(t.operatorId, t.townshipCode),
      c.uniqueIndex('cases_number').on(t.number),
    ],
  )
  /** Appended only. Ids order it. */
  const caseEvents = c.table(
    'case_events',
    {
      id: c.id('id'),
      caseId: c.ref('case_id').references(() => cases.id),
      episode: c.count('episode'),
      kind: c.word<CaseEvent['kind']>('kind'),
      asOf: c.day('as_of'),
      detail: c.json<CaseEvent['detail']>('detail'),
      ...recorded(c),
    },
    (t) => [
      c.index('case_events_case').on(t.caseId, t.id),
      c.index('case_events_recorded').on(t.recordedAt),
    ],
  )
  return { cases, caseEvents }
}

function findingsTable(c: ColumnKit) {
  /** What nights found beside the cases and have to tell once. `key` says what it is about. */
  const nightFindings = c.table(
    'night_findings',
    {
      id: c.id('id'),
      key: c.label('key'),
      kind: c.word<FindingKind>('kind'),
      asOf: c.day('as_of'),
      /** A village of 12 digits, or a township of 9. */
      regionCode: c.label('region_code'),
      operatorId: c.maybeRef('operator_id'),
      contractId: c.maybeRef('contract_id'),
      /** The repayment plan or the subsidy that it is about. */
      subjectId: c.maybeRef('subject_id'),
      /** The day that it turns on: due, payable, breached, last heard of. */
      day: c.maybeDay('day'),
      amountFen: c.maybeFen('amount_fen'),
      recordedAt: c.instant('recorded_at'),
    },
    (t) => [
      c.uniqueIndex('night_findings_key').on(t.key),
      c.index('night_findings_recorded').on(t.recordedAt),
    ],
  )
  return { nightFindings }
}

export type FindingKind = 'promise_broken' | 'rent_due' | 'late_subsidy' | 'stale_township'
