import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import {
  type CaseFixes,
  type CaseProblem,
  fixesProblem,
  resolutionProblem,
} from '../domain/case-stages.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import { Refusal } from '../errors.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import type { Writer } from '../platform/database/database.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { refreshRisks } from '../risk/refresh-risks.ts'
import type { fixesBody, progressBody, resolutionBody } from './case-bodies.ts'
import { caseContracts, risksOfCase } from './case-contracts.ts'
import { appendEvent, type CaseRow, getCase, lastSeen, moveCase } from './case-store.ts'
import { holdVersion } from './hold-version.ts'

/** Who moves a case, and which version of it was read. */
export interface Mover {
  caller: Caller
  ifMatch: string | undefined
}

/** 定四定. Refuses: not-found, case-changed, case-resolved, fix-missing, deadline-in-past. */
export async function fixCase(
  tx: Writer,
  mover: Mover,
  id: string,
  body: z.output<typeof fixesBody>,
): Promise<CaseRow> {
  const before = await caseToMove(tx, mover, id)
  refuseProblem(fixesProblem(before.state, body, tx.today))
  const fixes = body as CaseFixes
  const deadlineTold = fixes.deadlineOn === before.deadlineOn ? before.deadlineTold : 0
  const change = { ...fixes, state: 'resolving' as const, deadlineTold }
  return moveCase(tx, before, change, { kind: 'fixed', detail: fixes, ...stamp(tx, mover) })
}

/** 记进展. Refuses: not-found, case-changed, day-in-future. */
export async function noteProgress(
  tx: Writer,
  mover: Mover,
  id: string,
  { note, occurredOn }: z.output<typeof progressBody>,
): Promise<CaseRow> {
  const before = await caseToMove(tx, mover, id)
  if (occurredOn !== undefined) refuseFuture(tx, 'occurredOn', occurredOn)
  const detail = { note, ...(occurredOn !== undefined && { occurredOn }) }
  return moveCase(tx, before, {}, { kind: 'progressed', detail, ...stamp(tx, mover) })
}

/**
 * 化解. Refuses: not-found, case-changed, case-resolved, no-contracts, arrears-remain,
 * fixes-needed.
 */
export async function resolveCase(
  tx: Writer,
  mover: Mover,
  id: string,
  { outcome, evidence }: z.output<typeof resolutionBody>,
): Promise<CaseRow> {
  const before = await caseToMove(tx, mover, id)
  // Judged by what is owed today: the last night may lie days back.
  tx.touched.add(before.operatorId)
  await refreshRisks(tx, () => undefined)
  const risks = await risksOfCase(tx, before)
  const policy = policyInForce(await allPolicies(tx), tx.today)
  const contracts = caseContracts(risks, policy)
  refuseProblem(resolutionProblem(before.state, outcome, contracts))
  const owed = contracts.map(({ contractId, arrearsFen, level }) => {
    return [contractId, { arrearsFen, level }] as const
  })
  const arrearsFen = contracts.reduce((sum, contract) => sum + contract.arrearsFen, 0)
  const change = {
    state: 'resolved' as const,
    outcome,
    resolvedOn: tx.today,
    proposedOn: null,
    baseline: { asOf: tx.today, contracts: Object.fromEntries(owed) },
  }
  const detail = { outcome, evidence, arrearsFen }
  return moveCase(tx, before, change, { kind: 'resolved', detail, ...stamp(tx, mover) })
}

/** 重新打开: a new episode. Refuses: not-found, case-changed, case-not-resolved. */
export async function reopenCase(
  tx: Writer,
  mover: Mover,
  id: string,
  { reason }: { reason: string },
): Promise<CaseRow> {
  const before = await caseToMove(tx, mover, id)
  if (before.state !== 'resolved') {
    const words = { zh: '只有已化解的风险可以重新打开', en: 'only a resolved case can be reopened' }
    throw new Refusal('conflict', 'case-not-resolved', words)
  }
  const change = newEpisode(before, tx.today)
  return moveCase(tx, before, change, {
    kind: 'reopened',
    detail: { reason },
    ...stamp(tx, mover),
  })
}

/** A new episode begins without fixes, outcome and deadline; those before stay in the history. */
export function newEpisode({ episode }: Pick<CaseRow, 'episode'>, asOf: string) {
  return {
    state: 'relapsed' as const,
    episode: episode + 1,
    episodeOn: asOf,
    measure: null,
    responsibleUnit: null,
    leadOfficial: null,
    responsiblePerson: null,
    deadlineOn: null,
    deadlineTold: 0,
    proposedOn: null,
    outcome: null,
    resolvedOn: null,
    baseline: null,
  }
}

/** Keeps who looked at which version of a case, once. */
export async function noteSeen(tx: Writer, id: string, by: string): Promise<void> {
  const row = await getCase(tx, id)
  if ((await lastSeen(tx, id, by)) === row.version) return
  const detail = { version: row.version }
  await appendEvent(tx, row, { kind: 'seen', detail, asOf: tx.today, by })
}

async function caseToMove(tx: Writer, { ifMatch }: Mover, id: string): Promise<CaseRow> {
  const row = await getCase(tx, id)
  holdVersion(row, ifMatch)
  return row
}

const stamp = (tx: Writer, { caller }: Mover) => ({ asOf: tx.today, by: caller.label })

function refuseProblem(problem: CaseProblem | undefined): void {
  if (!problem) return
  const { kind, code, zh, en, field } = problem
  throw new Refusal(kind, code, { zh, en }, field)
}
