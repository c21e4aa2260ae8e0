import { setImmediate } from 'node:timers/promises'
import type { Caller } from '../access/caller.ts'
import { hasPayments } from '../contracts/designated-days.ts'
import { appendPrices, contractsPaidIn } from '../contracts/put-grain-price.ts'
import { Refusal } from '../errors.ts'
import { ALL_KNOWN, findFact } from '../facts/fact-store.ts'
import { contractStanding } from '../payments/contract-standing.ts'
import type { Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import type { KeptFact } from '../platform/database/tables-of-imports.ts'
import {
  ownVersions,
  type PutRow,
  type PutTable,
  standingVersions,
  versionsOf,
} from './put-versions.ts'

/**
 * Takes back regions and grain prices that an import has put: what was there before it counts
 * again, in a further version; what was not is withdrawn. Schedules follow the prices.
 * Refuses: import-prices-paid, when money lies on instalments that would have no price;
 * rent-too-large.
 */
export async function takeBackPut(
  tx: Writer,
  caller: Caller,
  facts: readonly KeptFact[],
  reason: string,
): Promise<void> {
  await insertRows(tx, 'regions', await versionsInstead(tx, caller, 'regions', facts, reason))
  const prices = await versionsInstead(tx, caller, 'grainPrices', facts, reason)
  if (prices.length === 0) return
  const grains = new Set(prices.flatMap(({ grain, withdrawn }) => (withdrawn ? [grain] : [])))
  const paid = await paidInstalments(tx, grains)
  await appendPrices(tx, prices)
  await refusePaidUnpriced(tx, paid)
}

async function versionsInstead<N extends PutTable>(
  tx: Writer,
  caller: Caller,
  name: N,
  facts: readonly KeptFact[],
  reason: string,
): Promise<PutRow<N>[]> {
  const ofTable = facts.filter(({ kind }) => kind === name)
  const own = ownVersions(ofTable)
  const instead: PutRow<N>[] = []
  for (const [id, versions] of await versionsOf(tx, name, ofTable)) {
    const standing = standingVersions(versions)
    let last = versions.at(-1) as PutRow<N>
    while (own.get(id)?.has(standing.at(-1)?.version ?? 0)) {
      standing.pop()
      const before = standing.at(-1)
      last = {
        ...(before ?? last),
        version: last.version + 1,
        withdrawn: before === undefined,
        changeReason: reason,
        recordedAt: tx.recordedAt,
        recordedBy: caller.label,
      }
      instead.push(last)
    }
  }
  return instead
}

/** The instalments of contracts paid in some grains on which money lies: their numbers. */
async function paidInstalments(
  tx: Writer,
  grains: ReadonlySet<string>,
): Promise<Map<string, Set<number>>> {
  const paid = new Map<string, Set<number>>()
  for (const contractId of await contractsPaidIn(tx, grains)) {
    await setImmediate()
    if (!(await hasPayments(tx, contractId))) continue
    const instalments = await instalmentsOf(tx, contractId)
    const nos = instalments.flatMap(({ no, paidFen }) => (paidFen > 0 ? [no] : []))
    if (nos.length > 0) paid.set(contractId, new Set(nos))
  }
  return paid
}

async function refusePaidUnpriced(
  tx: Writer,
  paid: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<void> {
  const stranded: string[] = []
  for (const [contractId, nos] of paid) {
    await setImmediate()
    const instalments = await instalmentsOf(tx, contractId)
    if (instalments.some(({ no, priced }) => !priced && nos.has(no))) stranded.push(contractId)
  }
  if (stranded[0] === undefined) return
  const contract = await findFact(tx, 'contracts', stranded[0])
  throw pricesPaid(stranded.length, contract?.contractNo ?? stranded[0])
}

/** None of a contract whose terms have no schedule: it is not priced now either. */
async function instalmentsOf(tx: Writer, contractId: string) {
  try {
    const standing = await contractStanding(tx, contractId, tx.today, ALL_KNOWN)
    return standing?.instalments ?? []
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}

const pricesPaid = (count: number, contractNo: string) =>
  new Refusal('conflict', 'import-prices-paid', {
    zh:
      `有 ${count} 份合同(如 ${contractNo})已按这次导入的粮价收过租金,撤回后这些租金无价可计;` +
      '请重新登记正确的粮价,或先冲销这些收款',
    en: `rent of ${count} contracts, such as ${contractNo}, was paid at these prices: reverse it`,
  })
