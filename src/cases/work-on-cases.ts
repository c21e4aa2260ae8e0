import { setImmediate } from 'node:timers/promises'
import { groupBy } from '../domain/group-by.ts'
import type { Database, Writer } from '../platform/database/database.ts'
import {
  brokenPromises,
  findNews,
  freshFindings,
  keepFindings,
  type NightOf,
  notePromises,
} from './night-findings.ts'
import { placeOfVillage } from './place-figures.ts'
import { settleCases } from './settle-cases.ts'

/** So many at a time hold the writer for some milliseconds. */
const FINDINGS_PER_TRANSACTION = 100

/**
 * What a night does with the ledger of risks once the contracts are scored: in many transactions,
 * so that requests are answered between two, and none of what is done is done again after a crash.
 * Each begins with `hold`, so that a night that another one has taken over ends there.
 */
export async function workOnCases(
  db: Pick<Database, 'read' | 'transaction'>,
  night: NightOf,
  hold: (tx: Writer) => Promise<void>,
): Promise<void> {
  const { asOf, policy } = night
  const broken = await brokenPromises(db.read, night)
  await settleCases(db, { asOf, policy, brokenAt: groupBy(broken, placeOfVillage) }, hold)
  const news = await findNews(db.read, night, broken)
  for (let at = 0; at < news.length; at += FINDINGS_PER_TRANSACTION) {
    const part = await freshFindings(db.read, news.slice(at, at + FINDINGS_PER_TRANSACTION))
    if (part.length > 0)
      await db.transaction(async (tx) => {
        await hold(tx)
        const kept = await keepFindings(tx, asOf, part)
        await notePromises(tx, asOf, broken, kept)
      })
    await setImmediate()
  }
}
