import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { businessDay } from '../business-day.ts'
import type { Clock, Reader, Writer } from './database.ts'
import { prepared } from './prepared.ts'
import { Touched } from './touched.ts'

type Unstamped = Omit<Writer, 'recordedAt' | 'previousAt' | 'today' | 'newId' | 'touched' | 'part'>

/**
 * Stamps an open write transaction. The last instant is kept in a row, so that no two transactions
 * share one, over restarts, processes and a clock that was set back: `knownAt` cuts between facts.
 * One that records no fact does not move it: what is known stays what it was.
 */
export async function stampTransaction(
  tx: Unstamped,
  clock: Clock,
  execute: (statement: string) => unknown,
  recordsFacts = true,
): Promise<Writer> {
  const last = await lastInstant(tx)
  const now = clock.now()
  const first = last === undefined ? 0 : Date.parse(last) + (recordsFacts ? 1 : 0)
  const ms = Math.max(now.getTime(), first)
  const recordedAt = new Date(ms).toISOString()
  if (recordsFacts) await keepInstant(tx, { instant: recordedAt })
  const today = businessDay(now, clock.timeZone)
  let seq = 0
  const newId = () => uuid({ msecs: ms, seq: seq++, random: nextRandom() })
  const touched = new Touched()
  const part = partsOf(touched, execute)
  return Object.assign(tx, { recordedAt, previousAt: last, today, newId, touched, part })
}

/** Drawn for many ids at once: drawing them one by one took longer than all else of an id. */
let drawn = Buffer.alloc(0)
let used = 0
function nextRandom(): Uint8Array {
  if (used === drawn.length) {
    drawn = randomBytes(RANDOM_BYTES * 512)
    used = 0
  }
  used += RANDOM_BYTES
  return drawn.subarray(used - RANDOM_BYTES, used)
}
const RANDOM_BYTES = 16

/** Parts of one transaction, between savepoints: SQLite and PostgreSQL spell them alike. */
function partsOf(touched: Touched, execute: (statement: string) => unknown): Writer['part'] {
  return async (work) => {
    const takeBack = touched.mark()
    await execute('SAVEPOINT part')
    try {
      const result = await work()
      await execute('RELEASE part')
      return result
    } catch (error) {
      await execute('ROLLBACK TO part')
      await execute('RELEASE part')
      takeBack()
      throw error
    }
  }
}

/** The instant of the last transaction; undefined before the first. */
export async function lastInstant(db: Reader): Promise<string | undefined> {
  const [row] = await keptInstant(db, {})
  return row?.instant
}

const keptInstant = prepared((db) => db.select().from(db.tables.ledgerClock))

const keepInstant = prepared<unknown, Unstamped>((tx) => {
  const { ledgerClock } = tx.tables
  return tx
    .insert(ledgerClock)
    .values({ id: 'last', instant: sql.placeholder('instant') })
    .onConflictDoUpdate({ target: ledgerClock.id, set: { instant: sql`excluded.instant` } })
})
