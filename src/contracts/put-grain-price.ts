import type { Caller } from '../access/caller.ts'
import type { Rent } from '../domain/contract-terms.ts'
import { Refusal, type Warning } from '../errors.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { type GrainPriceRow, lastOfGrainPrice } from './grain-price-store.ts'
import { operatorOfContract } from './require-contract.ts'
import { reschedule } from './reschedule.ts'

/**
 * Records what 50 kg (100 jin) of a grain cost from a day on, or records it anew, and brings the
 * schedules of all contracts that are paid in it up to the price.
 */
export async function putGrainPrice(
  tx: Writer,
  caller: Caller,
  at: { grain: string; effectiveOn: string },
  body: { fenPer50kg: number; source: string },
): Promise<{ row: GrainPriceRow; warnings: Warning[] }> {
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
  return { row, warnings: await appendPrices(tx, [row]) }
}

/** Appends versions of prices, and brings the schedules of contracts up to them, each once. */
export async function appendPrices(tx: Writer, rows: readonly GrainPriceRow[]): Promise<Warning[]> {
  await insertRows(tx, 'grainPrices', rows)
  const warnings: Warning[] = []
  for (const contractId of await contractsPaidIn(tx, new Set(rows.map(({ grain }) => grain)))) {
    warnings.push(...(await rescheduleOrWarn(tx, contractId)))
    for (const operatorId of await operatorOfContract(tx, contractId)) tx.touched.add(operatorId)
  }
  return warnings
}

/** One contract's slip of the pen must not keep the county from its price. */
async function rescheduleOrWarn(tx: Writer, contractId: string): Promise<Warning[]> {
  try {
    await reschedule(tx, contractId)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, words } = error
    const zh = `合同 ${contractId} 未按此价计租:${words.zh}`
    const en = `contract ${contractId} is not priced: ${words.en}`
    return [{ code, field: 'fenPer50kg', message: { zh, en } }]
  }
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
