import { recorded } from './fact-columns.ts'
import type { ColumnKit } from './kit-sqlite.ts'

export interface AlertRecipient {
  email: string
  name: string
  regionCode: string
  active: boolean
}

/** Who is told, and what was written to whom. */
export function defineAlertTables(c: ColumnKit) {
  /** Every list that was put; the last one counts. */
  const alertRecipientLists = c.table('alert_recipient_lists', {
    id: c.id('id'),
    items: c.json<AlertRecipient[]>('items'),
    ...recorded(c),
  })
  /** The outbox: a message is composed once and sent once. */
  const alerts = c.table(
    'alerts',
    {
      id: c.id('id'),
      asOf: c.day('as_of'),
      email: c.label('email'),
      kind: c.label('kind'),
      name: c.label('name'),
      regionCode: c.label('region_code'),
      messageId: c.label('message_id'),
      subject: c.label('subject'),
      text: c.label('text'),
      html: c.label('html'),
      attachmentId: c.maybeRef('attachment_id'),
      /** Lines of news, those beyond the longest list too; 0: nothing has changed. */
      changes: c.count('changes'),
      /** The cases that it names, for their histories. */
      caseIds: c.json<string[]>('case_ids'),
      /** Everything recorded by then was told; the next message goes on from there. */
      toldUpTo: c.instant('told_up_to'),
      state: c.word<'queued' | 'sent' | 'failed'>('state'),
      attempts: c.count('attempts'),
      queuedAt: c.instant('queued_at'),
      /** null: never again. */
      nextAttemptAt: c.maybeInstant('next_attempt_at'),
      endedAt: c.maybeInstant('ended_at'),
      /** Why the last attempt failed: a code, never what a server said. */
      problem: c.maybeLabel('problem'),
    },
    (t) => [
      c.uniqueIndex('alerts_once').on(t.asOf, t.email, t.kind),
      c.index('alerts_recipient').on(t.email, t.asOf),
      c.index('alerts_due').on(t.nextAttemptAt),
    ],
  )
  /** What several recipients of one region get beside the text; kept until all of them have it. */
  const alertAttachments = c.table('alert_attachments', {
    id: c.id('id'),
    fileName: c.label('file_name'),
    content: c.bytes('content'),
    recordedAt: c.instant('recorded_at'),
  })
  return { alertRecipientLists, alerts, alertAttachments }
}
