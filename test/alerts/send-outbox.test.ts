import { afterEach, describe, expect, it } from 'vitest'
import { sendOutbox } from '../../src/alerts/send-outbox.ts'
import type { Database } from '../../src/platform/database/database.ts'
import { smtpMailer } from '../../src/platform/mail/mail-transport.ts'
import { type Mailer, MailFailure } from '../../src/platform/mail/mailer.ts'
import { type Alert, alertRow, caseRow } from '../support/alert-rows.ts'
import { openSmtpServer } from '../support/smtp-server.ts'
import { type DatabaseKind, databaseKinds, openTestService } from '../support/test-service.ts'

const QUEUED_AT = '2025-03-03T18:00:00.000Z'
const MINUTE_MS = 60_000
const sender = { name: '示范县', address: 'monitor@county.example' }

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A service on a clock that stands, and the mail server that it sends by. */
async function open(kind: DatabaseKind = 'sqlite', given?: Mailer, query = '') {
  const at = await openSmtpServer()
  closing.push(at.close)
  const mailer = given ?? smtpMailer(`smtp://127.0.0.1:${at.port}${query}`, sender)
  let now = Date.parse(QUEUED_AT)
  const service = await openTestService({ kind, now: () => new Date(now), mailer })
  closing.push(service.close)
  const { db } = service
  const { alerts, cases, caseEvents } = db.read.tables
  const minutesAfter = (instant: string | null) =>
    instant === null ? null : Math.round((Date.parse(instant) - Date.parse(QUEUED_AT)) / MINUTE_MS)
  return {
    ...service,
    at,
    /** Goes to so many minutes after the messages were queued. */
    goTo: (minutes: number) => {
      now = Date.parse(QUEUED_AT) + minutes * MINUTE_MS
    },
    queue: (...emails: (string | Partial<Alert>)[]) =>
      db.transaction(async (tx) => {
        for (const one of emails) {
          const over = typeof one === 'string' ? { email: one } : one
          await tx.insert(alerts).values(alertRow(tx.newId(), QUEUED_AT, over))
        }
      }),
    openCases: (...rows: Parameters<typeof caseRow>[]) =>
      db.transaction(async (tx) => {
        await tx.insert(cases).values(rows.map((row) => caseRow(...row)))
      }),
    send: (all = false) => sendOutbox(service, { all }),
    /** Where each message stands: state, attempts, problem, minutes to the next attempt. */
    async standing() {
      const rows = await db.read.select().from(alerts).orderBy(alerts.id)
      return Object.fromEntries(
        rows.map((row) => [
          row.email,
          [row.state, row.attempts, row.problem, minutesAfter(row.nextAttemptAt)],
        ]),
      )
    },
    told: () => db.read.select().from(caseEvents).orderBy(caseEvents.id),
  }
}

const SENT = { waiting: 0, failed: 0, trouble: undefined }

describe.each(databaseKinds)('the outbox on %s', (kind) => {
  it('is sent once, the oldest first, and the cases say who was told', async () => {
    const county = await open(kind)
    await county.openCases(['case-1', 1], ['case-2', 3], ['case-3', 1])
    const content = Uint8Array.from([0, 255, 10, 46, 13])
    await county.db.transaction((tx) =>
      Promise.resolve(
        tx.insert(tx.tables.alertAttachments).values({
          id: 'list',
          fileName: '工作清单.xlsx',
          content,
          recordedAt: tx.recordedAt,
        }),
      ),
    )
    await county.queue(
      { email: 'later@x.cn', queuedAt: '2025-03-03T18:00:00.002Z', caseIds: ['case-2'] },
      { email: 'first@x.cn', attachmentId: 'list', caseIds: ['case-1', 'case-2', 'gone'] },
    )
    expect(await county.send()).toEqual({ ...SENT, sent: 2 })
    expect(await county.send()).toEqual({ ...SENT, sent: 0 })
    expect(await county.send(true)).toEqual({ ...SENT, sent: 0 })

    const [first, later] = county.at.received
    expect([first?.to, later?.to]).toEqual(['first@x.cn', 'later@x.cn'])
    expect(first?.mail).toMatchObject({
      messageId: '<first@x.cn.2025-03-03@county.example>',
      subject: '欠租风险日报 2025-03-03',
      date: new Date(QUEUED_AT),
    })
    expect(first?.mail.attachments.map((one) => [one.filename, [...one.content]])).toEqual([
      ['工作清单.xlsx', [...content]],
    ])
    expect(later?.mail.attachments).toEqual([])
    expect(await county.standing()).toEqual({
      'later@x.cn': ['sent', 1, null, null],
      'first@x.cn': ['sent', 1, null, null],
    })
    const told = await county.told()
    expect(told.map(({ caseId, episode, detail }) => [caseId, episode, detail]).sort()).toEqual(
      [
        ['case-1', 1, 'first@x.cn'],
        ['case-2', 3, 'first@x.cn'],
        ['case-2', 3, 'later@x.cn'],
      ].map(([id, episode, email]) => [
        id,
        episode,
        {
          asOf: '2025-03-03',
          name: '青溪镇专班',
          email,
          messageId: `${email}.2025-03-03@county.example`,
        },
      ]),
    )
    expect(new Set(told.map((one) => `${one.kind} ${one.asOf} ${one.recordedBy}`))).toEqual(
      new Set(['told 2025-03-03 service']),
    )
  })

  it('one address that is refused keeps no other from its message', async () => {
    const county = await open(kind)
    await county.openCases(['case-1', 1])
    county.at.answerRecipient = (address) => (address === 'gone@x.cn' ? 550 : undefined)
    await county.queue({ email: 'gone@x.cn', caseIds: ['case-1'] }, 'there@x.cn')
    expect(await county.send()).toEqual({ ...SENT, sent: 1, failed: 1 })
    expect(await county.standing()).toEqual({
      'gone@x.cn': ['failed', 1, 'refused-550', null],
      'there@x.cn': ['sent', 1, null, null],
    })
    expect(await county.told()).toEqual([])
    county.at.answerRecipient = () => undefined
    county.goTo(1000)
    expect(await county.send(true)).toEqual({ ...SENT, sent: 0 })
  })

  it('what a server defers is tried again a minute later, the others go on', async () => {
    const county = await open(kind)
    const tries: string[] = []
    county.at.answerRecipient = (address) =>
      address === 'grey@x.cn' && tries.push(address) === 1 ? 450 : undefined
    await county.queue('grey@x.cn', 'there@x.cn')
    expect(await county.send()).toEqual({ ...SENT, sent: 1, waiting: 1 })
    expect((await county.standing())['grey@x.cn']).toEqual(['queued', 1, 'greylisted-450', 1])
    expect(await county.send()).toEqual({ ...SENT, sent: 0, waiting: 1 })
    expect(tries).toHaveLength(1)
    county.goTo(1.1)
    expect(await county.send()).toEqual({ ...SENT, sent: 1 })
    expect((await county.standing())['grey@x.cn']).toEqual(['sent', 2, null, null])
  })

  it('a message that went out but could not be marked goes out once more, the same', async () => {
    const county = await open(kind)
    await county.openCases(['case-1', 1])
    await county.queue({ email: 'a@x.cn', caseIds: ['case-1'] })
    let transactions = 0
    const failing: Database = {
      ...county.db,
      transaction: (work) => {
        if (++transactions === 2) throw new Error('the disk is full')
        return county.db.transaction(work)
      },
    }
    await expect(sendOutbox({ ...county, db: failing })).rejects.toThrow('the disk is full')
    expect(await county.standing()).toEqual({ 'a@x.cn': ['queued', 1, 'unfinished', 10] })
    for (const all of [false, true])
      expect(await county.send(all)).toEqual({ ...SENT, sent: 0, waiting: 1 })
    expect(county.at.received).toHaveLength(1)
    county.goTo(10.1)
    expect(await county.send()).toEqual({ ...SENT, sent: 1 })
    county.goTo(1000)
    expect(await county.send(true)).toEqual({ ...SENT, sent: 0 })
    const [first, second] = county.at.received
    expect(county.at.received).toHaveLength(2)
    expect(second?.mail.messageId).toBe(first?.mail.messageId)
    expect(second?.mail.date).toEqual(first?.mail.date)
    expect(await county.told()).toHaveLength(1)
  })
})

describe('a mail server in trouble', () => {
  it.each([
    ['drops the line in the middle of a message', 'midway', 'dropped'],
    ['drops the line when it has the message', 'drop', 'dropped'],
    ['stalls when it has the message', 'stall', 'timeout'],
    ['is busy', 421, 'unavailable-421'],
    ['refuses the sender', 'sender', 'sender-550'],
  ])('that %s ends the pass, and nothing is lost', async (_what, how, problem) => {
    const query = how === 'stall' ? '?socketTimeout=2000' : ''
    const county = await open('sqlite', undefined, query)
    const { at } = county
    at.dropsMidway = how === 'midway'
    if (how === 'drop' || how === 'stall') at.atEnd = () => how
    if (typeof how === 'number') at.answerRecipient = () => how
    if (how === 'sender') at.answerSender = () => 550
    await county.queue('a@x.cn', 'b@x.cn', 'c@x.cn')
    expect(await county.send()).toEqual({ sent: 0, waiting: 3, failed: 0, trouble: problem })
    expect(await county.standing()).toEqual({
      'a@x.cn': ['queued', 1, problem, 1],
      'b@x.cn': ['queued', 0, null, 0],
      'c@x.cn': ['queued', 0, null, 0],
    })
    at.dropsMidway = false
    at.atEnd = () => 'accept'
    at.answerRecipient = () => undefined
    at.answerSender = () => undefined
    expect(await county.send()).toEqual({ ...SENT, sent: 2, waiting: 1 })
    expect(await county.send(true)).toEqual({ ...SENT, sent: 1 })
  })

  it('that is down for two days is asked ever more seldom; then a message has failed', async () => {
    const county = await open()
    await county.at.close()
    await county.queue('a@x.cn')
    const waits: number[] = []
    for (let minute = 0; ; ) {
      county.goTo(minute + 0.01 * waits.length)
      const { trouble, failed } = await county.send()
      expect(trouble).toBe('unreachable')
      const [, attempts, , next] = (await county.standing())['a@x.cn'] ?? []
      expect(attempts).toBe(waits.length + 1)
      if (typeof next !== 'number') {
        expect([minute, failed]).toEqual([48 * 60, 1])
        break
      }
      county.goTo(next - 0.1)
      expect(await county.send()).toEqual({ ...SENT, sent: 0, waiting: 1 })
      waits.push(next - minute)
      minute = next
    }
    expect(waits).toEqual([1, 5, 15, 30, 60, 120, 240, 480, 480, 480, 480, 480, 9])
    expect(await county.standing()).toEqual({ 'a@x.cn': ['failed', 14, 'unreachable', null] })
  })

  it('that is down for a while is sent everything when it is up again', async () => {
    const county = await open()
    const { port } = county.at
    await county.at.close()
    const emails = ['a@x.cn', 'b@x.cn', 'c@x.cn']
    await county.queue(...emails)
    for (let minute = 0; minute < 60; minute += 7) {
      county.goTo(minute)
      expect(await county.send()).toMatchObject({ sent: 0, waiting: 3 })
    }
    const again = await openSmtpServer({ port })
    closing.push(again.close)
    county.goTo(5 * 60)
    expect(await county.send()).toEqual({ ...SENT, sent: 3 })
    expect(again.received.map(({ to }) => to)).toEqual(emails)
  })

  it('a message that was composed days ago is still sent', async () => {
    const county = await open()
    county.goTo(5 * 24 * 60)
    await county.queue('a@x.cn', 'b@x.cn')
    county.at.answerRecipient = (address) => (address === 'b@x.cn' ? 451 : undefined)
    expect(await county.send()).toEqual({ ...SENT, sent: 1, failed: 1 })
    expect((await county.standing())['b@x.cn']).toEqual(['failed', 1, 'greylisted-451', null])
    expect(county.at.received[0]?.mail.date).toEqual(new Date(QUEUED_AT))
  })
})

describe('passes', () => {
  it('that begin at once send each message once', async () => {
    const county = await open()
    await county.queue('a@x.cn', 'b@x.cn', 'c@x.cn')
    const passes = await Promise.all([county.send(), county.send(true), county.send()])
    expect(passes.map(({ sent }) => sent)).toEqual([3, 0, 0])
    expect(county.at.received).toHaveLength(3)
  })

  it('leave alone what is not due, unless all is asked for', async () => {
    const county = await open()
    await county.queue({ email: 'a@x.cn', nextAttemptAt: '2025-03-03T18:30:00.000Z', attempts: 4 })
    expect(await county.send()).toEqual({ ...SENT, sent: 0, waiting: 1 })
    expect(await county.send(true)).toEqual({ ...SENT, sent: 1 })
    expect(await county.standing()).toEqual({ 'a@x.cn': ['sent', 5, null, null] })
  })

  it('asked for by hand while the server is down put off none of the service itself', async () => {
    const county = await open()
    const { port } = county.at
    await county.at.close()
    await county.queue('a@x.cn')
    await county.send()
    for (const minute of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]) {
      county.goTo(minute)
      expect(await county.send(true)).toMatchObject({ waiting: 1, trouble: 'unreachable' })
    }
    expect(await county.standing()).toEqual({ 'a@x.cn': ['queued', 1, 'unreachable', 1] })
    const again = await openSmtpServer({ port })
    closing.push(again.close)
    county.goTo(1.1)
    expect(await county.send()).toEqual({ ...SENT, sent: 1 })
  })

  it('one that outlives its lease tells nobody twice and takes nothing back', async () => {
    const ends: (MailFailure | undefined)[] = [undefined, new MailFailure('refused', 'refused-550')]
    for (const end of ends) {
      const county = await open('sqlite', {
        async send({ to }) {
          if (to.address === 'slow@x.cn' && others++ === 0) {
            county.goTo(11)
            // Another process has a pass of its own.
            await sendOutbox({ ...county, db: { ...county.db } })
            if (end) throw end
          }
        },
        async close() {},
      })
      let others = 0
      await county.openCases(['case-1', 1])
      await county.queue({ email: 'slow@x.cn', caseIds: ['case-1'] })
      await county.send()
      expect(others).toBe(2)
      expect(await county.standing()).toEqual({ 'slow@x.cn': ['sent', 2, null, null] })
      expect(await county.told()).toHaveLength(1)
    }
  })

  it('say it when the fault is ours, and the message waits', async () => {
    let broken = true
    const county = await open('sqlite', {
      async send() {
        if (broken) throw new TypeError('a bug')
      },
      async close() {},
    })
    await county.queue('a@x.cn', 'b@x.cn')
    await expect(county.send()).rejects.toThrow('a bug')
    expect(await county.standing()).toEqual({
      'a@x.cn': ['queued', 1, 'error', 1],
      'b@x.cn': ['queued', 0, null, 0],
    })
    broken = false
    expect(await county.send(true)).toEqual({ ...SENT, sent: 2 })
  })
})
