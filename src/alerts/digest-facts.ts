import { daysBetween } from '../domain/calendar-day.ts'
import type { DigestFacts, DigestNews, FestivalRent } from '../domain/digest.ts'
import type { CountyCounts, RegionCounts } from '../domain/digest-counts.ts'
import type { ChangedCase, ContractsDue, DigestSubject, NewlyLate } from '../domain/digest-lines.ts'
import { groupBy } from '../domain/group-by.ts'
import { LEVELS } from '../domain/levels.ts'
import { mailText } from '../domain/mask-name.ts'
import { coverageFen } from '../domain/subsidy-delay.ts'
import type { AlertRecipient } from '../platform/database/tables-of-alerts.ts'
import type { FindingKind } from '../platform/database/tables-of-cases.ts'
import { placeOf } from '../regions/place-of-region.ts'
import { keyOf, type NightFacts } from './night-facts.ts'

type Case = NightFacts['cases'][number]

/** What one recipient is to be told: of its region, and of what was recorded after `since`. */
export function digestFacts(
  facts: NightFacts,
  recipient: AlertRecipient,
  since: string | undefined,
): DigestFacts {
  const { asOf, county, attachments } = facts.night
  const { regionCode } = recipient
  return {
    asOf,
    place: placeOf(regionCode, facts.names, county),
    recipient,
    counts: countsOf(facts, regionCode, since),
    festival: festivalOf(facts, regionCode),
    news: since === undefined ? null : newsOf(facts, regionCode, since),
    hasWorklist: attachments.has(regionCode),
  }
}

/** A case lies in a village when its operator has a contract there. */
function holds(facts: NightFacts, regionCode: string, { townshipCode, operatorId }: Case): boolean {
  if (regionCode.length < 12) return townshipCode.startsWith(regionCode)
  const operators = facts.operatorsOfVillage.get(regionCode)
  return regionCode.startsWith(townshipCode) && operators?.has(operatorId) === true
}

function countsOf(facts: NightFacts, regionCode: string, since: string | undefined): RegionCounts {
  const { night, villages, isStale } = facts
  const cases = facts.cases.filter((one) => holds(facts, regionCode, one))
  const open = cases.filter(({ state }) => state !== 'resolved')
  const inside = villages.filter(({ code }) => code.startsWith(regionCode))
  const townships = new Set(inside.map(({ code }) => code.slice(0, 9)))
  return {
    byLevel: tally(open.map(({ level }) => level)),
    byState: tally(cases.map(({ state }) => state)),
    flagged: {
      contracts: sum(inside.map(({ flagged }) => flagged)),
      arrearsFen: sum(inside.map(({ flaggedFen }) => flaggedFen)),
    },
    overdueDeadlines: open.filter((one) => (one.deadlineOn ?? night.asOf) < night.asOf).length,
    staleTownships: [...townships].filter(isStale).length,
    staleDays: night.policy.staleDays,
    county: regionCode.length > 6 ? null : countyCounts(facts, since),
  }
}

function countyCounts({ night, villages, undelivered }: NightFacts, since = '9'): CountyCounts {
  const recognised = night.late.filter(({ standing }) => standing === 'recognised')
  const outstandingFen = sum(recognised.map((one) => one.outstandingFen))
  const failed = undelivered.filter(({ endedAt }) => endedAt > since)
  return {
    failures: night.failures,
    lateRecognised: {
      count: recognised.length,
      outstandingFen,
      coverageFen: coverageFen(sum(villages.map((one) => one.arrearsFen)), outstandingFen),
    },
    undelivered: [...new Set(failed.map(({ email }) => email))].sort(),
  }
}

function newsOf(facts: NightFacts, regionCode: string, since: string): DigestNews {
  const { asOf } = facts.night
  const found = facts.findings.filter(
    (one) => one.recordedAt > since && one.regionCode.startsWith(regionCode),
  )
  const of = (kind: FindingKind) => found.filter((one) => one.kind === kind)
  return {
    cases: changedCases(facts, regionCode, since),
    broken: byPlace(facts, ofContracts(of('promise_broken'))),
    due: byPlace(
      facts,
      ofContracts(of('rent_due').filter(({ day }) => day === null || day >= asOf)),
    ),
    lateSubsidies: regionCode.length > 6 ? [] : newlyLate(facts, of('late_subsidy')),
    stale: of('stale_township')
      .filter((one) => facts.isStale(one.regionCode))
      .map((one) => ({
        name: mailText(facts.names.get(one.regionCode) ?? one.regionCode),
        lastOn: one.day,
      })),
  }
}

function changedCases(facts: NightFacts, regionCode: string, since: string): ChangedCase[] {
  return [...facts.eventsAt].flatMap(([place, history]): ChangedCase[] => {
    const one = facts.caseAt.get(place)
    if (!one || !holds(facts, regionCode, one)) return []
    const events = history.filter(({ recordedAt }) => recordedAt > since)
    if (events.length === 0) return []
    const debt = facts.debts.get(place)
    const personIsKnown = facts.recipients.some(
      (recipient) =>
        recipient.name === one.responsiblePerson && holds(facts, recipient.regionCode, one),
    )
    return [
      {
        ...subjectOf(facts, one.operatorId, one.townshipCode),
        level: one.level,
        state: one.state,
        arrearsFen: debt?.arrearsFen ?? 0,
        oldestUnpaidDueOn: debt?.oldestUnpaidDueOn ?? null,
        deadlineOn: one.deadlineOn,
        responsiblePerson: one.responsiblePerson,
        personIsKnown,
        events: events.map(({ event }) => event),
      },
    ]
  })
}

interface Due {
  operatorId: string
  regionCode: string
  contracts: number
  amountFen: number
  earliestOn: string
}

/** What was found of each contract together: rent that falls due twice is of one contract. */
const ofContracts = (found: NightFacts['findings']): Due[] =>
  [...groupBy(found, ({ contractId }) => contractId).values()].map((group) => {
    const [{ operatorId, regionCode, asOf }] = group as [(typeof found)[number]]
    return {
      operatorId: operatorId ?? '',
      regionCode,
      contracts: 1,
      amountFen: sum(group.map(({ amountFen }) => amountFen ?? 0)),
      earliestOn: group.map(({ day }) => day ?? asOf).sort()[0] ?? asOf,
    }
  })

function byPlace(facts: NightFacts, due: readonly Due[]): ContractsDue[] {
  const places = groupBy(due, (one) => keyOf(one.operatorId, one.regionCode.slice(0, 9)))
  return [...places.values()].map((group) => {
    const [{ operatorId, regionCode }] = group as [Due]
    return {
      ...subjectOf(facts, operatorId, regionCode.slice(0, 9)),
      contracts: sum(group.map(({ contracts }) => contracts)),
      amountFen: sum(group.map(({ amountFen }) => amountFen)),
      earliestOn: group.reduce((day, one) => (one.earliestOn < day ? one.earliestOn : day), '9'),
    }
  })
}

/** Subsidies that are late still, each standing of an operator apart and each subsidy once. */
function newlyLate(facts: NightFacts, found: NightFacts['findings']): NewlyLate[] {
  const { asOf } = facts.night
  const ids = new Set(found.map(({ subjectId }) => subjectId))
  const late = facts.night.late.filter(({ id }) => ids.has(id))
  const groups = groupBy(late, (one) => `${one.operatorId} ${one.standing}`)
  const debtsOf = groupBy(facts.debts, ([place]) => place.split(' ')[0])
  const open = [...facts.caseAt.values()].filter(({ state }) => state !== 'resolved')
  const openOf = groupBy(open, (one) => one.operatorId)
  return [...groups.values()].map((group): NewlyLate => {
    const [{ operatorId, standing }] = group as [(typeof late)[number]]
    const outstandingFen = sum(group.map((one) => one.outstandingFen))
    const debts = debtsOf.get(operatorId) ?? []
    const arrearsFen = sum(debts.map(([, debt]) => debt.arrearsFen))
    return {
      ...subjectOf(facts, operatorId, gravestPlace(openOf.get(operatorId))),
      standing,
      count: group.length,
      outstandingFen,
      days: Math.max(...group.map(({ payableOn }) => daysBetween(payableOn, asOf))),
      coverageFen: standing === 'recognised' ? coverageFen(arrearsFen, outstandingFen) : 0,
    }
  })
}

/** The township of the most urgent of an operator's open cases. */
function gravestPlace(open: readonly Case[] = []): string | null {
  const [first] = [...open].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  return first?.townshipCode ?? null
}

function subjectOf(
  facts: NightFacts,
  operatorId: string,
  townshipCode: string | null,
): DigestSubject {
  const at = townshipCode === null ? undefined : facts.caseAt.get(keyOf(operatorId, townshipCode))
  return {
    caseId: at?.id ?? null,
    caseNumber: at?.number ?? null,
    level: at?.level ?? null,
    operator: facts.operators.get(operatorId) ?? '未登记业主',
    township:
      townshipCode === null ? null : mailText(facts.names.get(townshipCode) ?? townshipCode),
  }
}

function festivalOf(facts: NightFacts, regionCode: string): FestivalRent | null {
  if (!facts.festival) return null
  const { ahead, rents } = facts.festival
  const inside = rents.filter(({ villageCode }) => villageCode.startsWith(regionCode))
  const flagged = inside.filter(({ isFlagged }) => isFlagged)
  return {
    ahead,
    contracts: sum(inside.map(({ contracts }) => contracts)),
    amountFen: sum(inside.map(({ amountFen }) => amountFen)),
    flaggedOperators: new Set(flagged.map(({ operatorId }) => operatorId)).size,
    flagged: byPlace(
      facts,
      flagged.map((one) => ({ ...one, regionCode: one.villageCode })),
    ),
  }
}

function tally<Word extends string>(words: readonly Word[]): Partial<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
