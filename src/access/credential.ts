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
  const keep = async ({ id, noteUse }: Credential, at: string, failed: Failed) => {
    underWay.add(id)
    try {
      await db.note((tx) => noteUse(tx, at))
    } catch (error) {
      failed(error)
    } finally {
      underWay.delete(id)
    }
  }
  return (used: Credential, failed: Failed): Promise<void> | undefined => {
    const { id, lastUsedAt } = used
    const now = clock.now()
    const isRecent = lastUsedAt !== null && now.getTime() - Date.parse(lastUsedAt) < NOTED_EVERY_MS
    return isRecent || underWay.has(id) ? undefined : keep(used, now.toISOString(), failed)
  }
}
type Failed = (error: unknown) => void
