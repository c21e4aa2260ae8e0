import type { Caller } from '../access/caller.ts'
import type { Rent } from '../domain/contract-terms.ts'
import { maskContractNo } from '../domain/mask-personal.ts'
import { Refusal } from '../errors.ts'
import { ALL_KNOWN, findFact, standingFacts } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { type GrainPriceRow, lastOfGrainPrice } from './grain-price-store.ts'
import { operatorOfContract } from './require-contract.ts'
import { reschedule } from './reschedule.ts'
import { RENT_TOO_LARGE } from './schedule-of.ts'

/**
 * Records what 50 kg (100 jin) of a grain cost from a day on, or records it anew, and brings the
 * schedules of all contracts that are paid in it up to the price. Refuses: rent-too-large.
 */
export async function putGrainPrice(
  tx: Writer,
  caller: Caller,
  at: { grain: string; effectiveOn: string },
  body: { fenPer50kg: number; source: string },
): Promise<GrainPriceRow> {
  const id = `${at.grain}/${at.effectiveOn}`
  const before = await lastOfGrainPrice(tx, id)
  const row = {
    id,
    version: (before?.version ?? 0) + 1,
    ...at,
    ...body,
    withdrawn: false,
    changeReason: null,
    recordedAt: tx.recordedAt,
    recordedBy: caller.label,
  }
  await appendPrices(tx, [row])
  return row
}

/**
 * Appends versions of prices, and brings the schedules of contracts up to them, each once.
 * Refuses: rent-too-large, which names contracts.
 */
export async function appendPrices(tx: Writer, rows: readonly GrainPriceRow[]): Promise<void> {
  await insertRows(tx, 'grainPrices', rows)
  const tooLarge: string[] = []
  for (const contractId of await contractsPaidIn(tx, new Set(rows.map(({ grain }) => grain)))) {
    if (!(await isRescheduled(tx, contractId))) tooLarge.push(contractId)
    for (const operatorId of await operatorOfContract(tx, contractId)) tx.touched.add(operatorId)
  }
  if (tooLarge.length > 0) throw await rentsTooLarge(tx, tooLarge)
}

/** Whether there is a schedule by the prices as they now stand. */
async function isRescheduled(tx: Writer, contractId: string): Promise<boolean> {
  try {
    await reschedule(tx, contractId)
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === RENT_TOO_LARGE) return false
    throw error
  }
}

const CONTRACTS_NAMED_MAX = 5

async function rentsTooLarge(db: Reader, contractIds: readonly string[]): Promise<Refusal> {
  const named: string[] = []
  for (const id of contractIds.toSorted().slice(0, CONTRACTS_NAMED_MAX)) {
    const contract = await findFact(db, 'contracts', id)
    named.push(maskContractNo(contract?.contractNo ?? id))
  }
  const count = contractIds.length
  const [zh, en] = [named.join('、'), named.join(', ')]
  const words = {
    zh: `按此价有 ${count} 份合同租金总额过大(${zh}${count > named.length ? '等' : ''}),请核对粮价和合同`,
    en: `the rent of ${count} contracts is too large at this price, such as ${en}`,
  }
  return new Refusal('rule-broken', RENT_TOO_LARGE, words, 'fenPer50kg')
}

/** The contracts that are, or are at times, paid in one of some grains. */
export async function contractsPaidIn(
  db: Reader,
  grains: ReadonlySet<string>,
): Promise<Set<string>> {
  const { contracts, contractAmendments: amendments } = db.tables
  const paidIn = (rent: Rent | null) =>
    rent?.lines.some(({ grain }) => grain !== undefined && grains.has(grain)) === true
  const agreed = await db
    .select({ id: contracts.id, rent: contracts.rent })
    .from(contracts)
    .where(standingFacts(contracts, ALL_KNOWN))
  const amended = await db
    .select({ id: amendments.contractId, rent: amendments.rent })
    .from(amendments)
    .where(standingFacts(amendments, ALL_KNOWN))
  return new Set([...agreed, ...amended].flatMap(({ id, rent }) => (paidIn(rent) ? [id] : [])))
}
