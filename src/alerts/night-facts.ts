import { and, asc, eq, gt, gte, inArray, lte, sql } from 'drizzle-orm'
import { addDays, type Day } from '../domain/calendar-day.ts'
import type { CaseEvent } from '../domain/case-stages.ts'
import { groupBy } from '../domain/group-by.ts'
import { LEVELS, levelOf, reachesLevel } from '../domain/levels.ts'
import { mailName } from '../domain/mask-name.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import { type FestivalAhead, springFestivalAhead } from '../domain/spring-festival.ts'
import { lastKnown } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { AlertRecipient } from '../platform/database/tables-of-alerts.ts'
import { regionNames } from '../regions/region-store.ts'
import type { LateSubsidy } from '../risk/late-subsidies.ts'
import type { VillageRent } from '../risk/rents-due.ts'
import { staleness } from '../risk/stale-townships.ts'
import { activeRecipients } from './alert-recipients.ts'
import { type VillageSum, villageSums } from './village-sums.ts'

/** What the messages of a night are about. */
export interface DigestNight {
  asOf: Day
  county: { code: string; name: string }
  /** Contracts that this night could not score. */
  failures: number
  policy: RiskPolicy
  /** What falls due before the Spring Festival, when that is near. */
  festivalRents: readonly VillageRent[]
  /** Subsidies that are late as far as the night knows. */
  late: readonly LateSubsidy[]
  /** The worklists that go with them, by region. */
  attachments: ReadonlyMap<string, string>
}

type Finding = Tables['nightFindings']['$inferSelect']
type CaseFacts = Awaited<ReturnType<typeof allCases>>[number]
interface ToldEvent {
  operatorId: string
  townshipCode: string
  recordedAt: string
  event: CaseEvent
}
type TownshipDebt = { arrearsFen: number; oldestUnpaidDueOn: Day | null; score: number }

/** Everything that the messages of one night are composed from, read once for all recipients. */
export interface NightFacts {
  night: DigestNight
  names: Map<string, string>
  recipients: AlertRecipient[]
  cases: readonly CaseFacts[]
  /** Of operators that there is news of: by `keyOf(operatorId, townshipCode)`. */
  caseAt: Map<string, CaseFacts>
  /** What has happened to the case there, in its order. */
  eventsAt: Map<string, ToldEvent[]>
  findings: Finding[]
  villages: VillageSum[]
  /** The operators with contracts in each village that somebody is told about. */
  operatorsOfVillage: Map<string, Set<string>>
  /** By `keyOf(operatorId, townshipCode)`. */
  debts: Map<string, TownshipDebt>
  operators: Map<string, string>
  festival: { ahead: FestivalAhead; rents: readonly VillageRent[] } | null
  undelivered: { email: string; endedAt: string }[]
  isStale: (villageCode: string) => boolean
}

export const keyOf = (operatorId: string, townshipCode: string) => `${operatorId} ${townshipCode}`

const IDS_PER_QUERY = 1000
/** No message is tried for longer than this after its night. */
const UNDELIVERED_DAYS = 31

/**
 * Reads what a night has to tell of: news recorded after `since`, the earliest instant that anybody
 * was told of, up to `upTo`.
 */
export async function nightFacts(
  db: Reader,
  night: DigestNight,
  since: string | undefined,
  upTo: string,
): Promise<NightFacts> {
  const { asOf, policy } = night
  const flaggedLevels = LEVELS.filter((level) => reachesLevel(level, policy.caseLevel))
  const recipients = await activeRecipients(db)
  const cases = await allCases(db)
  const events = since === undefined ? [] : await eventsBetween(db, since, upTo)
  const findings = since === undefined ? [] : await findingsBetween(db, since, upTo)
  const ahead = springFestivalAhead(asOf)
  const rents = night.festivalRents
  const operatorIds = new Set([
    ...events.map(({ operatorId }) => operatorId),
    ...findings.map(({ operatorId }) => operatorId ?? ''),
    ...rents.filter(({ isFlagged }) => isFlagged).map(({ operatorId }) => operatorId),
  ])
  const debts = await townshipDebts(db, operatorIds)
  // Nobody grades a resolved case: it stands where its contracts do, as in every other answer.
  const toldOf = cases.flatMap((one) => {
    if (!operatorIds.has(one.operatorId)) return []
    if (one.state !== 'resolved') return one
    const { score = 0 } = debts.get(keyOf(one.operatorId, one.townshipCode)) ?? {}
    return { ...one, level: levelOf(score, policy.levels) }
  })
  return {
    night,
    names: await regionNames(db),
    recipients,
    cases,
    caseAt: new Map(toldOf.map((one) => [keyOf(one.operatorId, one.townshipCode), one])),
    eventsAt: groupBy(events, (one) => keyOf(one.operatorId, one.townshipCode)),
    findings,
    villages: await villageSums(db, flaggedLevels),
    operatorsOfVillage: await operatorsOfVillages(db, recipients),
    debts,
    operators: await mailNames(db, operatorIds, upTo),
    festival: ahead ? { ahead, rents } : null,
    undelivered: await undeliveredBefore(db, asOf),
    isStale: await staleness(db, { asOf, knownAt: upTo }, policy.staleDays),
  }
}

async function allCases(db: Reader) {
  const { cases: t } = db.tables
  return await db
    .select({
      id: t.id,
      number: t.number,
      operatorId: t.operatorId,
      townshipCode: t.townshipCode,
      state: t.state,
      level: t.level,
      responsiblePerson: t.responsiblePerson,
      deadlineOn: t.deadlineOn,
    })
    .from(t)
}

/** Kinds with news; the others (fixes, progress, who saw it) carry free text or no change. */
const TOLD_KINDS: CaseEvent['kind'][] = [
  'opened',
  'graded',
  'relapsed',
  'reopened',
  'deadline',
  'settlement_proposed',
  'settlement_withdrawn',
]

async function eventsBetween(db: Reader, since: string, upTo: string): Promise<ToldEvent[]> {
  const { caseEvents: t, cases: c } = db.tables
  const rows = await db
    .select({
      operatorId: c.operatorId,
      townshipCode: c.townshipCode,
      recordedAt: t.recordedAt,
      kind: t.kind,
      detail: t.detail,
    })
    .from(t)
    .innerJoin(c, eq(c.id, t.caseId))
    .where(and(gt(t.recordedAt, since), lte(t.recordedAt, upTo), inArray(t.kind, TOLD_KINDS)))
    .orderBy(asc(t.id))
  return rows.map(({ kind, detail, ...told }) => ({
    ...told,
    event: { kind, detail } as CaseEvent,
  }))
}

async function findingsBetween(db: Reader, since: string, upTo: string): Promise<Finding[]> {
  const { nightFindings: t } = db.tables
  return await db
    .select()
    .from(t)
    .where(and(gt(t.recordedAt, since), lte(t.recordedAt, upTo)))
    .orderBy(asc(t.id))
}

async function operatorsOfVillages(db: Reader, recipients: readonly AlertRecipient[]) {
  const { risks: t } = db.tables
  const villages = recipients.map((one) => one.regionCode).filter((code) => code.length === 12)
  const operators = new Map<string, Set<string>>(villages.map((code) => [code, new Set()]))
  if (villages.length === 0) return operators
  const rows = await db
    .selectDistinct({ villageCode: t.villageCode, operatorId: t.operatorId })
    .from(t)
    .where(inArray(t.villageCode, [...operators.keys()]))
  for (const { villageCode, operatorId } of rows) operators.get(villageCode)?.add(operatorId)
  return operators
}

async function townshipDebts(db: Reader, operatorIds: ReadonlySet<string>) {
  const { risks: t } = db.tables
  const township = sql<string>`substr(${t.villageCode}, 1, 9)`
  const debts = new Map<string, TownshipDebt>()
  for (const part of parts(operatorIds)) {
    const rows = await db
      .select({
        operatorId: t.operatorId,
        township,
        arrearsFen: sql`sum(${t.arrearsFen})`.mapWith(Number),
        oldestUnpaidDueOn: sql<Day | null>`min(${t.oldestUnpaidDueOn})`,
        score: sql`max(${t.score})`.mapWith(Number),
      })
      .from(t)
      .where(inArray(t.operatorId, part))
      .groupBy(t.operatorId, township)
    for (const { operatorId, township, ...debt } of rows)
      debts.set(keyOf(operatorId, township), debt)
  }
  return debts
}

async function mailNames(db: Reader, operatorIds: ReadonlySet<string>, knownAt: string) {
  const { operators: t } = db.tables
  const names = new Map<string, string>()
  for (const part of parts(operatorIds)) {
    const rows = await db
      .select({ id: t.id, kind: t.kind, name: t.name })
      .from(t)
      .where(and(inArray(t.id, part), lastKnown(t, knownAt)))
    for (const { id, kind, name } of rows) names.set(id, mailName(kind, name))
  }
  return names
}

function* parts(ids: ReadonlySet<string>): Generator<string[]> {
  const all = [...ids]
  for (let at = 0; at < all.length; at += IDS_PER_QUERY) yield all.slice(at, at + IDS_PER_QUERY)
}

async function undeliveredBefore(db: Reader, asOf: Day): Promise<NightFacts['undelivered']> {
  const { alerts: t } = db.tables
  const rows = await db
    .select({ email: t.email, state: t.state, endedAt: t.endedAt })
    .from(t)
    .where(gte(t.asOf, addDays(asOf, -UNDELIVERED_DAYS)))
  return rows.flatMap(({ email, state, endedAt }) =>
    state === 'failed' && endedAt !== null ? [{ email, endedAt }] : [],
  )
}
