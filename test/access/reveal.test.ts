import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { forgetOldFiles } from '../../src/imports/import-store.ts'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'
import { sendFile } from '../support/import-file.ts'
import {
  contractBody,
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
} from '../support/test-county.ts'

const PHONE = '13812341234'
const ID = '510902197001011234'
const CARD = '6222021234567890128'
const PERSON = { name: '青溪合作社', kind: 'cooperative', representative: '李四海', phone: PHONE }
const LESSOR = { kind: 'household', name: '张三丰等35户', households: 35 }
const NOTE = `电话 ${PHONE},身份证 ${ID},卡 ${CARD}`
const SHOWN_NOTE = '电话 138****1234,身份证 510***********1234,卡 ***************0128'
const SECRETS = [PHONE, ID, CARD, '李四海', '张三丰', '138 1234 1234']

let county: TestCounty
let operatorId: string
let contractId: string
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  operatorId = (await county.operator(PERSON)).id
  contractId = (await county.contract(operatorId, { lessor: LESSOR })).id
})
afterAll(() => county.close())

// biome-ignore lint/suspicious/noExplicitAny: entries are looked into freely
const entries = async (action: string): Promise<any[]> => {
  const { auditEntries } = await county.rows('auditEntries')
  return (auditEntries ?? []).filter((entry) => entry.action === action)
}
const as = async (role: 'viewer' | 'recorder' | 'finance', regionCode?: string) => {
  const wish = { label: role, role, regionCode }
  const token = await county.db.transaction((tx) => addToken(tx, wish))
  return { authorization: `Bearer ${token}` }
}
const why = (reason: string) => `reveal=true&reason=${encodeURIComponent(reason)}`

describe('people are masked', () => {
  it('where a fact is recorded, read, listed, corrected and withdrawn', async () => {
    const key = { 'idempotency-key': 'masked-1' }
    const said = { representative: '李*海', phone: '138****1234' }
    expect(await county.record('/operators', PERSON, key)).toMatchObject(said)
    const again = await county.record('/operators', PERSON, key)
    expect(again).toMatchObject(said)
    expect(await county.read(`/operators/${again.id}`)).toMatchObject(said)
    expect((await county.read('/operators')).items).toContainEqual(expect.objectContaining(said))
    expect(await county.correct('operators', again.id, PERSON)).toMatchObject(said)
    expect(await county.withdraw('operators', again.id)).toMatchObject(said)
  })

  it.each([
    ['household', '张三丰等35户', '张*丰等35户'],
    ['household', '王小二', '王*二'],
    ['village_collective', '青龙村3组', '青龙村3组'],
    ['village_collective', `青龙村经济合作社(${PHONE})`, '青龙村经济合作社(138****1234)'],
    ['village_collective', '王小二', '王*二'],
  ])('a lessor that is a %s called %s is shown as %s', async (kind, name, shown) => {
    const { id } = await county.contract(operatorId, { lessor: { kind, name } })
    expect((await county.read(`/contracts/${id}`)).lessor.name).toBe(shown)
  })

  it('in what is written by hand, wherever it stands', async () => {
    const post = (path: string, body: object) => county.record(path, body)
    const facts = [
      await post(`/contracts/${contractId}/payments`, {
        amountFen: 1,
        paidOn: '2024-01-15',
        note: NOTE,
      }),
      await post(`/contracts/${contractId}/screenings`, {
        visitedOn: '2024-03-05',
        findings: [],
        note: NOTE,
      }),
      await post(`/operators/${operatorId}/conditions`, {
        condition: 'unreachable',
        observedOn: '2025-01-01',
        source: NOTE,
        note: NOTE,
      }),
      await post('/petitions', {
        villageCode: OTHER_VILLAGE,
        occurredOn: '2025-01-01',
        channel: 'visit',
        people: 1,
        summary: NOTE,
      }),
      await post('/subsidies', {
        operatorId,
        programme: '补助',
        year: 2024,
        standing: 'recognised',
        amountFen: 100,
        reasonUnpaid: NOTE,
        documentNo: PHONE,
      }),
    ]
    const all = JSON.stringify([facts, await county.read(`/contracts/${contractId}/payments`)])
    expect(SECRETS.filter((secret) => all.includes(secret))).toEqual([])
    expect(all.split(SHOWN_NOTE).length).toBe(8)
  })

  it('an ID number where a code belongs, in the file of the database too', async () => {
    const { id } = await county.operator({ name: '王小二', kind: 'individual', uscc: ID })
    expect((await county.read(`/operators/${id}`)).uscc).toBe('510***********1234')
    const { warnings } = await county.operator({ name: '王小三', kind: 'individual', uscc: ID })
    expect(warnings.map(({ code }: { code: string }) => code)).toContain('uscc-already-recorded')
  })

  it('in the report of an import, and as its rows are kept', async () => {
    const rows = [
      '业主名称,法人,联系电话,类型,户主姓名,备注',
      `白果合作社,李四海,${PHONE},合作社,张三丰,${ID}`,
      `青杠合作社,李四海,${PHONE} 138 1234 1234,合作社,张三丰,`,
      `,李四海,${PHONE},火箭,张三丰,`,
    ]
    const key = { 'idempotency-key': 'masked-2' }
    const { status, body } = await sendFile(county, 'operators', rows.join('\n'), { headers: key })
    expect(status).toBe(201)
    expect(body.counts.read).toBe(3)
    const kept = await county.rows('importRows', 'idempotentReplies')
    const read = [
      await county.read(`/imports/${body.id}`),
      await county.read(`/imports/${body.id}/rows`),
    ]
    const all = JSON.stringify([body, kept, read])
    expect(SECRETS.filter((secret) => all.includes(secret))).toEqual([])
    // What was recorded is what the file says.
    const [found] = (await county.read(`/operators?limit=500&${why('核对导入')}`)).items.filter(
      ({ name }: { name: string }) => name === '白果合作社',
    )
    expect(found).toMatchObject({ representative: '李四海', phone: PHONE })
  })
})

describe('a correction with what was shown masked', () => {
  it('keeps what is recorded, and changes the rest', async () => {
    const { id } = await county.contract(operatorId, { lessor: LESSOR })
    const { lessor } = await county.read(`/contracts/${id}`)
    expect(lessor.name).toBe('张*丰等35户')
    await county.correct('contracts', id, contractBody(operatorId, { lessor, insured: true }))
    const after = await county.read(`/contracts/${id}?${why('核对')}`)
    expect([after.lessor, after.insured]).toEqual([LESSOR, true])

    const operator = (await county.operator(PERSON)).id
    const { name, kind, phone, representative } = await county.read(`/operators/${operator}`)
    await county.correct('operators', operator, {
      name: `${name}(新)`,
      kind,
      phone,
      representative,
    })
    const full = await county.read(`/operators/${operator}?${why('核对')}`)
    expect(full).toMatchObject({ ...PERSON, name: '青溪合作社(新)' })
    await county.correct('operators', operator, {
      name,
      kind,
      phone: '13900001111',
      representative,
    })
    const changed = await county.read(`/operators/${operator}?${why('核对')}`)
    expect(changed).toMatchObject({ phone: '13900001111', representative: '李四海' })

    const visit = { visitedOn: '2024-03-05', findings: [], note: NOTE }
    const screening = await county.record(`/contracts/${id}/screenings`, visit)
    await county.correct('screenings', screening.id, {
      ...visit,
      visitedOn: '2024-03-06',
      note: screening.note,
    })
    expect(await county.read(`/screenings/${screening.id}?${why('核对')}`)).toMatchObject({
      visitedOn: '2024-03-06',
      note: NOTE,
    })
  })

  it('shows nobody a name by calling a household a collective', async () => {
    const { id, lessor } = await county.contract(operatorId, {
      lessor: { kind: 'household', name: '张三丰集体' },
    })
    const disguised = { lessor: { ...lessor, kind: 'village_collective' } }
    await county.correct('contracts', id, contractBody(operatorId, disguised))
    expect((await county.read(`/contracts/${id}`)).lessor.name).toBe(lessor.name)
  })
})

describe('people in full', () => {
  it('are shown with a reason, which is noted before, with who and which records', async () => {
    const before = (await entries('reveal')).length
    const { body, headers, status } = await county.send(
      'GET',
      `/operators/${operatorId}?${why('上门核对')}`,
    )
    expect([status, body.phone, body.representative]).toEqual([200, PHONE, '李四海'])
    expect(headers['cache-control']).toBe('no-store')
    const { items } = await county.read(`/contracts?limit=500&${why('抽查 13812341234')}`)
    expect(items.find(({ id }: { id: string }) => id === contractId).lessor).toEqual(LESSOR)
    const payments = await county.read(`/contracts/${contractId}/payments?${why('查账')}`)
    expect(payments.items[0].note).toBe(NOTE)
    const noted = (await entries('reveal')).slice(before)
    expect(noted).toHaveLength(3)
    const [one, list, paid] = noted.toSorted((a, b) => a.no - b.no)
    expect(one).toMatchObject({ actor: 'test', subject: 'operators', subjectId: operatorId })
    expect(one.detail).toEqual({ reason: '上门核对' })
    expect(list.detail.reason).toBe('抽查 138****1234')
    expect(list.detail.ids).toEqual(items.map(({ id }: { id: string }) => id))
    expect([paid.subject, paid.detail.ids]).toEqual(['payments', [payments.items[0].id]])
  })

  it.each([
    ['reveal=true', 400, 'reason'],
    ['reveal=true&reason=', 400, 'reason'],
    ['reveal=true&reason=x', 400, 'reason'],
    ['reveal=true&reason=%20%20%20x%20', 400, 'reason'],
    [`reveal=true&reason=${'x'.repeat(201)}`, 400, 'reason'],
    ['reveal=perhaps&reason=why', 400, 'reveal'],
  ])('are not shown for ?%s', async (query, status, field) => {
    const before = await entries('reveal')
    const paths = [`/operators/${operatorId}`, '/contracts', '/exports/contracts.csv']
    for (const path of paths) {
      const reply = await county.send('GET', `${path}?${query}`)
      expect([reply.status, reply.body.errors?.[0]?.field]).toEqual([status, field])
      expect(SECRETS.filter((secret) => reply.bytes.includes(secret))).toEqual([])
    }
    expect(await entries('reveal')).toEqual(before)
  })

  it.each(['viewer', 'finance'] as const)(
    'are not shown to a %s, with whatever reason',
    async (role) => {
      const headers = await as(role)
      const paths = [
        `/operators/${operatorId}`,
        '/operators',
        '/contracts',
        '/exports/contracts.xlsx',
      ]
      for (const path of paths) {
        const refused = await county.send('GET', `${path}?${why('看看')}`, undefined, headers)
        expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
        expect((await county.send('GET', path, undefined, headers)).status).toBe(200)
      }
      const search = await county.send('POST', '/operator-searches', { phone: PHONE }, headers)
      expect(search.status).toBe(403)
    },
  )

  it('stand in a ledger that is asked for so, which says it, and in no other', async () => {
    const textOf = async (path: string) => {
      const { bytes, status } = await county.send('GET', path)
      expect(status).toBe(200)
      if (path.includes('.csv')) return bytes.toString('utf8')
      return unzipped(bytes)
        .map(({ content }) => content.toString('utf8'))
        .join('\n')
    }
    for (const file of ['contracts.csv', 'contracts.xlsx']) {
      const masked = await textOf(`/exports/${file}`)
      expect(SECRETS.filter((secret) => masked.includes(secret))).toEqual([])
      expect(masked).toContain('138****1234')
      const full = await textOf(`/exports/${file}?${why('年度核对')}`)
      for (const secret of [PHONE, '李四海', '张三丰等35户']) expect(full).toContain(secret)
    }
    const noted = (await entries('reveal')).filter(({ subject }) => subject === 'exports')
    expect(noted.map(({ subjectId }) => subjectId)).toEqual(['contracts', 'contracts'])
    expect(noted[0].detail).toMatchObject({ reason: '年度核对' })
  })
})

describe('operators are found by telephone', () => {
  it('however it is written, masked, within bounds, and never in a URL', async () => {
    const { id } = await county.operator({ ...PERSON, phone: '139-0000-2222' })
    await county.contract(id, { villageCode: OTHER_VILLAGE })
    for (const phone of ['13900002222', '+86 139 0000 2222', '１３９００００２２２２']) {
      const { status, body } = await county.send('POST', '/operator-searches', { phone })
      expect([status, body.items.map((item: { id: string }) => item.id)]).toEqual([200, [id]])
      expect(body.items[0].phone).toBe('139****2222')
    }
    const there = await as('recorder', OTHER_VILLAGE.slice(0, 9))
    const elsewhere = await as('recorder', '519901101')
    const search = async (headers: Record<string, string>, phone = '13900002222') =>
      (await county.send('POST', '/operator-searches', { phone }, headers)).body.items.length
    expect([await search(there), await search(elsewhere)]).toEqual([1, 0])
    expect(await search(there, '没有号码')).toBe(0)
    const noted = await entries('search-phone')
    expect(noted).toHaveLength(6)
    expect(JSON.stringify(noted)).not.toContain('0000')
    await county.correct('operators', id, { ...PERSON, phone: '13900003333' })
    expect([await search(there), await search(there, '13900003333')]).toEqual([0, 1])
  })
})

it('the file of an import is forgotten after two years, its hash and its rows are not', async () => {
  const { body } = await sendFile(county, 'operators', '业主名称,类型\n黄桷合作社,合作社')
  const tidyOn = async (day: string) => {
    county.clockOf.goTo(day)
    await county.db.transaction(forgetOldFiles)
    const file = await county.send('GET', `/imports/${body.id}/file`)
    return [file.status, file.body.code]
  }
  expect(await tidyOn('2027-03-02')).toEqual([200, undefined])
  expect(await tidyOn('2027-03-05')).toEqual([404, 'file-not-kept'])
  const { fileHash, rows } = await county.read(`/imports/${body.id}`)
  expect([fileHash, rows.length]).toEqual([body.fileHash, body.rows.length])
})
