/** Who did what, from where: an entry is there exactly when something was done. */
import { gt } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditHead } from '../../src/access/audit-store.ts'
import { verifyAudit } from '../../src/access/audit-verify.ts'
import { subjectWords } from '../../src/access/audit-words.ts'
import { addToken } from '../../src/access/token-store.ts'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'
import { sendFile } from '../support/import-file.ts'
import {
  NOBODY,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

/** What must not stand in the audit, though requests are full of it. */
const SECRETS = {
  representative: '欧阳守信',
  phone: '13987654321',
  lessor: '诸葛田生',
  note: '联系人司马种田',
  email: 'shangguan@example.org',
  password: '青溪-水稻-320-亩-田',
  fileName: '令狐家的台账.csv',
}
const PAYMENT = { amountFen: 5, paidOn: '2025-01-01', note: SECRETS.note }

let county: TestCounty
let operatorId: string
let contractId: string
let recorder: Record<string, string>
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  const { representative, phone } = SECRETS
  operatorId = (await county.operator({ representative, phone })).id
  const lessor = { kind: 'household', name: SECRETS.lessor }
  contractId = (await county.contract(operatorId, { lessor })).id
  const wish = { label: '青溪镇专班', role: 'recorder', regionCode: TOWNSHIP } as const
  const token = await county.db.transaction((tx) => addToken(tx, wish))
  recorder = { authorization: `Bearer ${token}` }
})
afterAll(() => county.close())

/** The entries that some work leaves. */
async function left(work: () => Promise<unknown>) {
  const { entries = 0 } = (await auditHead(county.db.read)) ?? {}
  await work()
  const { auditEntries: t } = county.db.read.tables
  return county.db.read.select().from(t).where(gt(t.no, entries)).orderBy(t.no)
}
const said = async (work: () => Promise<unknown>) =>
  (await left(work)).map(({ action, subject, subjectId }) =>
    [action, subject, subjectId].filter((word) => word !== null).join(' '),
  )
const pay = (over: object = {}, headers: Record<string, string> = {}) =>
  county.send('POST', `/contracts/${contractId}/payments`, { ...PAYMENT, ...over }, headers)

describe('an entry', () => {
  it('says who, from where, in which request, and what it was done to', async () => {
    let paid = { body: { id: '', recordedAt: '' }, headers: {} as Record<string, unknown> }
    const [entry, ...more] = await left(async () => {
      paid = await pay({}, recorder)
    })
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      at: paid.body.recordedAt,
      actor: '青溪镇专班',
      role: 'recorder',
      regionCode: TOWNSHIP,
      address: '127.0.0.1',
      action: 'record',
      subject: 'payments',
      subjectId: paid.body.id,
      detail: { of: contractId },
    })
    expect(entry?.requestId).toBe(paid.headers['x-request-id'])
  })

  it('is not left by what is refused, by what is read, or by an answer given again', async () => {
    const key = { 'idempotency-key': 'one' }
    expect(await said(() => pay({}, key))).toHaveLength(1)
    const refused = await left(async () => {
      expect((await pay({}, key)).status).toBe(201)
      expect((await pay({ amountFen: 6 }, key)).status).toBe(409)
      expect((await pay({ amountFen: -1 })).status).toBe(400)
      expect((await pay({ paidOn: '2030-01-01' })).status).toBe(422)
      expect((await county.send('GET', `/contracts/${NOBODY}`)).status).toBe(404)
      expect(
        (await county.send('POST', `/payments/${NOBODY}/reversal`, { reason: 'x' })).status,
      ).toBe(404)
      await county.read('/contracts')
      await county.read('/risk/worklist')
      await county.read('/audit')
    })
    expect(refused).toEqual([])
  })

  it('is one for each of many at once, in one chain', async () => {
    const many = Array.from(
      { length: 12 },
      (_, at) => () => pay({}, { 'idempotency-key': `k${at % 6}` }),
    )
    const entries = await left(() => Promise.all(many.map((one) => one())))
    expect(entries).toHaveLength(6)
    expect(await verifyAudit(county.db.read)).toMatchObject({ faults: [] })
  })

  it('is left by everything that is recorded and put', async () => {
    const id = (await county.record('/petitions', petition)).id
    const paid = (await pay()).body.id
    const policy = (await county.read('/policies')).items[0]
    const { version: _, ...rules } = policy
    const put2099 = () => county.put('/policies/2099-1', { ...rules, effectiveOn: '2099-01-01' })
    const recipient = {
      name: '上官',
      email: SECRETS.email,
      regionCode: '519901',
      active: true,
    }
    const steps: [() => Promise<unknown>, string[]][] = [
      [() => county.correct('petitions', id, petition), [`correct petitions ${id}`]],
      [() => county.withdraw('petitions', id), [`withdraw petitions ${id}`]],
      [
        () => county.record(`/payments/${paid}/reversal`, { reason: SECRETS.note }),
        [`reverse payments ${paid}`],
      ],
      [() => county.put(`/regions/${VILLAGE}`, { name: '青溪村' }), [`put regions ${VILLAGE}`]],
      [
        () => county.put('/grain-prices/rice/2024-01-01', { fenPer50kg: 12900, source: '公告' }),
        ['put grain-prices rice/2024-01-01'],
      ],
      [put2099, ['put policies 2099-1']],
      [put2099, []],
      [() => county.put('/alert-recipients', { items: [recipient] }), ['put alert-recipients']],
    ]
    for (const [step, expected] of steps) expect(await said(step)).toEqual(expected)
    const [mapping] = await left(() =>
      county.put(`/import-mappings/${encodeURIComponent(SECRETS.representative)}`, {
        ledger: 'contracts',
        columns: { 地租: '租金标准' },
      }),
    )
    expect(mapping).toMatchObject({
      action: 'put',
      subject: 'import-mappings',
      detail: { ledger: 'contracts' },
    })
  })

  it('is left by nights, by hand and not, and by work on cases', async () => {
    expect(await said(() => county.night('2025-03-02'))).toEqual([
      'complete-run runs 2025-03-02',
      'run runs 2025-03-02',
    ])
    await county.record(`/operators/${operatorId}/conditions`, {
      condition: 'unreachable',
      observedOn: '2025-01-01',
      source: '走访',
    })
    const [completed] = await left(() => county.night('2025-03-03'))
    expect(completed).toMatchObject({ actor: 'service', detail: { counts: { contracts: 1 } } })
    const [{ id }] = (await county.read('/cases')).items
    const fixes = {
      measure: SECRETS.note,
      responsibleUnit: '青溪镇',
      leadOfficial: '副镇长',
      responsiblePerson: '主任',
      deadlineOn: '2025-06-30',
    }
    expect(await said(() => county.put(`/cases/${id}/fixes`, fixes))).toEqual([`fix cases ${id}`])
    expect(
      await said(() => county.record(`/cases/${id}/progress`, { note: SECRETS.note })),
    ).toEqual([`progress cases ${id}`])
    expect(await said(() => county.read(`/cases/${id}`))).toEqual([])
  })

  const petition = {
    villageCode: VILLAGE,
    occurredOn: '2025-01-05',
    channel: 'visit',
    people: 3,
    summary: SECRETS.note,
  }
})

describe('what leaves and what comes in', () => {
  it('a file that is handed out is noted before its first byte', async () => {
    const [entry] = await left(() => county.send('GET', '/exports/contracts.csv?region=519901101'))
    expect(entry).toMatchObject({
      action: 'export',
      subject: 'exports',
      subjectId: 'contracts',
      detail: { format: 'csv', region: TOWNSHIP, asOf: '2025-03-03', knownAt: expect.any(String) },
    })
    expect(await said(() => county.send('GET', '/exports/worklist.xlsx'))).toEqual([
      'export exports worklist',
    ])
    expect(await said(() => county.send('GET', '/exports/monthly-brief.docx'))).toEqual([
      'export exports monthly-brief',
    ])
    expect(await said(() => county.send('GET', '/exports/nothing.csv'))).toEqual([])
    expect(await said(() => county.send('GET', '/exports/arrears.csv?asOf=2030-01-01'))).toEqual([])
  })

  it('an import of many rows is its begin and its end, and what becomes of it', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => `5199011${String(10 + (at % 80))},村${at}`)
    const file = ['区划代码,名称', ...rows].join('\n')
    let id = ''
    const entries = await left(async () => {
      const { body } = await sendFile(county, 'regions', file, { fileName: SECRETS.fileName })
      id = body.id
    })
    expect(entries).toMatchObject([
      {
        action: 'begin-import',
        subjectId: id,
        address: '127.0.0.1',
        detail: {
          ledger: 'regions',
          dryRun: false,
          fileHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
      {
        action: 'end-import',
        subjectId: id,
        address: '127.0.0.1',
        detail: { counts: { read: 300 } },
      },
    ])
    expect(await said(() => county.send('GET', `/imports/${id}/file`))).toEqual([
      `hand-back imports ${id}`,
    ])
    expect(await said(() => county.record(`/imports/${id}/withdrawal`, { reason: '误' }))).toEqual([
      `take-back imports ${id}`,
    ])
    expect(
      await said(() => county.send('POST', `/imports/${id}/withdrawal`, { reason: '误' })),
    ).toEqual([])
  })

  it('a file that is refused leaves nothing', async () => {
    expect(await said(() => sendFile(county, 'regions', 'PK\u0003\u0004'))).toEqual([])
  })
})

describe('tokens, users and sessions', () => {
  it('are noted as they are made, changed and ended, logged in and out', async () => {
    const [token] = await left(() => county.record('/tokens', { label: '一', role: 'viewer' }))
    expect(token).toMatchObject({ action: 'add', subject: 'tokens', subjectId: expect.any(String) })
    const tokenId = token?.subjectId
    expect(await said(() => county.record(`/tokens/${tokenId}/revocation`, {}))).toEqual([
      `revoke tokens ${tokenId}`,
    ])
    const who = { label: '李', role: 'recorder' }
    const [user] = await left(() => county.record('/users', { username: 'qingxi', ...who }))
    const id = user?.subjectId
    expect(user).toMatchObject({ action: 'add', subject: 'users' })
    const { password } = SECRETS
    expect(await said(() => county.put(`/users/${id}/password`, { password }))).toEqual([
      `set-password users ${id}`,
    ])
    expect(await said(() => county.put(`/users/${id}`, { ...who, disabled: false }))).toEqual([
      `change users ${id}`,
    ])
    const logIn = (username: string, word: string) =>
      county.inject({
        method: 'PUT',
        url: '/api/v1/session',
        payload: { username, password: word },
      })
    let cookie = ''
    let csrf = ''
    const [loggedIn] = await left(async () => {
      const { body, headers } = await logIn('qingxi', password)
      cookie = String(headers['set-cookie']).split(';')[0] ?? ''
      csrf = body.csrfToken
    })
    expect(loggedIn).toMatchObject({
      action: 'log-in',
      subject: 'sessions',
      actorId: id,
      address: '127.0.0.1',
    })
    const headers = { cookie, 'x-csrf-token': csrf }
    const logOut = () => county.inject({ method: 'DELETE', url: '/api/v1/session', headers })
    expect(await said(logOut)).toEqual([`log-out sessions ${loggedIn?.subjectId}`])

    const wrong = await left(async () => {
      for (let no = 0; no < 8; no++) await logIn('qingxi', SECRETS.phone)
    })
    expect(wrong.map(({ action }) => action)).toEqual([
      ...Array(4).fill('fail-log-in'),
      'lock-out',
      // Of tries at what is locked one a minute.
      'fail-log-in',
    ])
    expect(wrong[0]).toMatchObject({ actorId: 'nobody', role: 'none', subjectId: id })
    const unknown = await left(async () => {
      for (const name of ['somebody', 'another', 'third']) await logIn(name, password)
    })
    expect(unknown).toMatchObject([{ action: 'fail-log-in', subjectId: null }])
  })
})

describe('a refusal by role', () => {
  const refuse = (path: string) => county.send('GET', path, undefined, recorder)
  it('is noted once a minute for each caller and route', async () => {
    const entries = await left(async () => {
      for (let no = 0; no < 5; no++) expect((await refuse('/users')).status).toBe(403)
      expect((await refuse('/tokens')).status).toBe(403)
      expect((await refuse('/audit')).status).toBe(403)
      expect((await refuse('/exports/audit.csv')).status).toBe(403)
    })
    expect(entries.map(({ subjectId }) => subjectId)).toEqual([
      'GET /api/v1/users',
      'GET /api/v1/tokens',
      'GET /api/v1/audit',
      'GET /api/v1/exports/audit.:format',
    ])
    expect(entries[0]).toMatchObject({
      action: 'refuse',
      actor: '青溪镇专班',
      address: '127.0.0.1',
      detail: { code: 'forbidden' },
    })
    county.clockOf.setTo('2025-03-03T09:00:00.000Z')
    expect(await said(() => refuse('/users'))).toEqual(['refuse routes GET /api/v1/users'])
  })

  it('is noted where it comes from inside of a transaction, and what was begun there is undone', async () => {
    const { body } = await sendFile(
      county,
      'grain-prices',
      '粮食品种,执行日期,价格(元/50公斤),来源\n玉米,2024-01-01,120,公告',
    )
    const wish = { label: '财政', role: 'finance' } as const
    const token = await county.db.transaction((tx) => addToken(tx, wish))
    const headers = { authorization: `Bearer ${token}` }
    const path = `/imports/${body.id}/withdrawal`
    const taking = () => county.send('POST', path, { reason: '误' }, headers)
    expect(await said(taking)).toEqual(['refuse routes POST /api/v1/imports/:id/withdrawal'])
    expect((await county.read(`/imports/${body.id}`)).state).toBe('done')
  })

  it('is not noted of who is not known, nor of what lies elsewhere', async () => {
    const entries = await left(async () => {
      expect((await county.inject({ url: '/api/v1/users' })).status).toBe(401)
      expect((await refuse('/contracts?region=519901102')).status).toBe(404)
    })
    expect(entries).toEqual([])
  })
})

describe('reading it', () => {
  const numbers = async (query: string) =>
    (await county.read(`/audit?${query}`)).items.map(({ no }: { no: number }) => no)

  it('lists the newest first, page by page, each entry once', async () => {
    const all: number[] = []
    let query = 'limit=7'
    for (;;) {
      const { items, nextCursor } = await county.read(`/audit?${query}`)
      all.push(...items.map(({ no }: { no: number }) => no))
      if (nextCursor === null) break
      query = `limit=7&cursor=${nextCursor}`
    }
    const { entries = 0 } = (await auditHead(county.db.read)) ?? {}
    expect(entries).toBeGreaterThan(30)
    expect(all).toEqual(Array.from({ length: entries }, (_, at) => entries - at))
  })

  it('is narrowed by who, what, and to what', async () => {
    const { items } = await county.read('/audit?action=reverse')
    expect(items).toHaveLength(1)
    const [{ no, subjectId, actorId }] = items
    expect(await numbers(`subjectId=${subjectId}`)).toHaveLength(2)
    expect(await numbers(`subject=payments&subjectId=${subjectId}`)).toContain(no)
    expect(await numbers(`actorId=${actorId}&action=reverse`)).toEqual([no])
    expect(await numbers(`actorId=${NOBODY}`)).toEqual([])
    for (const wrong of ['action=steal', 'from=yesterday', 'cursor=x', 'who=me'])
      expect((await county.send('GET', `/audit?${wrong}`)).status).toBe(400)
  })

  it('goes by the days of the county, the last one included', async () => {
    county.clockOf.setTo('2025-04-01T15:59:59.000Z')
    await pay()
    county.clockOf.setTo('2025-04-01T16:00:01.000Z')
    await pay()
    const { entries = 0 } = (await auditHead(county.db.read)) ?? {}
    expect(await numbers('from=2025-04-01&until=2025-04-01')).toEqual([entries - 1])
    expect(await numbers('from=2025-04-02')).toEqual([entries])
    expect(await numbers('from=2025-04-03')).toEqual([])
    expect(await numbers('until=2025-03-02')).toEqual([])
  })

  it('is for admins of the whole county only', async () => {
    for (const [role, regionCode] of [['bureau'], ['viewer'], ['admin', TOWNSHIP]] as const) {
      const token = await county.db.transaction((tx) =>
        addToken(tx, { label: 'x', role, regionCode }),
      )
      const headers = { authorization: `Bearer ${token}` }
      for (const path of ['/audit', '/exports/audit.csv', '/exports/audit.xlsx'])
        expect((await county.send('GET', path, undefined, headers)).status).toBe(403)
    }
  })
})

describe('as a file', () => {
  const HEADINGS = [
    '序号',
    '时间',
    '操作人',
    '角色',
    '区划',
    '来源地址',
    '操作',
    '对象',
    '编号',
    '说明',
    '上一条校验值',
    '校验值',
  ]

  it('is CSV with the words of the county, up to the moment, and noted itself', async () => {
    const before = (await auditHead(county.db.read))?.entries
    const reply = await county.send('GET', '/exports/audit.csv?from=2025-04-01&until=2025-04-30')
    const lines = reply.bytes.toString().replace('\ufeff', '').trim().split('\r\n')
    expect(lines[0]).toBe(HEADINGS.join(','))
    expect(lines).toHaveLength(1 + (before ?? 0) - 1 - (await outside()))
    expect(lines[1]).toMatch(
      /^\d+,2025-04-01 23:59:59,test,管理员,,127\.0\.0\.1,登记,收款,[0-9a-f-]{36},所属: /,
    )
    expect(lines[2]).toContain(',2025-04-02 00:00:01,')
    expect(String(reply.headers['content-disposition'])).toContain('audit_2025-04-02.csv')
    const [newest] = (await county.read('/audit?limit=1')).items
    expect(newest).toMatchObject({
      no: (before ?? 0) + 1,
      action: 'export',
      subjectId: 'audit',
      detail: { format: 'csv', from: '2025-04-01', until: '2025-04-30', fields: [] },
    })
    expect((await county.send('GET', '/exports/audit.pdf')).status).toBe(404)
  })
  /** Entries before April, but for one: how many lines a file from April on leaves out. */
  const outside = async () =>
    (await county.read('/audit?until=2025-03-31&limit=500')).items.length - 1

  it('is a workbook with every entry', async () => {
    const { bytes } = await county.send('GET', '/exports/audit.xlsx?action=reverse')
    expect(bytes.subarray(0, 2).toString()).toBe('PK')
    const texts = unzipped(bytes)
      .map(({ content }) => content.toString())
      .join('\n')
    for (const word of [...HEADINGS, '冲销', '示范县操作审计记录']) expect(texts).toContain(word)
  })
})

describe('the whole of it', () => {
  it('holds nothing about people, no file names, no passwords, no tokens', async () => {
    const { auditEntries: t } = county.db.read.tables
    const all = JSON.stringify(await county.db.read.select().from(t))
    expect(all.length).toBeGreaterThan(20_000)
    for (const secret of [...Object.values(SECRETS), county.token, '13812341234'])
      expect([secret, all.includes(secret)]).toEqual([secret, false])
  })

  it('is an unbroken chain', async () => {
    expect(await verifyAudit(county.db.read)).toMatchObject({ faults: [] })
  })

  it('has a Chinese word for all that the API changes', async () => {
    const { paths } = (await county.inject({ url: '/openapi.json' })).body
    const changing = Object.values(paths as Record<string, Record<string, { tags: string[] }>>)
      .flatMap((methods) => [methods['post'], methods['put']])
      .flatMap((operation) => operation?.tags ?? [])
      .filter((tag) => tag !== 'session')
    expect(changing.length).toBeGreaterThan(40)
    for (const tag of new Set(changing)) expect([tag, subjectWords(tag)]).not.toEqual([tag, tag])
  })
})
