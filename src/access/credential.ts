import type { Clock, Database, Writer } from '../platform/database/database.ts'
import type { Caller } from './caller.ts'

/** What a request came with: a token, or a user's session. */
export interface Credential {
  id: string
  caller: Caller
  lastUsedAt: string | null
  noteUse: (tx: Writer, at: string) => Promise<unknown>
}

const NOTED_EVERY_MS = 60_000

/**
 * Notes when a credential was last used, at most once a minute, after the request. Never fails it:
 * what goes wrong is told to `failed`.
 */
export function notingUses(db: Database, clock: Clock) {
  const underWay = new Set<string>()
  return async (used: Credential, failed: (error: unknown) => void): Promise<void> => {
    const { id, lastUsedAt, noteUse } = used
    const now = clock.now()
    const isRecent = lastUsedAt !== null && now.getTime() - Date.parse(lastUsedAt) < NOTED_EVERY_MS
    if (isRecent || underWay.has(id)) return
    underWay.add(id)
    try {
      await db.note((tx) => noteUse(tx, now.toISOString()))
    } catch (error) {
      failed(error)
    } finally {
      underWay.delete(id)
    }
  }
}
