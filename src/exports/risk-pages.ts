import { setImmediate } from 'node:timers/promises'
import type { Reader } from '../platform/database/database.ts'
import type { RiskFilter } from '../risk/risk-query.ts'
import { storedWorklist } from '../risk/stored-county.ts'
import type { RiskRow } from '../risk/stored-risks.ts'
import type { LedgerSource, LedgerWish } from './ledger.ts'

const ROWS_PER_PAGE = 200
/** Each page of another day's risks costs a computation over the whole county. */
const ROWS_PER_COMPUTATION = 5000

/** Risks, the most urgent first, some at a time: stored ones, or those of the day. */
export function riskPages(
  { db, county }: LedgerSource,
  { stored, asOf, knownAt }: LedgerWish,
  filter: RiskFilter,
): AsyncGenerator<RiskRow[]> {
  if (stored) return storedRiskPages(db, filter)
  return pagesOf(ROWS_PER_COMPUTATION, (after) =>
    county.worklist({ asOf, knownAt, filter, after, limit: ROWS_PER_COMPUTATION }),
  )
}

/** A contract that a fact moves down while its risk is read is there once. */
export async function* storedRiskPages(db: Reader, filter: RiskFilter): AsyncGenerator<RiskRow[]> {
  const listed = new Set<string>()
  const pages = pagesOf(ROWS_PER_PAGE, (after) => storedWorklist(db, filter, after, ROWS_PER_PAGE))
  for await (const page of pages) {
    const rows = page.filter(({ contractId }) => !listed.has(contractId))
    for (const { contractId } of rows) listed.add(contractId)
    yield rows
  }
}

async function* pagesOf(
  limit: number,
  read: (after: RiskRow | undefined) => Promise<RiskRow[]>,
): AsyncGenerator<RiskRow[]> {
  let after: RiskRow | undefined
  do {
    const rows = await read(after)
    after = rows.length < limit ? undefined : rows.at(-1)
    // Reading rows of a SQLite file yields to nobody by itself.
    await setImmediate()
    for (let at = 0; at < rows.length; at += ROWS_PER_PAGE) yield rows.slice(at, at + ROWS_PER_PAGE)
  } while (after)
}
