import { type TermFacts, termsOf, termsOfContracts } from '../contracts/contract-terms-store.ts'
import { allGrainPrices } from '../contracts/grain-price-store.ts'
import { scheduleOf } from '../contracts/schedule-of.ts'
import type { GrainPrice, Instalment } from '../domain/contract-terms.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { instalmentsOf } from '../risk/contract-balances.ts'
import { type Difference, differencesOf } from './difference.ts'

/** The stored instalments of some contracts beside the schedules of their terms. */
export async function verifySchedules(
  db: Reader,
  contracts: readonly FactRow<'contracts'>[],
): Promise<{ stored: number; differences: Difference[] }> {
  const ids = contracts.map(({ id }) => id)
  const storedOf = await instalmentsOf(db, ids, { knownAt: ALL_KNOWN })
  const prices = await allGrainPrices(db, ALL_KNOWN)
  const standing = contracts.filter(({ withdrawn }) => !withdrawn)
  const scheduled = new Map(
    (await termsOfContracts(db, standing)).map((facts) => [
      facts.contract.id,
      scheduleFrom(facts, prices),
    ]),
  )
  // One that was withdrawn has no schedule.
  const differences = ids.flatMap((id) =>
    scheduleDifferences(id, storedOf.get(id) ?? [], scheduled.get(id) ?? []),
  )
  const stored = [...storedOf.values()].reduce((sum, own) => sum + own.length, 0)
  return { stored, differences }
}

/** Terms that no schedule can be made of are told, and must not keep the others from it. */
function scheduleFrom(facts: TermFacts, prices: readonly GrainPrice[]): Instalment[] | 'none' {
  try {
    return scheduleOf(termsOf(facts), prices)
  } catch {
    return 'none'
  }
}

function scheduleDifferences(
  id: string,
  stored: readonly Instalment[],
  computed: readonly Instalment[] | 'none',
): Difference[] {
  if (computed === 'none' || stored.length !== computed.length) {
    const counts = {
      stored: stored.length,
      computed: computed === 'none' ? 'not computable' : computed.length,
    }
    return [{ about: 'contract', id, field: 'instalments', ...counts }]
  }
  return computed.flatMap((one, at) => {
    const kept = stored[at]
    return kept ? differencesOf('contract', id, kept, one, `instalment ${one.no} `) : []
  })
}
