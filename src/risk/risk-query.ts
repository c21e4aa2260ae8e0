import { z } from 'zod'
import { LAND_USES } from '../domain/contract-terms.ts'
import { LEVELS } from '../domain/levels.ts'
import { atAnotherTime, page, regionCode, uuid } from '../platform/http/fields.ts'
import type { RiskRow } from './stored-risks.ts'

/** Which contracts a list or a table is about. */
const filters = {
  region: regionCode.optional(),
  landUse: z.enum(LAND_USES).optional(),
  operatorId: uuid.optional(),
}
export const worklistQuery = z.strictObject({
  ...atAnotherTime,
  ...filters,
  level: z.enum(LEVELS).optional(),
  ...page,
})
export type WorklistQuery = z.output<typeof worklistQuery>

export const summaryQuery = z.strictObject({
  ...atAnotherTime,
  region: filters.region,
  by: z.enum(['landUse', 'township', 'village', 'operator']).optional(),
})
export type SummaryQuery = z.output<typeof summaryQuery>

export type RiskFilter = Partial<
  Pick<WorklistQuery, 'region' | 'landUse' | 'operatorId' | 'level'>
> & {
  /** In arrears, at whatever level. */
  inArrears?: boolean
}

/** The place of an item in the worklist. */
export type Urgency = Pick<RiskRow, 'score' | 'arrearsFen' | 'contractId'>

/** Most urgent first: score, then arrears, then the contract's id. */
export function byUrgency(a: Urgency, b: Urgency): number {
  return b.score - a.score || b.arrearsFen - a.arrearsFen || (a.contractId < b.contractId ? -1 : 1)
}

/** Whether a risk is asked for; level none only when it is asked for by name, or with arrears. */
export function passes(row: RiskRow, filter: RiskFilter): boolean {
  const { region, landUse, operatorId, level, inArrears } = filter
  return (
    (inArrears ? row.arrearsFen > 0 : hasLevel(row, level)) &&
    (region === undefined || row.villageCode.startsWith(region)) &&
    (landUse === undefined || row.landUse === landUse) &&
    (operatorId === undefined || row.operatorId === operatorId)
  )
}

const hasLevel = (row: RiskRow, level: RiskFilter['level']) =>
  level === undefined ? row.level !== 'none' : row.level === level
