import { createHash } from 'node:crypto'
import { setTimeout as rest } from 'node:timers/promises'
import { createTransport, type NodemailerError, type SendMailOptions } from 'nodemailer'
import { type Mail, type MailAddress, type Mailer, MailFailure } from './mailer.ts'

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
/** A server that answers a word at a time never times out; this bounds a whole message. */
const SEND_WITHIN_MS = 300_000
/** How long a message under way may take to its end when the service closes. */
const CLOSE_WITHIN_MS = 2000
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Sends by the server of an smtp:// or smtps:// address; what its query says comes first. */
export function smtpMailer(url: string, from: MailAddress): Mailer {
  const { hostname, protocol, username, password } = new URL(url)
  const secret = username !== '' || password !== ''
  const pool = createTransport({
    ...TIMEOUTS,
    url,
    pool: true,
    maxConnections: 1,
    // Only a connection that ended before a message was begun is tried again at once.
    maxRequeues: 1,
    idleTimeout: 20_000,
    requireTLS: protocol === 'smtp:' && secret && !LOOPBACK.test(hostname),
  })
  let last: Promise<unknown> = Promise.resolve()
  let closed = false
  return {
    async send(mail) {
      const signal = AbortSignal.timeout(SEND_WITHIN_MS)
      const sent = pool.sendMail({ ...messageOf(mail, from), signal })
      last = sent.catch(() => undefined)
      await sent.catch((error: NodemailerError) => {
        throw failureOf(error) ?? (closed ? new MailFailure('trouble', 'closed') : error)
      })
    },
    async close() {
      await Promise.race([last, rest(CLOSE_WITHIN_MS, undefined, { ref: false })])
      closed = true
      pool.close({ force: true })
    },
  }
}

/** A message as it goes over the wire: the same bytes whenever it is written. */
export async function writeEml(mail: Mail, from: MailAddress): Promise<Uint8Array> {
  const writer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const { message } = await writer.sendMail(messageOf(mail, from))
  return message as Uint8Array
}

function messageOf(mail: Mail, from: MailAddress): SendMailOptions {
  const { to, messageId, subject, text, html, date, attachments } = mail
  return {
    from,
    to,
    messageId,
    subject,
    text,
    html,
    date,
    attachments: attachments.map(({ fileName, content }) => ({
      filename: fileName,
      content: Buffer.from(content),
    })),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 32),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

const AUTH_CODES = [530, 534, 535, 538]
const TLS = /CERT|SIGNATURE|SSL|TLS/

/** Sorts what went wrong; undefined: nothing that a mail server can be blamed for. */
function failureOf(error: NodemailerError): MailFailure | undefined {
  const { code, command, responseCode, originalCode } = error
  const trouble = (problem: string) => new MailFailure('trouble', problem)
  if (code === 'EAUTH' || AUTH_CODES.includes(Number(responseCode))) return trouble('auth')
  if (code === 'ETLS') return trouble('tls')
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    if (!responseCode) return new MailFailure('refused', 'bad-address')
    if (command === 'MAIL FROM') return trouble(`sender-${responseCode}`)
    return error.permanent
      ? new MailFailure('refused', `refused-${responseCode}`)
      : new MailFailure('deferred', `greylisted-${responseCode}`)
  }
  if (responseCode) return trouble(`unavailable-${responseCode}`)
  switch (code) {
    case 'ETIMEDOUT':
    case 'EABORT':
      return trouble('timeout')
    case 'ECONNECTION':
    case 'EPROTOCOL':
      return trouble('dropped')
    case 'EDNS':
      return trouble('unreachable')
    case 'ESOCKET':
      if (TLS.test(String(originalCode))) return trouble('tls')
      return trouble(/ECONNRESET|EPIPE/.test(String(originalCode)) ? 'dropped' : 'unreachable')
    default:
      return undefined
  }
}
