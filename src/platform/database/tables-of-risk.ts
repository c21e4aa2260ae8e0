import { type AnyColumn, type SQL, sql } from 'drizzle-orm'
import type { ContractCheck } from '../../domain/contract-checks.ts'
import type { LandUse } from '../../domain/contract-terms.ts'
import type { Level } from '../../domain/levels.ts'
import type { RiskPolicy } from '../../domain/risk-policy.ts'
import type { Contribution } from '../../domain/risk-score.ts'
import type { ColumnKit } from './kit-sqlite.ts'

/** What is computed from the facts and kept so that it need not be computed again. */
export function defineRiskTables(c: ColumnKit) {
  return { ...scheduleTables(c), ...scoreTables(c), ...nightTables(c) }
}

function scheduleTables(c: ColumnKit) {
  /** The schedule of each contract as it was believed from `recordedAt` until `supersededAt`. */
  const instalments = c.table(
    'instalments',
    {
      contractId: c.ref('contract_id'),
      recordedAt: c.instant('recorded_at'),
      supersededAt: c.maybeInstant('superseded_at'),
      no: c.count('no'),
      rentYear: c.count('rent_year'),
      periodStart: c.day('period_start'),
      periodEnd: c.day('period_end'),
      dueOn: c.day('due_on'),
      amountFen: c.fen('amount_fen'),
      priced: c.flag('priced'),
    },
    // In SQLite the table itself lies in this order (WITHOUT ROWID, as only its migration says).
    (t) => [c.primaryKey({ columns: [t.contractId, t.recordedAt, t.no] })],
  )
  return { instalments }
}

export interface RunCounts {
  contracts: number
  scored: number
  changed: number
  byLevel: Record<Level, number>
  casesOpened: number
  casesRelapsed: number
  alertsQueued: number
}
export interface RunFailure {
  contractId: string
  code: string
  message: string
}

/** What is owed on a contract, and until when that holds. */
const owed = (c: ColumnKit) => ({
  arrearsFen: c.fen('arrears_fen'),
  unpaidYears: c.count('unpaid_years'),
  yearsOwed: c.count('years_owed'),
  arrearsClass: c.word<'none' | 'partial' | 'years'>('arrears_class'),
  oldestUnpaidDueOn: c.maybeDay('oldest_unpaid_due_on'),
  partialYears: c.count('partial_years').default(0),
  creditFen: c.fen('credit_fen').default(0),
  /** The last day on which what is owed stays as it is while nothing is recorded. */
  owedUntil: c.maybeDay('owed_until'),
})

function scoreTables(c: ColumnKit) {
  /** One row a contract: its risk as of `asOf`, or any later day on which nothing changed. */
  const risks = c.table(
    'risks',
    {
      contractId: c.id('contract_id'),
      operatorId: c.ref('operator_id'),
      villageCode: c.label('village_code'),
      landUse: c.word<LandUse>('land_use'),
      areaHundredths: c.hundredths('area_hundredths'),
      households: c.count('households'),
      startOn: c.day('start_on'),
      endOn: c.day('end_on'),
      score: c.count('score'),
      level: c.word<Level>('level'),
      ...owed(c),
      coverageFen: c.fen('coverage_fen'),
      /** null: nothing to look at. */
      checks: c.maybeJson<ContractCheck[]>('checks'),
      contributions: c.json<Contribution[]>('contributions'),
      policy: c.label('policy'),
      asOf: c.day('as_of'),
      /** The instant up to which facts were read. */
      knownAt: c.instant('known_at'),
      /** The last day on which all of it stays as it is while nothing is recorded. */
      quietUntil: c.maybeDay('quiet_until'),
    },
    (t) => {
      const byUrgency = [sql`${t.score} desc`, sql`${t.arrearsFen} desc`, t.contractId] as const
      const hasPoints = sql`${t.score} > 0`
      return [
        // The worklist of the whole county, of a land use too.
        c
          .index('risks_urgency')
          .on(...byUrgency, t.level, t.landUse)
          .where(hasPoints),
        // The worklist of a level.
        c
          .index('risks_level')
          .on(t.level, ...byUrgency, t.landUse)
          .where(hasPoints),
        // The worklist of a township, of a level too.
        c
          .index('risks_township')
          .on(townshipOf(t.villageCode), ...byUrgency, t.level, t.landUse)
          .where(hasPoints),
        // The worklist of a village.
        c
          .index('risks_village')
          .on(t.villageCode, ...byUrgency, t.level)
          .where(hasPoints),
        // The risks of an operator, which every fact about it refreshes; covers what tells a night
        // who needs no work.
        c.index('risks_operator').on(t.operatorId, t.contractId, t.quietUntil, t.knownAt, t.level),
      ]
    },
  )
  return { risks, ...scoreChangesTable(c) }
}

function scoreChangesTable(c: ColumnKit) {
  /** A row when a night found another score, or other points of a factor, than the night before. */
  const scoreChanges = c.table(
    'score_changes',
    {
      contractId: c.ref('contract_id'),
      asOf: c.day('as_of'),
      score: c.count('score'),
      level: c.word<Level>('level'),
      points: c.json<Record<string, number>>('points'),
    },
    (t) => [c.primaryKey({ columns: [t.contractId, t.asOf] })],
  )
  return { scoreChanges }
}

/** The number of a village's township, in the words of an index: its queries must use the same. */
export const townshipOf = (villageCode: AnyColumn): SQL =>
  sql`(cast(${villageCode} as bigint) / 1000)`

function nightTables(c: ColumnKit) {
  const policies = c.table('policies', {
    version: c.id('version'),
    effectiveOn: c.day('effective_on'),
    policy: c.json<RiskPolicy>('policy'),
    recordedAt: c.instant('recorded_at'),
    recordedBy: c.label('recorded_by'),
  })
  const runs = c.table('runs', {
    asOf: c.id('as_of'),
    status: c.word<'running' | 'completed' | 'failed'>('status'),
    startedAt: c.instant('started_at'),
    /** The latest attempt; later than `startedAt` while, or because, it has not been completed. */
    attemptAt: c.instant('attempt_at'),
    finishedAt: c.maybeInstant('finished_at'),
    /** Of the first attempt that was completed: from then on the day's scores were known. */
    firstStartedAt: c.maybeInstant('first_started_at'),
    firstFinishedAt: c.maybeInstant('first_finished_at'),
    policy: c.label('policy'),
    counts: c.json<RunCounts>('counts'),
    failures: c.json<RunFailure[]>('failures'),
  })
  /** The days on which a payment, a screening or an import was recorded for a township. */
  const townshipActivity = c.table(
    'township_activity',
    {
      townshipCode: c.ref('township_code'),
      day: c.day('day'),
      recordedAt: c.instant('recorded_at'),
    },
    (t) => [c.primaryKey({ columns: [t.townshipCode, t.day] })],
  )
  return { policies, runs, townshipActivity }
}
