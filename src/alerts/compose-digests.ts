import { createHash } from 'node:crypto'
import { composeDigest } from '../domain/digest.ts'
import type { Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { AlertRecipient } from '../platform/database/tables-of-alerts.ts'
import { digestFacts } from './digest-facts.ts'
import { digestHtml } from './digest-html.ts'
import { digestText } from './digest-text.ts'
import { type DigestNight, type NightFacts, nightFacts } from './night-facts.ts'
import { DIGEST, lastTold, untoldRecipients } from './told-recipients.ts'

const ROWS_PER_STATEMENT = 50

/**
 * Composes the one message of a night to every recipient that has none yet, and queues it; answers
 * how many. Each tells what was recorded since the last one that counts as told.
 */
export async function composeDigests(tx: Writer, night: DigestNight): Promise<number> {
  const recipients = await untoldRecipients(tx, night.asOf)
  if (recipients.length === 0) return 0
  const toldUpTo = await lastTold(tx, night.asOf)
  const told = recipients.flatMap((recipient) => toldUpTo(recipient) ?? [])
  const facts = await nightFacts(tx, night, told.sort()[0])
  for (let at = 0; at < recipients.length; at += ROWS_PER_STATEMENT) {
    const part = recipients.slice(at, at + ROWS_PER_STATEMENT)
    const rows = part.map((recipient) => alertOf(tx, facts, recipient, toldUpTo(recipient)))
    await tx.insert(tx.tables.alerts).values(rows)
  }
  return recipients.length
}

function alertOf(
  tx: Writer,
  facts: NightFacts,
  recipient: AlertRecipient,
  since: string | undefined,
): Tables['alerts']['$inferInsert'] {
  const { asOf, county, attachments } = facts.night
  const { email, name, regionCode } = recipient
  const digest = composeDigest(digestFacts(facts, recipient, since))
  const lines = [...(digest.festival?.lines ?? []), ...digest.sections.flatMap((s) => s.lines)]
  return {
    id: tx.newId(),
    asOf,
    email,
    kind: DIGEST,
    name,
    regionCode,
    messageId: messageIdOf(county.code, asOf, email),
    subject: digest.subject,
    text: digestText(digest),
    html: digestHtml(digest),
    attachmentId: attachments.get(regionCode) ?? null,
    changes: digest.changes,
    caseIds: [...new Set(lines.flatMap(({ caseId }) => caseId ?? []))],
    toldUpTo: tx.recordedAt,
    state: 'queued',
    attempts: 0,
    queuedAt: tx.recordedAt,
    nextAttemptAt: tx.recordedAt,
    endedAt: null,
    problem: null,
  }
}

/** The same for the same message, so that one sent twice after a crash is seen as one. */
function messageIdOf(countyCode: string, asOf: string, email: string): string {
  const hash = createHash('sha256').update([countyCode, asOf, email, DIGEST].join('|'))
  return `<digest.${asOf}.${hash.digest('hex').slice(0, 24)}@${countyCode}.land-rent-monitor.local>`
}
