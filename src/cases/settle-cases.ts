import { and, gte, inArray, like, or, sql } from 'drizzle-orm'
import { SERVICE } from '../access/caller.ts'
import type { Day } from '../domain/calendar-day.ts'
import {
  type CaseEvent,
  DEADLINE_STEPS,
  deadlineStepsReached,
  type PlanBreach,
  relapseCauses,
} from '../domain/case-stages.ts'
import { groupBy } from '../domain/group-by.ts'
import { levelOf } from '../domain/levels.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { caseContracts } from './case-contracts.ts'
import { type CaseChange, type CaseRow, moveCase } from './case-store.ts'
import { newEpisode } from './move-case.ts'

const ROWS_PER_STATEMENT = 200
const NUMBER_DIGITS = 4

/** A plan that was broken, and where. */
export interface BrokenPromise extends PlanBreach {
  operatorId: string
  villageCode: string
}

/** What a night knows when it goes through the cases. */
export interface CaseNight {
  asOf: Day
  policy: RiskPolicy
  /** All that hold on the day, however long ago they were broken. */
  broken: readonly BrokenPromise[]
}

/**
 * The night's work on the ledger of risks, from the stored risks of the day: opens a case for each
 * operator and township with a flagged contract, grades those that are open, proposes to settle
 * those without a flagged contract, takes up resolved ones that got worse, escalates deadlines.
 * Done again with the same facts it changes nothing.
 */
export async function settleCases(tx: Writer, night: CaseNight): Promise<void> {
  const { cases } = tx.tables
  const all = await tx.select().from(cases)
  const places = await placesNow(tx, night.policy)
  const known = new Set(all.map(placeOf))
  await openCases(
    tx,
    night,
    [...places.values()].filter((place) => place.flagged > 0 && !known.has(placeOf(place))),
  )
  const relapsed = await relapses(tx, night, all)
  for (const row of all) {
    const place = places.get(placeOf(row))
    if (row.state !== 'resolved') await gradeCase(tx, night, row, place)
    else await restOrRelapse(tx, night, row, place, relapsed.get(row.id) ?? [])
  }
}

interface Place {
  operatorId: string
  townshipCode: string
  score: number
  flagged: number
  arrearsFen: number
}

const placeOf = ({ operatorId, townshipCode }: Pick<CaseRow, 'operatorId' | 'townshipCode'>) =>
  `${operatorId} ${townshipCode}`

/** Operators with a flagged contract or a case, township by township: one grouped scan. */
async function placesNow(db: Reader, policy: RiskPolicy): Promise<Map<string, Place>> {
  const { risks: r, cases } = db.tables
  const flagged = gte(r.score, policy.levels[policy.caseLevel])
  const townshipCode = sql<string>`substr(${r.villageCode}, 1, 9)`
  const withFlag = db.select({ id: r.operatorId }).from(r).where(flagged)
  const withCase = db.select({ id: cases.operatorId }).from(cases)
  const rows = await db
    .select({
      operatorId: r.operatorId,
      townshipCode,
      score: sql`max(${r.score})`.mapWith(Number),
      flagged: sql`sum(case when ${flagged} then 1 else 0 end)`.mapWith(Number),
      arrearsFen: sql`sum(case when ${flagged} then ${r.arrearsFen} else 0 end)`.mapWith(Number),
    })
    .from(r)
    .where(or(inArray(r.operatorId, withFlag), inArray(r.operatorId, withCase)))
    .groupBy(r.operatorId, townshipCode)
  return new Map(rows.map((row) => [placeOf(row), row]))
}

async function openCases(
  tx: Writer,
  { asOf, policy }: CaseNight,
  places: readonly Place[],
): Promise<void> {
  const { cases, caseEvents } = tx.tables
  const year = `FX${asOf.slice(0, 4)}-`
  const ofYear = await tx
    .select({ id: cases.id })
    .from(cases)
    .where(like(cases.number, `${year}%`))
  const inOrder = places.toSorted(
    (a, b) => b.score - a.score || b.arrearsFen - a.arrearsFen || compare(placeOf(a), placeOf(b)),
  )
  const opened = inOrder.map(({ operatorId, townshipCode, score, flagged, arrearsFen }, at) => {
    const level = levelOf(score, policy.levels)
    const caseId = tx.newId()
    const number = `${year}${String(ofYear.length + at + 1).padStart(NUMBER_DIGITS, '0')}`
    const detail = { level, contracts: flagged, arrearsFen }
    return {
      row: { ...UNTOUCHED, id: caseId, number, operatorId, townshipCode, level },
      event: { id: tx.newId(), caseId, kind: 'opened' as const, detail },
    }
  })
  const { recordedAt } = tx
  for (let at = 0; at < opened.length; at += ROWS_PER_STATEMENT) {
    const part = opened.slice(at, at + ROWS_PER_STATEMENT)
    await tx
      .insert(cases)
      .values(part.map(({ row }) => ({ ...row, openedOn: asOf, episodeOn: asOf })))
    const stamp = { episode: 1, asOf, recordedAt, recordedBy: SERVICE.label }
    await tx.insert(caseEvents).values(part.map(({ event }) => ({ ...event, ...stamp })))
  }
}

const UNTOUCHED = { state: 'unresolved' as const, episode: 1, version: 1, deadlineTold: 0 }

/** Grades an open case, says when it could be settled, escalates its deadline. */
async function gradeCase(
  tx: Writer,
  { asOf, policy }: Pick<CaseNight, 'asOf' | 'policy'>,
  before: CaseRow,
  place: Place | undefined,
): Promise<void> {
  let row = before
  const move = async (change: CaseChange, event: CaseEvent) => {
    row = await moveCase(tx, row, change, { ...event, asOf, by: SERVICE.label })
  }
  const level = levelOf(place?.score ?? 0, policy.levels)
  if (level !== row.level)
    await move({ level }, { kind: 'graded', detail: { from: row.level, to: level } })
  const settled = !place || place.flagged === 0
  if (settled && row.proposedOn === null)
    await move({ proposedOn: asOf }, { kind: 'settlement_proposed', detail: {} })
  if (!settled && row.proposedOn !== null)
    await move({ proposedOn: null }, { kind: 'settlement_withdrawn', detail: {} })
  const { deadlineOn } = row
  if (deadlineOn === null) return
  const reached = deadlineStepsReached(deadlineOn, asOf)
  for (const step of reached.slice(row.deadlineTold)) {
    const deadlineTold = DEADLINE_STEPS.indexOf(step) + 1
    await move({ deadlineTold }, { kind: 'deadline', detail: { deadlineOn, step } })
  }
}

async function restOrRelapse(
  tx: Writer,
  { asOf, policy }: CaseNight,
  row: CaseRow,
  place: Place | undefined,
  because: ReturnType<typeof relapseCauses>,
): Promise<void> {
  if (because.length === 0) return
  const stamp = { asOf, by: SERVICE.label }
  const relapsed = { kind: 'relapsed' as const, detail: { because }, ...stamp }
  const taken = await moveCase(tx, row, newEpisode(row, asOf), relapsed)
  await gradeCase(tx, { asOf, policy }, taken, place)
}

/** Why resolved cases are taken up again, by case; one that rests has no cause. */
async function relapses(tx: Writer, night: CaseNight, all: readonly CaseRow[]) {
  const { risks: t } = tx.tables
  const resolved = all.filter(({ state }) => state === 'resolved')
  const flagged = gte(t.score, night.policy.levels[night.policy.caseLevel])
  const operators = tx
    .select({ id: tx.tables.cases.operatorId })
    .from(tx.tables.cases)
    .where(sql`${tx.tables.cases.state} = 'resolved'`)
  const rows =
    resolved.length === 0
      ? []
      : await tx
          .select()
          .from(t)
          .where(and(flagged, inArray(t.operatorId, operators)))
  const here = ({ operatorId, villageCode }: { operatorId: string; villageCode: string }) =>
    placeOf({ operatorId, townshipCode: villageCode.slice(0, 9) })
  const risksAt = groupBy(rows, here)
  const brokenAt = groupBy(night.broken, here)
  return new Map(
    resolved.flatMap((row) => {
      if (row.baseline === null) return []
      const contracts = caseContracts(risksAt.get(placeOf(row)) ?? [], night.policy)
      const broken = (brokenAt.get(placeOf(row)) ?? []).map(
        ({ contractId, planId, breachedOn }) => ({ contractId, planId, breachedOn }),
      )
      return [[row.id, relapseCauses(night.asOf, row.baseline, contracts, broken)] as const]
    }),
  )
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
