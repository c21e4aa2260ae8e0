import { addDays, type Day } from '../domain/calendar-day.ts'
import { type Standing, standingAt } from '../domain/standing.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import {
  type ContractBalance,
  contractBalances,
  instalmentsOf,
  NOTHING,
  paymentsOf,
  type ScopedContract,
} from './contract-balances.ts'
import type { StoredRisk } from './stored-risks.ts'

/** What is owed on a contract on a day. */
export interface Owed
  extends Pick<
    Standing,
    | 'arrearsFen'
    | 'yearsOwed'
    | 'unpaidYears'
    | 'partialYears'
    | 'oldestUnpaidDueOn'
    | 'arrearsClass'
    | 'creditFen'
  > {
  /** Instalments in grain without a price are among what fell due or will. */
  unpriced: boolean
  /** The last day on which all this stays so while nothing is recorded. */
  owedUntil: Day | null
}

interface Termed {
  contract: Pick<ScopedContract, 'id' | 'startOn' | 'frequency'>
  /** As amended and ended. */
  termEndOn: Day
}

const NOTHING_OWED = {
  arrearsFen: 0,
  yearsOwed: 0,
  unpaidYears: 0,
  partialYears: 0,
  oldestUnpaidDueOn: null,
  arrearsClass: 'none' as const,
}
const FOR_EVER = '9999-12-31'

/**
 * Hands what is owed on each contract to `take`: as stored, where that still holds on the day; else
 * from two sums, and where these leave it open from its instalments and payments one by one.
 */
export async function owedByContract(
  db: Reader,
  contracts: readonly Termed[],
  at: AtTime,
  stored: ReadonlyMap<string, StoredRisk>,
  take: (contractId: string, owed: () => Owed) => void,
): Promise<void> {
  const unknown: Termed[] = []
  for (const one of contracts) {
    const row = stored.get(one.contract.id)
    if (row && stillHolds(row, at)) take(one.contract.id, () => owedAsStored(row))
    else unknown.push(one)
  }
  const ids = unknown.map(({ contract }) => contract.id)
  const balances = await contractBalances(db, ids, at)
  const open = ids.filter((id) => isOpen(balances.get(id)))
  const instalments = await instalmentsOf(db, open, at)
  const payments = await paymentsOf(db, open, at)
  for (const { contract, termEndOn } of unknown) {
    const { id, startOn, frequency } = contract
    const balance = balances.get(id) ?? NOTHING
    const term = { startOn, endOn: termEndOn, once: frequency === 'once' }
    take(id, () => ({
      ...(isOpen(balance)
        ? standingAt(at.asOf, term, instalments.get(id) ?? [], payments.get(id) ?? [])
        : { ...NOTHING_OWED, creditFen: Math.max(0, balance.paidFen - balance.dueFen) }),
      unpriced: balance.unpriced > 0,
      owedUntil: dayBeforeNext(balance, at.asOf),
    }))
  }
}

/** A designated payment may lie on a later instalment while an older one is unpaid. */
const isOpen = ({ overdueFen, paidFen, designated }: ContractBalance = NOTHING): boolean =>
  overdueFen > paidFen || designated > 0

/**
 * What is recorded on a contract refreshes its stored risk in the same transaction, or, from an
 * import, at its end: until then the stored risk names no day.
 */
const stillHolds = (row: StoredRisk, { asOf, knownAt }: AtTime): boolean =>
  row.owedUntil !== null && row.asOf <= asOf && asOf <= row.owedUntil && row.knownAt <= knownAt

const owedAsStored = (row: StoredRisk): Owed => ({
  arrearsFen: row.arrearsFen,
  yearsOwed: row.yearsOwed,
  unpaidYears: row.unpaidYears,
  partialYears: row.partialYears,
  oldestUnpaidDueOn: row.oldestUnpaidDueOn,
  arrearsClass: row.arrearsClass,
  creditFen: row.creditFen,
  unpriced: row.checks?.includes('"unpriced"') === true,
  owedUntil: row.owedUntil,
})

function dayBeforeNext({ nextDueOn, nextPaidOn }: ContractBalance, asOf: Day): Day {
  const nextOn = [nextDueOn, nextPaidOn].filter((day) => day !== null).sort()[0]
  if (nextOn === undefined) return FOR_EVER
  return nextOn === asOf ? asOf : addDays(nextOn, -1)
}
