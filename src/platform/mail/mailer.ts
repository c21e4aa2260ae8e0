import type { Day } from '../../domain/calendar-day.ts'

export interface MailAddress {
  name: string
  address: string
}

/** A message that is the same whenever it is sent. */
export interface Mail {
  messageId: string
  /** The day that it speaks for. */
  asOf: Day
  to: MailAddress
  subject: string
  text: string
  html: string
  date: Date
  attachments: { fileName: string; content: Uint8Array }[]
}

export interface Mailer {
  /** Resolves when somebody else has taken charge of the message. Throws MailFailure. */
  send(mail: Mail): Promise<void>
  /** Ends what is under way; what is sent later fails. */
  close(): Promise<void>
}

/**
 * `refused`: this message will never be taken. `deferred`: this one may be taken later.
 * `trouble`: no message can be sent now.
 */
type MailFailureKind = 'refused' | 'deferred' | 'trouble'

/** Why a message was not sent: a code, never what a server said, never an address. */
export class MailFailure extends Error {
  readonly kind: MailFailureKind
  readonly problem: string
  constructor(kind: MailFailureKind, problem: string, cause?: unknown) {
    super(problem, { cause })
    this.kind = kind
    this.problem = problem
  }
}
