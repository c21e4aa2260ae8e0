import { z } from 'zod'
import { findGrainPrice } from '../contracts/grain-price-store.ts'
import { putGrainPrice } from '../contracts/put-grain-price.ts'
import { day, positiveFen, text } from '../platform/http/fields.ts'
import type { GrainPriceRecord } from './import-row.ts'
import { fitting, type RowWork, refuseSecondWord, tellCorrected } from './row-work.ts'

const FEN_PER_50KG_MAX = 10_000_000
const body = z.object({
  grain: text(50),
  effectiveOn: day,
  fenPer50kg: positiveFen.max(FEN_PER_50KG_MAX),
  source: text(200),
})

/** A row of a list of grain prices. */
export async function recordGrainPrice(work: RowWork<GrainPriceRecord>): Promise<object> {
  const { tx, caller, known } = work
  const price = fitting(body, work.record)
  const { grain, effectiveOn, fenPer50kg, source } = price
  const id = `${grain}/${effectiveOn}`
  const before = await findGrainPrice(tx, id)
  const same = before?.fenPer50kg === fenPer50kg && before.source === source
  refuseSecondWord(work, id, same, 'grain')
  work.remember.push(() => known.claims.set(id, work.fingerprint))
  if (same || work.seenBefore) return price
  const at = { grain, effectiveOn }
  const row = await putGrainPrice(tx, caller, at, { fenPer50kg, source })
  if (before) {
    const recorded = { fenPer50kg: before.fenPer50kg, source: before.source }
    tellCorrected(work, recorded, { fenPer50kg, source })
  }
  work.facts.push({ kind: 'grainPrices', id: row.id, version: row.version })
  return price
}
