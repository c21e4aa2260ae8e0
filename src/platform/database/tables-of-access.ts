import type { ColumnKit } from './kit-sqlite.ts'

export type Role = 'recorder' | 'viewer' | 'bureau' | 'finance' | 'admin'

/** Who may call, and who did what. */
export function defineAccessTables(c: ColumnKit) {
  return { ...callerTables(c), ...auditTables(c) }
}

function callerTables(c: ColumnKit) {
  const tokens = c.table(
    'tokens',
    {
      id: c.id('id'),
      label: c.label('label'),
      role: c.word<Role>('role'),
      /** What bounds its holder; null for the whole county. */
      regionCode: c.maybeLabel('region_code'),
      hash: c.label('hash'),
      /** Its first characters, to tell tokens apart by. */
      prefix: c.maybeLabel('prefix'),
      createdAt: c.instant('created_at'),
      expiresAt: c.maybeInstant('expires_at'),
      lastUsedAt: c.maybeInstant('last_used_at'),
      revokedAt: c.maybeInstant('revoked_at'),
    },
    (t) => [c.uniqueIndex('tokens_hash').on(t.hash)],
  )
  const users = c.table(
    'users',
    {
      id: c.id('id'),
      username: c.label('username'),
      /** Signs what the user records. */
      label: c.label('label'),
      role: c.word<Role>('role'),
      regionCode: c.maybeLabel('region_code'),
      passwordHash: c.label('password_hash'),
      passwordChangedAt: c.instant('password_changed_at'),
      /** Wrong passwords since the last right one. */
      failures: c.count('failures'),
      lockedUntil: c.maybeInstant('locked_until'),
      createdAt: c.instant('created_at'),
      disabledAt: c.maybeInstant('disabled_at'),
    },
    (t) => [c.uniqueIndex('users_username').on(t.username)],
  )
  const sessions = c.table(
    'sessions',
    {
      id: c.id('id'),
      userId: c.ref('user_id'),
      hash: c.label('hash'),
      createdAt: c.instant('created_at'),
      lastSeenAt: c.instant('last_seen_at'),
      expiresAt: c.instant('expires_at'),
      endedAt: c.maybeInstant('ended_at'),
    },
    (t) => [
      c.uniqueIndex('sessions_hash').on(t.hash),
      // Ends all sessions of a user.
      c.index('sessions_user').on(t.userId),
    ],
  )
  return { tokens, users, sessions }
}

/** Appended only; each entry's hash covers the one before it. */
function auditTables(c: ColumnKit) {
  const auditEntries = c.table(
    'audit_entries',
    {
      /** From 1, without gaps. */
      no: c.count('no'),
      at: c.instant('at'),
      actorId: c.ref('actor_id'),
      actor: c.label('actor'),
      role: c.label('role'),
      regionCode: c.maybeLabel('region_code'),
      /** Where the request came from. */
      address: c.maybeLabel('address'),
      requestId: c.maybeLabel('request_id'),
      action: c.label('action'),
      /** What it was done to: 'contracts', 'sessions', 'exports' … */
      subject: c.label('subject'),
      subjectId: c.maybeLabel('subject_id'),
      detail: c.json<Record<string, unknown>>('detail'),
      previousHash: c.label('previous_hash'),
      hash: c.label('hash'),
    },
    (t) => [
      c.primaryKey({ columns: [t.no] }),
      // Who did what to one record.
      c.index('audit_entries_subject').on(t.subjectId),
    ],
  )
  /** How many entries there are and the hash of the last: shows when the end was cut off. */
  const auditHead = c.table('audit_head', {
    id: c.id('id'),
    entries: c.count('entries'),
    hash: c.label('hash'),
  })
  return { auditEntries, auditHead }
}
