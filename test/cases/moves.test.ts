/** The states of a case, who may move it where, and what is refused. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { NOBODY, openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
let caseId: string
let contractId: string
beforeEach(async () => {
  county = await openTestCounty('2024-12-30')
  const { id: operatorId } = await county.operator()
  contractId = (await county.contract(operatorId)).id
  await county.night('2024-12-30')
  caseId = (await county.read('/cases')).items[0].id
})
afterEach(() => county.close())

const FIXES = {
  measure: '约谈业主,落实还款计划',
  responsibleUnit: '青溪镇人民政府',
  leadOfficial: '王镇长',
  responsiblePerson: '陈站长',
  deadlineOn: '2025-03-31',
}
const paid = (amountFen: number) =>
  county.record(`/contracts/${contractId}/payments`, { amountFen, paidOn: '2024-12-30' })
const fix = (over: object = {}, headers = {}) =>
  county.send('PUT', `/cases/${caseId}/fixes`, { ...FIXES, ...over }, headers)
const resolve = (body: object, headers = {}) =>
  county.send('POST', `/cases/${caseId}/resolution`, body, headers)
const reopen = () => county.send('POST', `/cases/${caseId}/reopening`, { reason: '租金未到账' })
const agreed = { outcome: 'agreed', evidence: '还款协议 2024-12' }
const moves = () => county.rows('cases', 'caseEvents')

it('with its four fixes a case is being resolved; with evidence it is resolved', async () => {
  expect(await fix()).toMatchObject({
    status: 200,
    body: { ...FIXES, id: caseId, state: 'resolving' },
  })
  const noted = { note: '业主承诺月底前付一半', occurredOn: '2024-12-29' }
  const progressed = await county.record(`/cases/${caseId}/progress`, noted)
  expect(progressed).toMatchObject({ id: caseId, state: 'resolving', warnings: [] })
  expect(await resolve(agreed)).toMatchObject({
    status: 201,
    body: { state: 'resolved', outcome: 'agreed', resolvedOn: '2024-12-30', warnings: [] },
  })
  const { history } = await county.read(`/cases/${caseId}`)
  expect(history.map((entry: { sentence: string }) => entry.sentence)).toEqual([
    '列入风险台账:橙,关联合同 1 份,欠租 2.40 万元',
    '四定:措施 约谈业主,落实还款计划;责任单位 青溪镇人民政府,包案领导 王镇长;' +
      '责任人 陈站长;完成时限 2025-03-31',
    '进展(2024-12-29):业主承诺月底前付一半',
    '化解:达成协议,当时欠租 2.40 万元;依据 还款协议 2024-12',
    '查看',
  ])
})

it.each(['measure', 'responsibleUnit', 'leadOfficial', 'responsiblePerson', 'deadlineOn'])(
  'without %s, or with a blank one, the fixes are refused',
  async (field) => {
    const before = await moves()
    const missing = await fix({ [field]: undefined })
    expect(missing).toMatchObject({
      status: 422,
      body: { code: 'fix-missing', errors: [{ field }] },
    })
    expect(missing.body.detail).toContain('四定缺一不可')
    if (field !== 'deadlineOn')
      expect(await fix({ [field]: ' ' })).toMatchObject({ body: { code: 'fix-missing' } })
    expect(await moves()).toEqual(before)
  },
)

it('a deadline in the past is refused, one of today is kept', async () => {
  const before = await moves()
  expect(await fix({ deadlineOn: '2024-12-29' })).toMatchObject({
    status: 422,
    body: { code: 'deadline-in-past', errors: [{ field: 'deadlineOn' }] },
  })
  expect(await moves()).toEqual(before)
  expect((await fix({ deadlineOn: '2024-12-30' })).status).toBe(200)
})

it('`paid` is refused while a fen is owed', async () => {
  await fix()
  await paid(2_399_999)
  const before = await moves()
  const refused = await resolve({ outcome: 'paid', evidence: '收据' })
  expect(refused).toMatchObject({ status: 422, body: { code: 'arrears-remain' } })
  expect(refused.body.detail).toBe('尚有欠租 0.01 元,不能以已付清化解')
  expect(await moves()).toEqual(before)
  await paid(1)
  expect((await resolve({ outcome: 'paid', evidence: '收据' })).status).toBe(201)
})

it('another contract of the operator there, below the threshold, keeps `paid` from it', async () => {
  await fix()
  const [{ operatorId }] = (await county.read('/cases')).items
  const half = { rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2024-12-29' } }
  const over = { contractNo: '2020-0002', startOn: '2024-01-01', ...half }
  const { id: other } = await county.contract(operatorId, over)
  await paid(2_400_000)
  const due = { amountFen: 500_000, paidOn: '2024-12-30' }
  await county.record(`/contracts/${other}/payments`, due)
  expect(await county.read(`/cases/${caseId}`)).toMatchObject({
    contracts: [],
    arrearsFen: 0,
    otherArrearsFen: 100_000,
  })
  expect(await resolve({ outcome: 'paid', evidence: '收据' })).toMatchObject({
    status: 422,
    body: { code: 'arrears-remain' },
  })
})

it('flagged and without fixes a case is not resolved; settled at once it is', async () => {
  for (const outcome of ['agreed', 'land_returned', 'judicial', 'other'])
    expect(await resolve({ ...agreed, outcome })).toMatchObject({
      status: 422,
      body: { code: 'fixes-needed' },
    })
  await paid(2_400_000)
  expect(await resolve(agreed)).toMatchObject({ status: 422, body: { code: 'fixes-needed' } })
  expect((await resolve({ outcome: 'paid', evidence: '收据' })).status).toBe(201)
})

it('what is resolved is not fixed, resolved or proposed again; it is reopened as a new episode', async () => {
  expect(await reopen()).toMatchObject({ status: 409, body: { code: 'case-not-resolved' } })
  await fix()
  await resolve(agreed)
  expect(await fix()).toMatchObject({ status: 409, body: { code: 'case-resolved' } })
  expect(await resolve(agreed)).toMatchObject({ status: 409, body: { code: 'case-resolved' } })
  expect(await reopen()).toMatchObject({
    status: 201,
    body: {
      id: caseId,
      state: 'relapsed',
      episode: 2,
      measure: null,
      deadlineOn: null,
      outcome: null,
    },
  })
  expect((await county.read('/cases')).items).toHaveLength(1)
  expect(await fix()).toMatchObject({ status: 200, body: { state: 'resolving', episode: 2 } })
})

it('of two who read the same version the second is refused with 412', async () => {
  const read = await county.send('GET', `/cases/${caseId}`)
  const etag = String(read.headers['etag'])
  const first = await fix({}, { 'if-match': etag })
  expect(first.status).toBe(200)
  const before = await moves()
  const lost = await fix({ measure: '另一措施' }, { 'if-match': etag })
  expect(lost).toMatchObject({ status: 412, body: { code: 'case-changed' } })
  for (const path of ['progress', 'resolution', 'reopening']) {
    const body = { progress: { note: '甲' }, resolution: agreed, reopening: { reason: '乙' } }[path]
    const reply = await county.send('POST', `/cases/${caseId}/${path}`, body, { 'if-match': etag })
    expect([path, reply.status]).toEqual([path, 412])
  }
  expect(await moves()).toEqual(before)
  const next = String(first.headers['etag'])
  expect(next).not.toBe(etag)
  expect((await resolve(agreed, { 'if-match': `W/${next}` })).headers['etag']).not.toBe(next)
  expect((await county.send('GET', `/cases/${caseId}`)).status).toBe(200)
})

it('a move sent twice with the same key is made once', async () => {
  const key = { 'idempotency-key': 'k-1' }
  const note = { note: '已联系业主' }
  const first = await county.record(`/cases/${caseId}/progress`, note, key)
  expect(await county.record(`/cases/${caseId}/progress`, note, key)).toEqual(first)
  const { history } = await county.read(`/cases/${caseId}`)
  expect(history.filter(({ kind }: { kind: string }) => kind === 'progressed')).toHaveLength(1)
})

it('who saw which version is kept once', async () => {
  for (let i = 0; i < 3; i++) await county.read(`/cases/${caseId}`)
  await fix()
  await county.read(`/cases/${caseId}`)
  const { items } = await county.read(`/cases/${caseId}/history`)
  expect(items.map((entry: { kind: string }) => entry.kind)).toEqual([
    'opened',
    'seen',
    'fixed',
    'seen',
  ])
  const first = await county.read(`/cases/${caseId}/history?limit=3`)
  const rest = await county.read(`/cases/${caseId}/history?cursor=${first.nextCursor}`)
  expect([...first.items, ...rest.items]).toEqual(items)
})

it.each<[string, string, object, number, string]>([
  ['PUT', 'fixes', { ...FIXES, deadlineOn: '2025-02-30' }, 400, 'deadlineOn'],
  ['PUT', 'fixes', { ...FIXES, measure: 7 }, 400, 'measure'],
  ['PUT', 'fixes', { ...FIXES, state: 'resolved' }, 400, 'state'],
  ['POST', 'progress', {}, 400, 'note'],
  ['POST', 'progress', { note: ' ' }, 400, 'note'],
  ['POST', 'progress', { note: '甲', occurredOn: '2024-12-31' }, 422, 'occurredOn'],
  ['POST', 'resolution', { outcome: 'forgotten', evidence: '甲' }, 400, 'outcome'],
  ['POST', 'resolution', { outcome: 'agreed' }, 400, 'evidence'],
  ['POST', 'resolution', { outcome: 'agreed', evidence: '' }, 400, 'evidence'],
  ['POST', 'reopening', {}, 400, 'reason'],
])('%s %s %j is refused with %i and names %s', async (method, path, body, status, field) => {
  const before = await moves()
  const reply = await county.send(method, `/cases/${caseId}/${path}`, body)
  expect(reply).toMatchObject({ status, body: { errors: [{ field }] } })
  expect(await moves()).toEqual(before)
})

it('a case that is not there is 404 for every verb', async () => {
  const bodies = { progress: { note: '甲' }, resolution: agreed, reopening: { reason: '乙' } }
  expect((await county.send('GET', `/cases/${NOBODY}`)).status).toBe(404)
  expect((await county.send('GET', `/cases/${NOBODY}/history`)).status).toBe(404)
  expect((await county.send('PUT', `/cases/${NOBODY}/fixes`, FIXES)).status).toBe(404)
  for (const [path, body] of Object.entries(bodies))
    expect((await county.send('POST', `/cases/${NOBODY}/${path}`, body)).status).toBe(404)
})
