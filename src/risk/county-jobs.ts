import type { Reader } from '../platform/database/database.ts'
import {
  computedSummary,
  computedWorklist,
  type SummaryJob,
  type SummaryResult,
  type WorklistJob,
} from './computed-county.ts'
import type { RiskRow } from './stored-risks.ts'

/** Computations over the whole county: too long for the thread that answers requests. */
export interface CountyJobs {
  worklist(job: WorklistJob): Promise<RiskRow[]>
  summary(job: SummaryJob): Promise<SummaryResult>
}

/** The jobs on the reader of this thread. */
export function countyJobsHere(db: Reader): CountyJobs {
  return {
    worklist: (job) => computedWorklist(db, job),
    summary: (job) => computedSummary(db, job),
  }
}
