import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { composeDigest } from '../domain/digest.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { insertRows } from '../platform/database/insert-rows.ts'
import { lastInstant } from '../platform/database/ledger-clock.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { AlertRecipient } from '../platform/database/tables-of-alerts.ts'
import { digestFacts } from './digest-facts.ts'
import { digestHtml } from './digest-html.ts'
import { digestText } from './digest-text.ts'
import { type DigestNight, type NightFacts, nightFacts } from './night-facts.ts'
import { DIGEST, lastTold, untoldRecipients } from './told-recipients.ts'

/** A message to one recipient, still to be queued. */
export type Message = Omit<Tables['alerts']['$inferSelect'], 'id' | 'queuedAt' | 'nextAttemptAt'>

/**
 * Composes the one message of a night to every recipient that has none yet. Each tells what was
 * recorded since the last one that counts as told, up to an instant that it keeps: the next one
 * goes on from there, whatever is recorded while these are written.
 */
export async function composeDigests(db: Reader, night: DigestNight): Promise<Message[]> {
  const recipients = await untoldRecipients(db, night.asOf)
  const upTo = await lastInstant(db)
  if (recipients.length === 0 || upTo === undefined) return []
  const sinceOf = await lastTold(db, night.asOf)
  const told = recipients.flatMap((recipient) => sinceOf(recipient) ?? [])
  const facts = await nightFacts(db, night, told.sort()[0], upTo)
  const messages: Message[] = []
  for (const recipient of recipients) {
    messages.push(messageTo(recipient, facts, sinceOf(recipient), upTo))
    await setImmediate()
  }
  return messages
}

/** Queues messages, unless their recipients have been written to by another attempt. */
export async function queueMessages(tx: Writer, messages: readonly Message[]): Promise<void> {
  const asOf = messages[0]?.asOf
  if (asOf === undefined) return
  const untold = new Set((await untoldRecipients(tx, asOf)).map(({ email }) => email))
  const { recordedAt } = tx
  const rows = messages
    .filter(({ email }) => untold.has(email))
    .map((one) => ({ ...one, id: tx.newId(), queuedAt: recordedAt, nextAttemptAt: recordedAt }))
  await insertRows(tx, 'alerts', rows)
}

function messageTo(
  recipient: AlertRecipient,
  facts: NightFacts,
  since: string | undefined,
  upTo: string,
): Message {
  const { asOf, county, attachments } = facts.night
  const { email, name, regionCode } = recipient
  const digest = composeDigest(digestFacts(facts, recipient, since))
  const lines = [...(digest.festival?.lines ?? []), ...digest.sections.flatMap((s) => s.lines)]
  return {
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
    toldUpTo: upTo,
    state: 'queued',
    attempts: 0,
    endedAt: null,
    problem: null,
  }
}

/** The same for the same message, so that one sent twice after a crash is seen as one. */
function messageIdOf(countyCode: string, asOf: string, email: string): string {
  const hash = createHash('sha256').update([countyCode, asOf, email, DIGEST].join('|'))
  return `<digest.${asOf}.${hash.digest('hex').slice(0, 24)}@${countyCode}.land-rent-monitor.local>`
}
