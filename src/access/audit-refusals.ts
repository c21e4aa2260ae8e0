import type { Refusal } from '../errors.ts'
import type { Clock, Database } from '../platform/database/database.ts'
import { type Actor, audit } from './audit-trail.ts'

const MINUTE_MS = 60_000
const KEYS_MAX = 1000

/**
 * Says of what anybody can bring about as often as they like whether it is to be audited: each key
 * once a minute, and only so many in a minute, so that nobody can fill the disk.
 */
export function onceAMinute(clock: Clock) {
  const notedAt = new Map<string, number>()
  return (key: string): boolean => {
    const now = clock.now().getTime()
    for (const [earlier, at] of notedAt) {
      if (Math.abs(now - at) < MINUTE_MS) break
      notedAt.delete(earlier)
    }
    if (notedAt.has(key) || notedAt.size >= KEYS_MAX) return false
    notedAt.set(key, now)
    return true
  }
}

/** Audits that a caller was refused what its role or region does not permit. */
export function notingRefusals({ db, clock }: { db: Database; clock: Clock }) {
  const isDue = onceAMinute(clock)
  return async (actor: Actor, route: string, { kind, code }: Refusal): Promise<void> => {
    if (kind !== 'forbidden' || actor.caller === undefined) return
    if (!isDue(`${actor.caller.id} ${route}`)) return
    const entry = { action: 'refuse', subject: 'routes', subjectId: route } as const
    await db.note((tx) => audit(tx, actor, { ...entry, detail: { code } }))
  }
}
