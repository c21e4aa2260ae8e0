import type { Database, Writer } from '../platform/database/database.ts'
import {
  brokenPromises,
  findNews,
  keepFindings,
  type NightOf,
  notePromises,
} from './night-findings.ts'
import { settleCases } from './settle-cases.ts'

/**
 * What a night does with the ledger of risks once the contracts are scored: one transaction, which
 * begins with `hold`, so that a night that another one has taken over leaves nothing here.
 */
export async function workOnCases(
  db: Database,
  night: NightOf,
  hold: (tx: Writer) => Promise<void>,
): Promise<void> {
  const { asOf, policy } = night
  const broken = await brokenPromises(db.read, night)
  const news = await findNews(db.read, night, broken)
  await db.transaction(async (tx) => {
    await hold(tx)
    await settleCases(tx, { asOf, policy, broken })
    const fresh = await keepFindings(tx, asOf, news)
    await notePromises(tx, asOf, broken, fresh)
  })
}
