import { contractFact } from '../contracts/contract.ts'
import { newContract, recordContracts } from '../contracts/new-contracts.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import type { Writer } from '../platform/database/database.ts'
import type { ContractRecord } from './import-row.ts'
import type { Known } from './known-facts.ts'
import { noteKept } from './record-or-correct.ts'
import { fitting, given, type RowWork } from './row-work.ts'

/**
 * A new contract that is recorded together with those of other rows.
 * Refuses: malformed, what `newContract` refuses.
 */
export function recordInTurn(work: RowWork<ContractRecord>, body: object): FactRow<'contracts'> {
  const { tx, caller, known, remember } = work
  const fact = fitting(contractFact.body, given(body))
  const contract = newContract(tx, caller, fact, known.atHand.prices)
  remember.push(() => known.waiting.push(contract))
  return noteKept(work, contractFact, contract.row)
}

/** Records what waits: in the transaction in which it was read, and before anybody looks for it. */
export async function recordWaiting(tx: Writer, known: Known): Promise<void> {
  const { waiting } = known
  if (waiting.length === 0) return
  // Another list, not an emptied one: where this is undone, they wait again (`allOrNone`).
  known.waiting = []
  await recordContracts(tx, waiting)
}
