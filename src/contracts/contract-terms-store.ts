import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { ContractTerms, GrainPrice } from '../domain/contract-terms.ts'
import { groupBy } from '../domain/group-by.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN, findFact, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import { allGrainPrices } from './grain-price-store.ts'

/** The facts that a schedule is made of. */
export interface TermFacts {
  contract: FactRow<'contracts'>
  /** In order of recording of their first versions. */
  amendments: FactRow<'contractAmendments'>[]
  end: FactRow<'contractEnds'> | undefined
}

const contractId = sql.placeholder('contractId')
const knownAt = sql.placeholder('knownAt')

const amendmentsOf = prepared((db) => {
  const { contractAmendments: t } = db.tables
  return db
    .select()
    .from(t)
    .where(and(eq(t.contractId, contractId), standingFacts(t, knownAt)))
    .orderBy(asc(t.id))
})

const endOf = prepared((db) => {
  const { contractEnds: t } = db.tables
  return db
    .select()
    .from(t)
    .where(and(eq(t.contractId, contractId), standingFacts(t, knownAt)))
})

/** What a contract's schedule is made of, as known at `knownAt`; undefined without the contract. */
export async function findTerms(
  db: Reader,
  contractId: string,
  knownAt = ALL_KNOWN,
): Promise<TermFacts | undefined> {
  const contract = await findFact(db, 'contracts', contractId, knownAt)
  if (!contract) return undefined
  const amendments = await amendmentsOf(db, { contractId, knownAt })
  const [end] = await endOf(db, { contractId, knownAt })
  return { contract, amendments, end }
}

/** The same of some contracts, as known now. */
export async function termsOfContracts(
  db: Reader,
  contracts: readonly FactRow<'contracts'>[],
): Promise<TermFacts[]> {
  if (contracts.length === 0) return []
  const { contractAmendments: a, contractEnds: e } = db.tables
  const ids = contracts.map(({ id }) => id)
  const amended = await db
    .select()
    .from(a)
    .where(and(inArray(a.contractId, ids), standingFacts(a, ALL_KNOWN)))
    .orderBy(asc(a.id))
  const ended = await db
    .select()
    .from(e)
    .where(and(inArray(e.contractId, ids), standingFacts(e, ALL_KNOWN)))
  const amendments = groupBy(amended, ({ contractId }) => contractId)
  const ends = new Map(ended.map((end) => [end.contractId, end]))
  return contracts.map((contract) => ({
    contract,
    amendments: amendments.get(contract.id) ?? [],
    end: ends.get(contract.id),
  }))
}

/** The terms as the rules take them. */
export function termsOf({ contract, amendments, end }: TermFacts): ContractTerms {
  return {
    startOn: contract.startOn,
    endOn: contract.endOn,
    rent: contract.rent,
    amendments: amendments.map(({ effectiveOn, rent, endOn }) => ({
      effectiveOn,
      rent: rent ?? undefined,
      endOn: endOn ?? undefined,
    })),
    endedOn: end?.endedOn,
  }
}

/** The prices of the grains that a contract is paid in. */
export async function pricesFor(
  db: Reader,
  terms: ContractTerms,
  knownAt = ALL_KNOWN,
): Promise<GrainPrice[]> {
  const rents = [terms.rent, ...(terms.amendments ?? []).map(({ rent }) => rent)]
  const inGrain = rents.some((rent) => rent?.lines.some(({ grain }) => grain !== undefined))
  return inGrain ? allGrainPrices(db, knownAt) : []
}
