import { and, asc, count, eq, gte, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm'
import { SERVICE } from '../access/caller.ts'
import type { Deps } from '../deps.ts'
import { nextAttemptAt } from '../domain/retry-intervals.ts'
import type { Database, Reader, Writer } from '../platform/database/database.ts'
import { lastInstant } from '../platform/database/ledger-clock.ts'
import type { Tables } from '../platform/database/tables.ts'
import { type Mail, MailFailure } from '../platform/mail/mailer.ts'

/** Longer than a message can take: after it, whoever claimed the message is gone. */
const LEASE_MS = 10 * 60_000
/** The problem of an attempt that has begun and is under way, or was cut off. */
const UNFINISHED = 'unfinished'

type Alert = Tables['alerts']['$inferSelect']

/** What one pass over the outbox came to. */
export interface OutboxPass {
  sent: number
  /** Still queued at the end of the pass, whether tried in it or not. */
  waiting: number
  failed: number
  /** Why no message could be sent any more; undefined when the pass came to its end. */
  trouble: string | undefined
}

type Post = Pick<Deps, 'db' | 'mailer' | 'clock'>

const passes = new WeakMap<Database, Promise<unknown>>()

/**
 * Sends the messages that are due, the oldest first, or with `all` those that wait for their next
 * attempt too: they go on waiting for it when this one fails. One pass at a time in a process;
 * other processes never send the same message.
 */
export function sendOutbox(post: Post, { all = false } = {}): Promise<OutboxPass> {
  const pass = outboxIdle(post.db).then(() => sendDue(post, all))
  passes.set(
    post.db,
    pass.catch(() => undefined),
  )
  return pass
}

/** Resolves when no pass is under way. */
export async function outboxIdle(db: Database): Promise<void> {
  await passes.get(db)
}

async function sendDue({ db, mailer, clock }: Post, all: boolean): Promise<OutboxPass> {
  const pass: OutboxPass = { sent: 0, waiting: 0, failed: 0, trouble: undefined }
  for (const { id } of await dueAlerts(db.read, clock.now().toISOString(), all)) {
    const claim = await db.transaction((tx) => claimAlert(tx, id, all))
    if (!claim) continue
    const { alert, before } = claim
    const mail = await mailOf(db.read, alert)
    const failure = await mailer.send(mail).then(() => undefined, failureOf)
    if (!failure) {
      await db.transaction((tx) => keepSent(tx, alert))
      pass.sent++
      continue
    }
    const ended = await db.transaction((tx) => keepFailure(tx, alert, failure, all ? before : {}))
    if (ended) pass.failed++
    if (failure.cause !== undefined) throw failure.cause
    if (failure.kind === 'trouble') {
      pass.trouble = failure.problem
      break
    }
  }
  pass.waiting = await countQueued(db.read)
  return pass
}

/** An error that no mail server can be blamed for is a bug: the message waits, the pass fails. */
const failureOf = (error: unknown): MailFailure =>
  error instanceof MailFailure ? error : new MailFailure('trouble', 'error', error)

async function countQueued(db: Reader): Promise<number> {
  const { alerts: t } = db.tables
  const [row] = await db.select({ queued: count() }).from(t).where(eq(t.state, 'queued'))
  return row?.queued ?? 0
}

/** The messages that wait, and those that have failed since an instant, the oldest first. */
export async function unsentAlerts(db: Reader, since: string) {
  const { alerts: t } = db.tables
  return await db
    .select({ state: t.state, asOf: t.asOf, email: t.email, problem: t.problem })
    .from(t)
    .where(or(eq(t.state, 'queued'), and(eq(t.state, 'failed'), gte(t.endedAt, since))))
    .orderBy(asc(t.queuedAt), asc(t.id))
}

/** The instants of rows are the ledger's, which may run a little ahead of the clock. */
async function dueAlerts(db: Reader, now: string, all: boolean): Promise<{ id: string }[]> {
  const { alerts: t } = db.tables
  const last = (await lastInstant(db)) ?? now
  return db
    .select({ id: t.id })
    .from(t)
    .where(isDue(t, now > last ? now : last, all))
    .orderBy(asc(t.queuedAt), asc(t.id))
}

function isDue(t: Tables['alerts'], at: string, all: boolean) {
  const unclaimed = or(isNull(t.problem), ne(t.problem, UNFINISHED))
  return and(eq(t.state, 'queued'), or(lte(t.nextAttemptAt, at), all ? unclaimed : undefined))
}

/** Takes charge of a message for the time of a lease; undefined when another has, or had. */
async function claimAlert(tx: Writer, id: string, all: boolean) {
  const { alerts: t } = tx.tables
  const [before] = await tx
    .select({ attempts: t.attempts, nextAttemptAt: t.nextAttemptAt })
    .from(t)
    .where(eq(t.id, id))
  const leaseEndsAt = new Date(Date.parse(tx.recordedAt) + LEASE_MS).toISOString()
  const [alert] = await tx
    .update(t)
    .set({ attempts: sql`${t.attempts} + 1`, nextAttemptAt: leaseEndsAt, problem: UNFINISHED })
    .where(and(eq(t.id, id), isDue(t, tx.recordedAt, all)))
    .returning()
  return alert && before && { alert, before }
}

async function mailOf(db: Reader, alert: Alert): Promise<Mail> {
  const { alertAttachments: t } = db.tables
  const { messageId, asOf, name, email, subject, text, html, queuedAt } = alert
  const attachments =
    alert.attachmentId === null
      ? []
      : await db
          .select({ fileName: t.fileName, content: t.content })
          .from(t)
          .where(eq(t.id, alert.attachmentId))
  const to = { name, address: email }
  return { messageId, asOf, to, subject, text, html, date: new Date(queuedAt), attachments }
}

/** Ends a message that has gone out, and says in the cases it names who was told. */
async function keepSent(tx: Writer, { id, asOf, ...alert }: Alert): Promise<void> {
  const { alerts: t, cases, caseEvents } = tx.tables
  const ended = await tx
    .update(t)
    .set({ state: 'sent', endedAt: tx.recordedAt, nextAttemptAt: null, problem: null })
    .where(and(eq(t.id, id), ne(t.state, 'sent')))
    .returning({ id: t.id })
  if (ended.length === 0) return
  const named = await tx
    .select({ caseId: cases.id, episode: cases.episode })
    .from(cases)
    .where(inArray(cases.id, alert.caseIds))
  if (named.length === 0) return
  const { name, email, messageId } = alert
  await tx.insert(caseEvents).values(
    named.map(({ caseId, episode }) => ({
      id: tx.newId(),
      caseId,
      episode,
      kind: 'told' as const,
      asOf,
      detail: { asOf, name, email, messageId },
      recordedAt: tx.recordedAt,
      recordedBy: SERVICE.label,
    })),
  )
}

/**
 * Says why an attempt failed and when the next one is; answers whether there is none. One that is
 * left to what stood `before` puts off none that the service makes by itself.
 */
async function keepFailure(
  tx: Writer,
  { id, queuedAt, attempts }: Alert,
  { kind, problem }: MailFailure,
  before: Partial<Pick<Alert, 'attempts' | 'nextAttemptAt'>>,
): Promise<boolean> {
  const { alerts: t } = tx.tables
  const next = kind === 'refused' ? null : nextAttemptAt(queuedAt, attempts, tx.recordedAt)
  const ending = next === null ? { state: 'failed' as const, endedAt: tx.recordedAt } : before
  const kept = await tx
    .update(t)
    .set({ nextAttemptAt: next, problem, ...ending })
    // Not when the lease ran out and another process has taken charge since.
    .where(and(eq(t.id, id), eq(t.state, 'queued'), eq(t.attempts, attempts)))
    .returning({ id: t.id })
  return next === null && kept.length > 0
}
