import { standingAt } from '../../src/domain/standing.ts'
import type { AtTime } from '../../src/facts/fact-kind.ts'
import type { Reader } from '../../src/platform/database/database.ts'
import { contractBalances, instalmentsOf, paymentsOf } from '../../src/risk/contract-balances.ts'
import { operatorPages } from '../../src/risk/operator-scope.ts'

const OPERATORS_PER_PAGE = 400

/** Who owes what since when. */
export interface Owed {
  arrearsFen: number
  oldestUnpaidDueOn: string | null
}

/**
 * The facts step of the night as the service takes it: the balances of all contracts, the details of
 * those that they leave open. `designated` are the contracts that the balances do not settle.
 */
export async function serviceFacts(db: Reader, at: AtTime) {
  const owed = new Map<string, Owed>()
  const designated = new Set<string>()
  for await (const scope of operatorPages(db, OPERATORS_PER_PAGE)) {
    const balances = await contractBalances(db, scope, at)
    const open = balances.filter((b) => b.overdueFen > b.paidFen || b.designated > 0)
    const ids = open.map(({ id }) => id)
    const instalments = await instalmentsOf(db, ids, at)
    const payments = await paymentsOf(db, ids, at)
    const openIds = new Set(ids)
    for (const { id, startOn, endOn, frequency, designated: named } of balances) {
      if (named > 0) designated.add(id)
      if (!openIds.has(id)) {
        owed.set(id, { arrearsFen: 0, oldestUnpaidDueOn: null })
        continue
      }
      const term = { startOn, endOn, once: frequency === 'once' }
      const { arrearsFen, oldestUnpaidDueOn } = standingAt(
        at.asOf,
        term,
        instalments.get(id) ?? [],
        payments.get(id) ?? [],
      )
      owed.set(id, { arrearsFen, oldestUnpaidDueOn })
    }
  }
  return { owed, designated }
}
