const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** After the first failed attempt, the second, and so on; the last one holds from then on. */
const INTERVALS_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
]
const LAST_INTERVAL_MS = 8 * HOUR_MS
const GIVE_UP_AFTER_MS = 48 * HOUR_MS

/**
 * When a message is tried again after an attempt that failed: at growing intervals, a last time 48
 * hours after it was queued; null when it failed then or later: never again.
 *
 * Units: instants in UTC, `attempts` counts from 1. Throws RangeError on what is no instant.
 * Source: design decision (waits while mail is down, at growing intervals); RFC 5321 4.5.4.1.
 * Example: nextAttemptAt('2025-03-03T18:00:00.000Z', 2, '2025-03-03T18:01:00.000Z') is
 * '2025-03-03T18:06:00.000Z'.
 */
export function nextAttemptAt(queuedAt: string, attempts: number, failedAt: string): string | null {
  const lastAt = Date.parse(queuedAt) + GIVE_UP_AFTER_MS
  const failed = Date.parse(failedAt)
  if (failed >= lastAt) return null
  const interval = INTERVALS_MS[attempts - 1] ?? LAST_INTERVAL_MS
  return new Date(Math.min(failed + interval, lastAt)).toISOString()
}
