import { z } from 'zod'
import { mailText } from '../domain/mask-name.ts'
import { Refusal } from '../errors.ts'
import type { Database } from '../platform/database/database.ts'
import { text } from '../platform/http/fields.ts'
import { type Actor, type AuditEntry, audit } from './audit-trail.ts'
import { requirePermission } from './authorize.ts'
import type { Caller } from './caller.ts'

/** Query parameters that ask to be shown people in full. */
export const revealFields = {
  reveal: z.stringbool().optional().meta({
    description: '显示未隐去的个人信息,须写明事由,记入审计 · people in full, which is audited',
  }),
  reason: text(200).min(2).optional().meta({ description: '查看事由 · why, with reveal=true' }),
}
export interface RevealQuery {
  reveal?: boolean | undefined
  reason?: string | undefined
}

/**
 * Why somebody is to be shown people in full; undefined when that is not asked for.
 * Refuses: forbidden, reason-missing.
 */
export function revealReason(caller: Caller, { reveal, reason }: RevealQuery): string | undefined {
  if (!reveal) return undefined
  requirePermission(caller, 'reveal')
  if (reason === undefined) throw reasonMissing
  return reason
}

/** Notes who is shown which records in full, and why: before they are. */
export async function noteReveal(
  db: Database,
  actor: Actor,
  reason: string,
  { detail, ...entry }: Omit<AuditEntry, 'action'>,
): Promise<void> {
  const why = { reason: mailText(reason) }
  await db.note((tx) =>
    audit(tx, actor, { ...entry, action: 'reveal', detail: { ...why, ...detail } }),
  )
}

const reasonMissing = new Refusal(
  'malformed',
  'reason-missing',
  { zh: '查看未隐去的个人信息须写明事由', en: 'say why people are to be shown in full' },
  'reason',
)
