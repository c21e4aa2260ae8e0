import { and, eq, inArray, sql } from 'drizzle-orm'
import { SERVICE } from '../access/caller.ts'
import type { Day } from '../domain/calendar-day.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { lastKnown } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import { planStandingsOf } from '../recovery/plan-standings.ts'
import { lateSubsidies } from '../risk/late-subsidies.ts'
import type { RentDue } from '../risk/rents-due.ts'
import { lastActivity } from '../risk/risk-store.ts'
import { staleness } from '../risk/stale-townships.ts'
import { appendEvent } from './case-store.ts'
import type { BrokenPromise } from './settle-cases.ts'

type Finding = Omit<Tables['nightFindings']['$inferInsert'], 'id' | 'recordedAt' | 'asOf'>
/** The night whose findings are looked for. */
export interface NightOf {
  asOf: Day
  knownAt: string
  policy: RiskPolicy
  county: { code: string }
  /** What falls due soon at operators with a flagged contract. */
  rentsDue: readonly RentDue[]
}

const ROWS_PER_STATEMENT = 500

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
    ...(await subsidiesLate(db, night)),
    ...(await townshipsSilent(db, night)),
  ]
}

/** Keeps the findings that no night has kept before; returns these. */
export async function keepFindings(
  tx: Writer,
  asOf: Day,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const { nightFindings: t } = tx.tables
  const fresh: Finding[] = []
  for (let at = 0; at < findings.length; at += ROWS_PER_STATEMENT) {
    const part = findings.slice(at, at + ROWS_PER_STATEMENT)
    const keys = part.map(({ key }) => key)
    const kept = await tx.select({ key: t.key }).from(t).where(inArray(t.key, keys))
    const before = new Set(kept.map(({ key }) => key))
    const found = part.filter(({ key }) => !before.has(key))
    fresh.push(...found)
    const { recordedAt } = tx
    const rows = found.map((finding) => ({ ...finding, id: tx.newId(), asOf, recordedAt }))
    if (rows.length > 0) await tx.insert(t).values(rows)
  }
  return fresh
}

/** Enters promises that were found broken in the histories of the cases that they belong to. */
export async function notePromises(
  tx: Writer,
  asOf: Day,
  broken: readonly BrokenPromise[],
  fresh: readonly Finding[],
): Promise<void> {
  const { cases } = tx.tables
  const found = new Set(fresh.map(({ subjectId }) => subjectId))
  for (const { operatorId, villageCode, ...breach } of broken) {
    if (!found.has(breach.planId)) continue
    const place = and(
      eq(cases.operatorId, operatorId),
      eq(cases.townshipCode, villageCode.slice(0, 9)),
    )
    const [row] = await tx.select().from(cases).where(place)
    const entry = { kind: 'promise_broken' as const, detail: breach, asOf, by: SERVICE.label }
    if (row) await appendEvent(tx, row, entry)
  }
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
  const ids = rows.map(({ id }) => id)
  const { planToleranceDays } = policy.planKept
  const plans = await planStandingsOf(db, ids, { asOf, knownAt }, planToleranceDays)
  return rows.flatMap(({ id: contractId, operatorId, villageCode }) =>
    (plans.get(contractId) ?? []).flatMap(({ planId, breachedOn }) =>
      breachedOn === null ? [] : [{ contractId, operatorId, villageCode, planId, breachedOn }],
    ),
  )
}

async function subsidiesLate(db: Reader, { asOf, knownAt, county }: NightOf): Promise<Finding[]> {
  const late = await lateSubsidies(db, () => sql`true`, { asOf, knownAt })
  return late.map(({ id, operatorId, contractId, payableOn, outstandingFen, standing }) => ({
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
}

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
