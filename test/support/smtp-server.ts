import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** What the server does with a message when all of it has come in. */
type End = 'accept' | 'stall' | 'drop' | { code: number }

export interface TestSmtpServer {
  port: number
  /** Every message that came in whole, in that order, taken or not. */
  received: { to: string; secure: boolean; user: string | undefined; mail: ParsedMail }[]
  /** Names and passwords that came in. */
  logins: string[]
  /** Called for each recipient; a code refuses it. */
  answerRecipient: (address: string) => number | undefined
  /** A code refuses every sender. */
  answerSender: () => number | undefined
  /** Called when the message has come in whole. */
  atEnd: (to: string) => End | Promise<End>
  /** Whether the line is dropped at the first bytes of a message. */
  dropsMidway: boolean
  /** Lines that were opened. */
  connections: number
  close(): Promise<void>
}

const refusal = (code: number | undefined) =>
  code === undefined
    ? null
    : Object.assign(new Error(`not here: Zhang <zhang@example.cn> (${code})`), {
        responseCode: code,
      })

/** A real mail server; without `account` it asks for no login and offers no TLS. */
export async function openSmtpServer(
  options: { account?: string; port?: number } & SMTPServerOptions = {},
): Promise<TestSmtpServer> {
  const { account, port = 0, ...rest } = options
  const server = new SMTPServer({
    closeTimeout: 50,
    logger: false,
    authOptional: account === undefined,
    disabledCommands: account === undefined ? ['AUTH', 'STARTTLS'] : [],
    onConnect(_session, done) {
      opened.connections++
      done()
    },
    onAuth({ username, password }, _session, done) {
      const login = `${username}:${password}`
      opened.logins.push(login)
      if (login === account) done(null, { user: username })
      else done(Object.assign(new Error('wrong password'), { responseCode: 535 }))
    },
    onMailFrom: (_address, _session, done) => done(refusal(opened.answerSender())),
    onRcptTo: ({ address }, _session, done) => done(refusal(opened.answerRecipient(address))),
    onData(stream, session, done) {
      const to = session.envelope.rcptTo[0]?.address ?? ''
      const drop = () => {
        for (const { _socket } of server.connections as Set<{ _socket: Socket }>) _socket.destroy()
      }
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        if (opened.dropsMidway) drop()
        else chunks.push(chunk)
      })
      stream.on('end', async () => {
        if (opened.dropsMidway) return
        const mail = await simpleParser(Buffer.concat(chunks))
        opened.received.push({ to, secure: session.secure, user: session.user, mail })
        const end = await opened.atEnd(to)
        if (end === 'accept') done()
        else if (end === 'drop') drop()
        else if (end !== 'stall') done(refusal(end.code))
      })
    },
    ...rest,
  })
  // A line that a test drops is an error to the server.
  server.on('error', () => undefined)
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const opened: TestSmtpServer = {
    port: (server.server.address() as AddressInfo).port,
    received: [],
    logins: [],
    answerRecipient: () => undefined,
    answerSender: () => undefined,
    atEnd: () => 'accept',
    dropsMidway: false,
    connections: 0,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
  return opened
}
