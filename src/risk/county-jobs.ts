import type { Day } from '../domain/calendar-day.ts'
import type { Reader } from '../platform/database/database.ts'
import {
  computedSummary,
  computedWorklist,
  type SummaryJob,
  type SummaryResult,
  type WorklistJob,
} from './computed-county.ts'
import { type RentsDue, type RentsDueJob, rentsDue } from './rents-due.ts'
import type { ScoreBatch } from './risk-store.ts'
import { type ScoreReport, scoreCounty } from './score-county.ts'
import type { RiskRow } from './stored-risks.ts'

/** Computations over the whole county: too long for the thread that answers requests. */
export interface CountyJobs {
  worklist(job: WorklistJob): Promise<RiskRow[]>
  summary(job: SummaryJob): Promise<SummaryResult>
  rentsDue(job: RentsDueJob): Promise<RentsDue>
  /** Hands batches to `keep` one after the other. */
  score(
    job: { asOf: Day; knownAt: string },
    keep: (batch: ScoreBatch) => Promise<void>,
  ): Promise<ScoreReport>
}

/** The jobs on the reader of this thread. */
export function countyJobsHere(db: Reader): CountyJobs {
  return {
    worklist: (job) => computedWorklist(db, job),
    summary: (job) => computedSummary(db, job),
    rentsDue: (job) => rentsDue(db, job),
    score: (job, keep) => scoreCounty(db, job, keep),
  }
}
