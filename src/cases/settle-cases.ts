import { setImmediate } from 'node:timers/promises'
import { SERVICE } from '../access/caller.ts'
import {
  type CaseEvent,
  DEADLINE_STEPS,
  deadlineStepsReached,
  relapseCauses,
} from '../domain/case-stages.ts'
import { groupBy } from '../domain/group-by.ts'
import { levelOf } from '../domain/levels.ts'
import type { Database, Reader, Writer } from '../platform/database/database.ts'
import { caseContracts } from './case-contracts.ts'
import type { CaseNight } from './case-night.ts'
import { type CaseRow, keepNightMoves, type NightMove } from './case-store.ts'
import { newEpisode } from './move-case.ts'
import { openCases } from './open-cases.ts'
import { operatorsToSettle } from './operators-to-settle.ts'
import {
  casesOf,
  flaggedRisks,
  type Place,
  placeFigures,
  placeOf,
  placeOfVillage,
} from './place-figures.ts'

/** So many at a time hold the writer for some milliseconds. */
const OPERATORS_PER_TRANSACTION = 100

/**
 * The night's work on the ledger of risks, from the stored risks of the day: opens a case for each
 * operator and township with a flagged contract, grades those that are open, proposes to settle
 * those without a flagged contract, takes up resolved ones that got worse, escalates deadlines.
 * In many transactions, each of which reads anew what it changes: done again with the same facts it
 * changes nothing, and after a crash it does the rest. Each of them begins with `hold`.
 */
export async function settleCases(
  db: Pick<Database, 'read' | 'transaction'>,
  night: CaseNight,
  hold: (tx: Writer) => Promise<void>,
): Promise<void> {
  await openCases(db, night, hold)
  for await (const operators of operatorsToSettle(db.read, night)) {
    for (let at = 0; at < operators.length; at += OPERATORS_PER_TRANSACTION) {
      const part = operators.slice(at, at + OPERATORS_PER_TRANSACTION)
      // Most of the resolved ones with a flagged contract owe what they owed: no need to write.
      const moves = await nightMoves(db.read, night, part)
      if (moves.length > 0)
        await db.transaction(async (tx) => {
          await hold(tx)
          const stamp = { asOf: night.asOf, by: SERVICE.label }
          await keepNightMoves(tx, await nightMoves(tx, night, part), stamp)
        })
      await setImmediate()
    }
  }
}

/** What is to be done about the cases of some operators. */
async function nightMoves(
  db: Reader,
  night: CaseNight,
  operatorIds: readonly string[],
): Promise<NightMove[]> {
  const rows = await casesOf(db, operatorIds)
  const places = await placeFigures(db, night.policy, operatorIds)
  const because = await relapses(db, night, rows)
  return rows.flatMap((row) => {
    const place = places.get(placeOf(row))
    const causes = because.get(row.id) ?? []
    if (row.state === 'resolved' && causes.length === 0) return []
    const episode = row.state === 'resolved' ? newEpisode(row, night.asOf) : undefined
    const { grade, events } = gradeOf(night, { ...row, ...episode }, place)
    const relapsed = { kind: 'relapsed' as const, detail: { because: causes } }
    const all = episode ? [relapsed, ...events] : events
    return all.length === 0 ? [] : [{ before: row, episode, grade, events: all }]
  })
}

/** Grades an open case, says when it could be settled, escalates its deadline. */
function gradeOf(
  { asOf, policy }: Pick<CaseNight, 'asOf' | 'policy'>,
  { level: from, proposedOn: proposedBefore, deadlineOn, deadlineTold: told }: CaseRow,
  place: Place | undefined,
): Pick<NightMove, 'grade' | 'events'> {
  const events: CaseEvent[] = []
  const level = levelOf(place?.score ?? 0, policy.levels)
  if (level !== from) events.push({ kind: 'graded', detail: { from, to: level } })
  const settled = !place || place.flagged === 0
  if (settled && proposedBefore === null) events.push({ kind: 'settlement_proposed', detail: {} })
  if (!settled && proposedBefore !== null) events.push({ kind: 'settlement_withdrawn', detail: {} })
  const proposedOn = settled ? (proposedBefore ?? asOf) : null
  const reached = deadlineOn === null ? [] : deadlineStepsReached(deadlineOn, asOf)
  let deadlineTold = told
  for (const step of reached.slice(told)) {
    deadlineTold = DEADLINE_STEPS.indexOf(step) + 1
    events.push({ kind: 'deadline', detail: { deadlineOn: deadlineOn ?? asOf, step } })
  }
  return { grade: { level, proposedOn, deadlineTold }, events }
}

/** Why resolved cases are taken up again, by case; one that rests has no cause. */
async function relapses(db: Reader, night: CaseNight, rows: readonly CaseRow[]) {
  const resolved = rows.filter(({ state }) => state === 'resolved')
  const operatorIds = resolved.map(({ operatorId }) => operatorId)
  const risks = await flaggedRisks(db, night.policy, operatorIds)
  const risksAt = groupBy(risks, placeOfVillage)
  return new Map(
    resolved.flatMap((row) => {
      if (row.baseline === null) return []
      const contracts = caseContracts(risksAt.get(placeOf(row)) ?? [], night.policy)
      const broken = (night.brokenAt.get(placeOf(row)) ?? []).map(
        ({ contractId, planId, breachedOn }) => ({ contractId, planId, breachedOn }),
      )
      return [[row.id, relapseCauses(night.asOf, row.baseline, contracts, broken)] as const]
    }),
  )
}
