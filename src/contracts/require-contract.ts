import { contractUnknown } from '../access/unknown-names.ts'
import { findFact } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'

/** Refuses: contract-unknown, for a field that names a contract which is not there. */
export async function requireContract(db: Reader, id: string) {
  const contract = await findFact(db, 'contracts', id)
  if (contract) return contract
  throw contractUnknown
}

/** The operator of a contract, as a list of one; empty when the contract was withdrawn. */
export async function operatorOfContract(db: Reader, contractId: string): Promise<string[]> {
  const contract = await findFact(db, 'contracts', contractId)
  return contract ? [contract.operatorId] : []
}
