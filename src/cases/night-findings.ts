import { setImmediate } from 'node:timers/promises'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { SERVICE } from '../access/caller.ts'
import type { Day } from '../domain/calendar-day.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { lastKnown } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import type { Tables } from '../platform/database/tables.ts'
import { planStandingsOf } from '../recovery/plan-standings.ts'
import type { LateSubsidy } from '../risk/late-subsidies.ts'
import type { RentDue } from '../risk/rents-due.ts'
import { lastActivity } from '../risk/risk-store.ts'
import { staleness } from '../risk/stale-townships.ts'
import type { BrokenPromise } from './case-night.ts'
import { casesOf, placeOf, placeOfVillage } from './place-figures.ts'

type Finding = Omit<Tables['nightFindings']['$inferInsert'], 'id' | 'recordedAt' | 'asOf'>
/** The night whose findings are looked for. */
export interface NightOf {
  asOf: Day
  knownAt: string
  policy: RiskPolicy
  county: { code: string }
  /** What falls due soon at operators with a flagged contract. */
  rentsDue: readonly RentDue[]
  late: readonly LateSubsidy[]
}

/** Their payments are read in some milliseconds. */
const CONTRACTS_PER_TURN = 500

/** What a night has to tell beside the cases, whether it was told before or not. */
export async function findNews(
  db: Reader,
  night: NightOf,
  broken: readonly BrokenPromise[],
): Promise<Finding[]> {
  return [
    ...broken.map(({ planId, breachedOn, villageCode, ...promise }) => ({
      key: `plan:${planId}:${breachedOn}`,
      kind: 'promise_broken' as const,
      regionCode: villageCode,
      subjectId: planId,
      day: breachedOn,
      ...promise,
    })),
    ...night.rentsDue.map(({ villageCode, dueOn, ...due }) => ({
      key: `due:${due.contractId}:${dueOn}`,
      kind: 'rent_due' as const,
      regionCode: villageCode,
      day: dueOn,
      ...due,
    })),
    ...subsidiesLate(night),
    ...(await townshipsSilent(db, night)),
  ]
}

/** Those that no night has kept before. */
export async function freshFindings(db: Reader, findings: readonly Finding[]): Promise<Finding[]> {
  const { nightFindings: t } = db.tables
  const keys = findings.map(({ key }) => key)
  const rows = await db.select({ key: t.key }).from(t).where(inArray(t.key, keys))
  const kept = new Set(rows.map(({ key }) => key))
  return findings.filter(({ key }) => !kept.has(key))
}

/** Keeps the findings that no night has kept before; returns these. */
export async function keepFindings(
  tx: Writer,
  asOf: Day,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const fresh = await freshFindings(tx, findings)
  const { recordedAt } = tx
  const rows = fresh.map((one) => ({ ...NOTHING_NAMED, ...one, id: tx.newId(), asOf, recordedAt }))
  await insertRows(tx, 'nightFindings', rows)
  return fresh
}

const NOTHING_NAMED = {
  operatorId: null,
  contractId: null,
  subjectId: null,
  day: null,
  amountFen: null,
}

/** Enters promises that were found broken in the histories of the cases that they belong to. */
export async function notePromises(
  tx: Writer,
  asOf: Day,
  broken: readonly BrokenPromise[],
  fresh: readonly Finding[],
): Promise<void> {
  const found = new Set(fresh.map(({ subjectId }) => subjectId))
  const entered = broken.filter(({ planId }) => found.has(planId))
  const rows = await casesOf(tx, [...new Set(entered.map(({ operatorId }) => operatorId))])
  const caseAt = new Map(rows.map((row) => [placeOf(row), row]))
  const { recordedAt } = tx
  const events = entered.flatMap(({ operatorId, villageCode, ...detail }) => {
    const row = caseAt.get(placeOfVillage({ operatorId, villageCode }))
    if (!row) return []
    const { id: caseId, episode } = row
    const stamp = { asOf, recordedAt, recordedBy: SERVICE.label }
    return [{ id: tx.newId(), caseId, episode, kind: 'promise_broken' as const, detail, ...stamp }]
  })
  await insertRows(tx, 'caseEvents', events)
}

/** Repayment plans that are breached on a day, however long ago. */
export async function brokenPromises(
  db: Reader,
  { asOf, knownAt, policy }: NightOf,
): Promise<BrokenPromise[]> {
  const { repaymentPlans, contracts: c } = db.tables
  const withPlan = db.select({ id: repaymentPlans.contractId }).from(repaymentPlans)
  const rows = await db
    .select({ id: c.id, operatorId: c.operatorId, villageCode: c.villageCode })
    .from(c)
    .where(and(inArray(c.id, withPlan), lastKnown(c, knownAt), eq(c.withdrawn, false)))
  const { planToleranceDays } = policy.planKept
  const broken: BrokenPromise[] = []
  for (let at = 0; at < rows.length; at += CONTRACTS_PER_TURN) {
    const part = rows.slice(at, at + CONTRACTS_PER_TURN)
    const ids = part.map(({ id }) => id)
    const plans = await planStandingsOf(db, ids, { asOf, knownAt }, planToleranceDays)
    for (const { id: contractId, operatorId, villageCode } of part)
      for (const { planId, breachedOn } of plans.get(contractId) ?? [])
        if (breachedOn !== null)
          broken.push({ contractId, operatorId, villageCode, planId, breachedOn })
    await setImmediate()
  }
  return broken
}

const subsidiesLate = ({ late, county }: NightOf): Finding[] =>
  late.map(({ id, operatorId, contractId, payableOn, outstandingFen, standing }) => ({
    // A claim that is recognised later is told again: it has become another fact.
    key: `late:${id}:${payableOn}:${standing}`,
    kind: 'late_subsidy' as const,
    regionCode: county.code,
    operatorId,
    contractId,
    subjectId: id,
    day: payableOn,
    amountFen: outstandingFen,
  }))

async function townshipsSilent(db: Reader, { asOf, knownAt, policy }: NightOf): Promise<Finding[]> {
  const { risks: r } = db.tables
  const rows = await db
    .selectDistinct({ code: sql<string>`substr(${r.villageCode}, 1, 9)` })
    .from(r)
  const isStale = await staleness(db, { asOf, knownAt }, policy.staleDays)
  const lastOn = await lastActivity(db, knownAt)
  return rows
    .filter(({ code }) => isStale(code))
    .map(({ code }) => ({
      key: `stale:${code}:${lastOn.get(code) ?? 'never'}`,
      kind: 'stale_township' as const,
      regionCode: code,
      day: lastOn.get(code) ?? null,
    }))
}
