import { setImmediate } from 'node:timers/promises'
import { and, count, desc, eq, gte, lt, max, notExists, sql, sum } from 'drizzle-orm'
import { SERVICE } from '../access/caller.ts'
import { levelOf } from '../domain/levels.ts'
import type { RiskPolicy } from '../domain/risk-policy.ts'
import type { Database, Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import type { CaseNight } from './case-night.ts'
import { newEpisode } from './move-case.ts'
import { casesOf, isFlaggedRisk, type Place, placeFigures, placeOf } from './place-figures.ts'

/** So many at a time hold the writer for some milliseconds. */
const PLACES_PER_TRANSACTION = 50
const NUMBER_DIGITS = 4

/**
 * Opens a case for each operator and township with a flagged contract and none yet, the most urgent
 * first. Begun again after a crash it goes on with the next number.
 */
export async function openCases(
  db: Pick<Database, 'read' | 'transaction'>,
  night: CaseNight,
  hold: (tx: Writer) => Promise<void>,
): Promise<void> {
  const places = await placesWithoutCase(db.read, night.policy)
  for (let at = 0; at < places.length; at += PLACES_PER_TRANSACTION) {
    await db.transaction(async (tx) => {
      await hold(tx)
      await openPart(tx, night, places.slice(at, at + PLACES_PER_TRANSACTION))
    })
    await setImmediate()
  }
}

type NewPlace = Pick<Place, 'operatorId' | 'townshipCode'>

/** The most urgent first: by the gravest score there, then by what is owed on flagged contracts. */
async function placesWithoutCase(db: Reader, policy: RiskPolicy): Promise<NewPlace[]> {
  const { risks: r, cases: t } = db.tables
  const townshipCode = sql<string>`substr(${r.villageCode}, 1, 9)`
  const itsCase = db
    .select({ one: sql`1` })
    .from(t)
    .where(and(eq(t.operatorId, r.operatorId), sql`${t.townshipCode} = ${townshipCode}`))
  return await db
    .select({ operatorId: r.operatorId, townshipCode })
    .from(r)
    .where(and(isFlaggedRisk(db, policy), notExists(itsCase)))
    .groupBy(r.operatorId, townshipCode)
    .orderBy(desc(max(r.score)), desc(sum(r.arrearsFen)), r.operatorId, townshipCode)
}

/** Only what is still to be opened, and as it stands: facts go on being recorded meanwhile. */
async function openPart(
  tx: Writer,
  { asOf, policy }: CaseNight,
  part: readonly NewPlace[],
): Promise<void> {
  const operatorIds = [...new Set(part.map(({ operatorId }) => operatorId))]
  const known = new Set((await casesOf(tx, operatorIds)).map(placeOf))
  const figures = await placeFigures(tx, policy, operatorIds)
  const places = part.flatMap((place) => {
    const now = figures.get(placeOf(place))
    return now && now.flagged > 0 && !known.has(placeOf(place)) ? [now] : []
  })
  const year = asOf.slice(0, 4)
  const ofYear = await casesOfYear(tx, year)
  const { recordedAt } = tx
  const opened = places.map(({ operatorId, townshipCode, score, flagged, arrearsFen }, at) => {
    const level = levelOf(score, policy.levels)
    const id = tx.newId()
    const number = prefixOf(year) + String(ofYear + at + 1).padStart(NUMBER_DIGITS, '0')
    const untouched = { ...newEpisode({ episode: 0 }, asOf), state: 'unresolved' as const }
    const detail = { level, contracts: flagged, arrearsFen }
    return {
      row: {
        ...untouched,
        id,
        number,
        operatorId,
        townshipCode,
        level,
        version: 1,
        openedOn: asOf,
      },
      event: { id: tx.newId(), caseId: id, episode: 1, kind: 'opened' as const, asOf, detail },
    }
  })
  await insertRows(
    tx,
    'cases',
    opened.map(({ row }) => row),
  )
  await insertRows(
    tx,
    'caseEvents',
    opened.map(({ event }) => ({ ...event, recordedAt, recordedBy: SERVICE.label })),
  )
}

const prefixOf = (year: string) => `FX${year}-`

/** Numbers of a year lie between its prefix and that of the next: read from their index alone. */
async function casesOfYear(tx: Writer, year: string): Promise<number> {
  const { cases: t } = tx.tables
  const end = prefixOf(String(Number(year) + 1))
  const [row] = await tx
    .select({ cases: count() })
    .from(t)
    .where(and(gte(t.number, prefixOf(year)), lt(t.number, end)))
  return row?.cases ?? 0
}
