import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig, WrongSetting } from '../../src/config.ts'
import { folderMailer } from '../../src/platform/mail/mail-folder.ts'
import { smtpMailer } from '../../src/platform/mail/mail-transport.ts'
import type { Mail, Mailer } from '../../src/platform/mail/mailer.ts'
import { openSmtpServer } from '../support/smtp-server.ts'

const sender = { name: '示范县欠租监测', address: 'monitor@county.example' }
/** Bytes of every value, more of them than a server takes in at once. */
const workbook = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256)

const mailOf = (over: Partial<Mail> = {}): Mail => ({
  messageId: '2025-03-03.1@monitor.county.example',
  asOf: '2025-03-03',
  to: { name: '青溪镇专班,值班', address: 'qingxi@example.cn' },
  subject: '欠租风险日报 2025-03-03:新增红色 2 户,升级 1 户,逾期 3 件,失约 1 件,补助逾期 4 笔',
  text: '新增红色 2 户\n.\n张*三 青溪镇 欠租 12.50 万元',
  html: '<p>新增红色 <b>2</b> 户</p>',
  date: new Date('2025-03-03T18:00:00Z'),
  attachments: [{ fileName: '工作清单 2025-03-03.xlsx', content: workbook }],
  ...over,
})

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
async function server(...options: Parameters<typeof openSmtpServer>) {
  const opened = await openSmtpServer(...options)
  closing.push(opened.close)
  return opened
}
function mailer(url: string): Mailer {
  const opened = smtpMailer(url, sender)
  closing.push(opened.close)
  return opened
}
function outbox() {
  const folder = mkdtempSync(join(tmpdir(), 'mail-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  return folder
}

/** What a reader of the message sees. */
function seen(mail: ParsedMail | undefined) {
  if (!mail) return undefined
  const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
  return {
    messageId: mail.messageId,
    date: mail.date?.toISOString(),
    from: mail.from?.value,
    to: to?.value,
    subject: mail.subject,
    text: mail.text?.trimEnd(),
    html: mail.html,
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      filename,
      contentType,
      whole: content.equals(workbook),
    })),
    automatic: [mail.headers.get('auto-submitted'), mail.headers.get('x-auto-response-suppress')],
  }
}
const whole = {
  messageId: '<2025-03-03.1@monitor.county.example>',
  date: '2025-03-03T18:00:00.000Z',
  from: [sender],
  to: [mailOf().to],
  subject: mailOf().subject,
  text: mailOf().text,
  html: mailOf().html,
  attachments: [
    {
      filename: '工作清单 2025-03-03.xlsx',
      contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      whole: true,
    },
  ],
  automatic: ['auto-generated', 'All'],
}

describe('a mail server', () => {
  it('is given the message as it was composed, several over one line', async () => {
    const at = await server()
    const post = mailer(`smtp://127.0.0.1:${at.port}`)
    await post.send(mailOf())
    await post.send(mailOf({ messageId: '2@x', attachments: [] }))
    expect(at.received.map(({ to }) => to)).toEqual(['qingxi@example.cn', 'qingxi@example.cn'])
    const [first, second] = at.received
    expect(seen(first?.mail)).toEqual(whole)
    expect(second?.mail.messageId).toBe('<2@x>')
    expect(at.connections).toBe(1)
  })

  it('never reads files or addresses that a text names', async () => {
    const at = await server()
    const post = mailer(`smtp://127.0.0.1:${at.port}`)
    const text = { path: '/etc/hostname' } as unknown as string
    await expect(post.send(mailOf({ text }))).rejects.toThrow(/file access|rejected/i)
    expect(at.received).toEqual([])
  })

  it.each([
    ['smtp', '127.0.0.1', true],
    ['smtp', '0.0.0.0', true],
    ['smtps', '127.0.0.1', true],
  ])('%s://%s logs in over TLS', async (protocol, host, secure) => {
    const at = await server({ account: 'watch:p@ss/词', secure: protocol === 'smtps' })
    const login = `watch:${encodeURIComponent('p@ss/词')}`
    const query = '?tls.rejectUnauthorized=false'
    await mailer(`${protocol}://${login}@${host}:${at.port}${query}`).send(mailOf())
    expect(at.received.map((one) => [one.user, one.secure])).toEqual([['watch', secure]])
  })

  it('elsewhere gets no password in the clear', async () => {
    const options = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }
    const at = await server({ account: 'watch:secret', ...options })
    const send = (host: string) => mailer(`smtp://watch:secret@${host}:${at.port}`).send(mailOf())
    await expect(send('0.0.0.0')).rejects.toMatchObject({ kind: 'trouble', problem: 'tls' })
    expect(at.logins).toEqual([])
    await send('127.0.0.1')
    expect(at.logins).toEqual(['watch:secret'])
  })

  it.each([
    ['a wrong password', 'watch:wrong', '?tls.rejectUnauthorized=false', 'auth'],
    ['no password', '', '?tls.rejectUnauthorized=false', 'auth'],
    ['a certificate that nobody vouches for', 'watch:secret', '', 'tls'],
  ])('with %s: nobody is served', async (_what, login, query, problem) => {
    const at = await server({ account: 'watch:secret' })
    const post = mailer(`smtp://${login}${login && '@'}localhost:${at.port}${query}`)
    const failure = await post.send(mailOf()).catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'trouble', problem, message: problem })
    expect(at.received).toEqual([])
  })

  it.each([
    [550, 'refused', 'refused-550'],
    [553, 'refused', 'refused-553'],
    [450, 'deferred', 'greylisted-450'],
    [452, 'deferred', 'greylisted-452'],
    [530, 'trouble', 'auth'],
  ])('answers %i to a recipient or to a message', async (code, kind, problem) => {
    const at = await server()
    const post = mailer(`smtp://127.0.0.1:${at.port}`)
    at.answerRecipient = () => code
    await expect(post.send(mailOf())).rejects.toMatchObject({ kind, problem, message: problem })
    at.answerRecipient = () => undefined
    at.atEnd = () => ({ code })
    await expect(post.send(mailOf())).rejects.toMatchObject({ kind, problem, message: problem })
    at.atEnd = () => 'accept'
    await post.send(mailOf())
    expect(at.received).toHaveLength(2)
  })

  it('refuses the sender: nobody is served', async () => {
    const at = await server()
    at.answerSender = () => 550
    await expect(mailer(`smtp://127.0.0.1:${at.port}`).send(mailOf())).rejects.toMatchObject({
      kind: 'trouble',
      problem: 'sender-550',
    })
  })

  it.each([
    ['', 'bad-address'],
    ['zhang', 'refused-501'],
    ['a@b.cn\r\nRCPT TO:<c@d.cn>', 'refused-501'],
  ])('gets nothing for %j, which is no address', async (address, problem) => {
    const at = await server()
    const post = mailer(`smtp://127.0.0.1:${at.port}`)
    const sent = post.send(mailOf({ to: { name: '', address } }))
    await expect(sent).rejects.toMatchObject({ kind: 'refused', problem })
    expect(at.received).toEqual([])
  })

  it.each([
    ['drops the line in the middle of a message', 'midway', 'dropped', 0],
    ['drops the line when it has a message', 'drop', 'dropped', 1],
    ['stalls when it has a message', 'stall', 'timeout', 1],
  ] as const)('%s', async (_what, end, problem, received) => {
    const at = await server()
    at.dropsMidway = end === 'midway'
    at.atEnd = () => (end === 'midway' ? 'accept' : end)
    const post = mailer(`smtp://127.0.0.1:${at.port}?socketTimeout=2000`)
    await expect(post.send(mailOf())).rejects.toMatchObject({ kind: 'trouble', problem })
    expect(at.received).toHaveLength(received)
    at.dropsMidway = false
    at.atEnd = () => 'accept'
    await post.send(mailOf())
    expect(at.received).toHaveLength(received + 1)
  })

  it('is not there, never greets, or greets with a refusal', async () => {
    const gone = await server()
    await gone.close()
    closing.pop()
    await expect(mailer(`smtp://127.0.0.1:${gone.port}`).send(mailOf())).rejects.toMatchObject({
      kind: 'trouble',
      problem: 'unreachable',
    })
    for (const [greeting, problem] of [
      ['', 'timeout'],
      ['554 go away\r\n', 'unavailable-554'],
      ['421 too busy\r\n', 'unavailable-421'],
      ['HTTP/1.1 400 Bad Request\r\n', 'dropped'],
    ]) {
      const mute = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.write(greeting ?? '')
        socket.resume()
      })
      await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening))
      const { port } = mute.address() as { port: number }
      closing.push(() => mute.close())
      const post = mailer(`smtp://127.0.0.1:${port}?greetingTimeout=2000`)
      await expect(post.send(mailOf())).rejects.toMatchObject({ kind: 'trouble', problem })
    }
  })

  it('has a moment to finish a message when the service closes, and no longer', async () => {
    const at = await server()
    const post = mailer(`smtp://127.0.0.1:${at.port}`)
    at.atEnd = () => new Promise((end) => setTimeout(() => end('accept'), 100))
    const sent = post.send(mailOf())
    await post.close()
    await sent
    const stalled = mailer(`smtp://127.0.0.1:${at.port}`)
    at.atEnd = () => 'stall'
    const cut = expect(stalled.send(mailOf())).rejects.toMatchObject({ kind: 'trouble' })
    const startedAt = performance.now()
    await stalled.close()
    await cut
    expect(performance.now() - startedAt).toBeLessThan(4000)
    await expect(stalled.send(mailOf())).rejects.toMatchObject({ kind: 'trouble' })
  })
})

describe('a folder', () => {
  it('has each message once, as it would have been sent, and nothing half written', async () => {
    const folder = outbox()
    const post = folderMailer(join(folder, 'new', 'outbox'), sender)
    await post.send(mailOf())
    const [name = ''] = readdirSync(join(folder, 'new', 'outbox'))
    expect(name).toMatch(/^2025-03-03-qingxi@example\.cn-[0-9a-f]{8}\.eml$/)
    const eml = readFileSync(join(folder, 'new', 'outbox', name))
    expect(seen(await simpleParser(eml))).toEqual(whole)
    writeFileSync(join(folder, 'new', 'outbox', name), 'half')
    await post.send(mailOf())
    expect(readdirSync(join(folder, 'new', 'outbox'))).toEqual([name])
    expect(readFileSync(join(folder, 'new', 'outbox', name)).equals(eml)).toBe(true)
  })

  it('keeps alike addresses, odd addresses and two messages of a day apart', async () => {
    const folder = outbox()
    const post = folderMailer(folder, sender)
    const addresses = [
      'a/b@x.cn',
      'a_b@x.cn',
      'A_b@x.cn',
      '../../a@x.cn',
      `${'长'.repeat(200)}@x.cn`,
    ]
    for (const address of addresses) await post.send(mailOf({ to: { name: '', address } }))
    await post.send(mailOf({ messageId: 'other@x', to: { name: '', address: 'a_b@x.cn' } }))
    const names = readdirSync(folder)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(addresses.length + 1)
    expect(
      names.filter((name) => !/^2025-03-03-[\w.@-]{1,80}-[0-9a-f]{8}\.eml$/.test(name)),
    ).toEqual([])
  })

  it('that cannot be written to is trouble for all', async () => {
    const folder = outbox()
    writeFileSync(join(folder, 'file'), '')
    const post = folderMailer(join(folder, 'file', 'outbox'), sender)
    await expect(post.send(mailOf())).rejects.toMatchObject({
      kind: 'trouble',
      problem: 'unwritable-ENOTDIR',
    })
  })
})

describe('settings', () => {
  const SMTP_URL = 'smtp://watch:s3cret@mail.example.cn:587'
  it.each([
    [{}, { name: '', address: 'monitor@localhost' }],
    [
      { SMTP_URL: '', MAIL_FROM: '' },
      { name: '', address: 'monitor@localhost' },
    ],
    [
      { MAIL_FROM: 'a@b.cn', SMTP_URL },
      { name: '', address: 'a@b.cn' },
    ],
    [
      { MAIL_FROM: '示范县, 监测 <a@b.cn>', SMTP_URL },
      { name: '示范县, 监测', address: 'a@b.cn' },
    ],
    [
      { MAIL_FROM: 'a@b.cn', SMTP_URL: `smtps://[::1]/?name=x.cn&tls.rejectUnauthorized=false` },
      { name: '', address: 'a@b.cn' },
    ],
  ])('%j', (environment: NodeJS.ProcessEnv, from) => {
    const { MAIL_FROM, SMTP_URL, OUTBOX_DIR } = readConfig(environment)
    expect(MAIL_FROM).toEqual(from)
    expect(SMTP_URL ?? '').toBe(environment.SMTP_URL ?? '')
    expect(OUTBOX_DIR).toBe('var/outbox')
  })

  it.each([
    ['MAIL_FROM', { SMTP_URL }],
    ['MAIL_FROM', { MAIL_FROM: 'nobody' }],
    ['MAIL_FROM', { MAIL_FROM: 'a@b.cn, c@d.cn' }],
    ['MAIL_FROM', { MAIL_FROM: 'x\r\nBcc: y <a@b.cn>' }],
    ['SMTP_URL', { SMTP_URL: 'mail.example.cn:587' }],
    ['SMTP_URL', { SMTP_URL: 'http://u:s3cret@mail.example.cn' }],
    ['SMTP_URL', { SMTP_URL: 'smtp://u:s3cret#1@mail.example.cn' }],
    ['SMTP_URL', { SMTP_URL: 'smtp://u:12?s3cret@mail.example.cn' }],
    ['SMTP_URL', { SMTP_URL: 'smtp://u:12/s3cret@mail.example.cn' }],
    ['SMTP_URL', { SMTP_URL: `${SMTP_URL}?requireTLS=false` }],
    ['SMTP_URL', { SMTP_URL: `${SMTP_URL}?logger=true` }],
  ])('refuses %s of %j in one line without the password', (name, environment) => {
    const refused = () => readConfig({ ...environment })
    expect(refused).toThrow(WrongSetting)
    expect(refused).toThrow(new RegExp(`^${name}: [^\\n]+$`))
    expect(refused).not.toThrow(/s3cret/)
  })
})
