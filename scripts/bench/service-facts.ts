import { gt } from 'drizzle-orm'
import type { AtTime } from '../../src/facts/fact-kind.ts'
import type { Reader } from '../../src/platform/database/database.ts'
import { contractBalances, contractsIn } from '../../src/risk/contract-balances.ts'
import { operatorPages, pagesOf } from '../../src/risk/operator-scope.ts'
import { owedByContract } from '../../src/risk/owed-by-contract.ts'
import { loudOperators } from '../../src/risk/quiet-operators.ts'
import { lastCompletedRun } from '../../src/risk/risk-store.ts'
import { type StoredRisk, storedRisks } from '../../src/risk/stored-risks.ts'

const CONTRACTS_PER_PAGE = 2000
const NOT_STORED: ReadonlyMap<string, StoredRisk> = new Map()

/** Who owes what since when. */
export interface Owed {
  arrearsFen: number
  oldestUnpaidDueOn: string | null
}

/**
 * The facts step of the night as the service takes it: what is owed on all contracts, the stored
 * risks speaking for operators that are quiet since the last night, or all of it from instalments
 * and payments. Contracts that owe nothing may be left out.
 */
export async function serviceFacts(db: Reader, at: AtTime, isStored: boolean) {
  const owed = new Map<string, Owed>()
  const last = isStored ? await lastCompletedRun(db) : undefined
  const loud = last && (await loudOperators(db, at.asOf, last, undefined))
  if (loud) {
    const { risks: r } = db.tables
    const rows = await db
      .select({
        id: r.contractId,
        arrearsFen: r.arrearsFen,
        oldestUnpaidDueOn: r.oldestUnpaidDueOn,
      })
      .from(r)
      .where(gt(r.arrearsFen, 0))
    for (const { id, ...one } of rows) owed.set(id, one)
  }
  const scopes = loud ? pagesOf(loud) : operatorPages(db, CONTRACTS_PER_PAGE)
  for await (const scope of scopes) {
    const stored = isStored ? await storedRisks(db, scope) : NOT_STORED
    const contracts = await contractsIn(db, scope, { knownAt: at.knownAt })
    const termed = contracts.map((contract) => ({ contract, termEndOn: contract.endOn }))
    await owedByContract(db, termed, at, stored, (id, take) => {
      const { arrearsFen, oldestUnpaidDueOn } = take()
      owed.set(id, { arrearsFen, oldestUnpaidDueOn })
    })
  }
  return owed
}

/** The contracts with payments that name a due day, which the query cannot answer. */
export async function designatedContracts(
  db: Reader,
  ids: readonly string[],
  at: AtTime,
): Promise<Set<string>> {
  const balances = await contractBalances(db, ids, at)
  return new Set([...balances].flatMap(([id, { designated }]) => (designated > 0 ? [id] : [])))
}
