import { refuseRegion } from '../access/bounds.ts'
import type { Caller } from '../access/caller.ts'
import type { GrainPrice, Instalment } from '../domain/contract-terms.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { firstVersion } from '../facts/record-fact.ts'
import type { Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { type ContractBody, contractFact } from './contract.ts'
import { insertInstalments, instalmentsOfNew } from './reschedule.ts'

/** A contract that is to be recorded with others. */
export interface NewContract {
  row: FactRow<'contracts'>
  instalments: Instalment[]
}

/**
 * A contract that nobody has recorded yet, of an operator that is known to stand and not to be
 * joined to another. Refuses: region-outside, what `scheduleOf` refuses.
 */
export function newContract(
  tx: Writer,
  caller: Caller,
  body: ContractBody,
  prices: readonly GrainPrice[],
): NewContract {
  refuseRegion(caller, body.villageCode, 'villageCode')
  const row = firstVersion(tx, caller, contractFact, body)
  return { row, instalments: instalmentsOfNew(row, prices) }
}

/** Records contracts with some statements for all: one by one takes several times as long. */
export async function recordContracts(
  tx: Writer,
  contracts: readonly NewContract[],
): Promise<void> {
  const rows = contracts.map(({ row }) => row)
  await insertRows(tx, 'contracts', rows)
  await insertInstalments(
    tx,
    contracts.map(({ row, instalments }) => [row.id, instalments]),
  )
  for (const { operatorId } of rows) tx.touched.add(operatorId)
}
