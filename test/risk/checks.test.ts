import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestService, type TestService } from '../support/test-service.ts'

let service: TestService
let operatorId: string

beforeAll(async () => {
  service = await openTestService({ now: () => new Date('2025-03-01T02:00:00Z') })
  operatorId = (await post('/operators', { name: '青溪果业', kind: 'company' })).id
})
afterAll(() => service.close())

async function post(path: string, body: object) {
  const reply = await service.send('POST', path, body)
  expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  return reply.body
}

const contract = (lessor: object, line: object) =>
  post('/contracts', {
    operatorId,
    villageCode: '519901101201',
    lessor,
    landUse: 'late_citrus',
    startOn: '2023-01-01',
    endOn: '2032-12-31',
    rent: { lines: [{ areaMu: 10, ...line }] },
  })

const checksOf = async (id: string) => {
  const { items } = (await service.send('GET', '/checks?limit=500')).body
  const item = items.find((one: { id: string }) => one.id === id)
  return item?.checks.map(({ code }: { code: string }) => code)
}
const cash = { fenPerMu: 50000 }
const household = { kind: 'household' }

it('lists nothing of a contract that is in order', async () => {
  expect(await checksOf((await contract(household, cash)).id)).toBeUndefined()
})

it('lists a grain rent without a price until the price is recorded', async () => {
  const { id } = await contract(household, { basis: 'grain', jinPerMu: 400, grain: 'rice' })
  expect(await checksOf(id)).toEqual(['unpriced'])
  const standing = (await service.send('GET', `/contracts/${id}/standing`)).body
  expect(standing.checks).toMatchObject([{ code: 'unpriced' }])
  const price = { fenPer50kg: 12900, source: '最低收购价' }
  expect((await service.send('PUT', '/grain-prices/rice/2020-01-01', price)).status).toBe(200)
  expect(await checksOf(id)).toBeUndefined()
})

it('lists a collective without households, and a correction settles it', async () => {
  const { id, recordedAt, recordedBy, warnings, version, areaMu, ...fact } = await contract(
    { kind: 'village_collective' },
    cash,
  )
  expect([recordedBy, version, areaMu, warnings.length > 0]).toEqual(['test', 1, 10, true])
  expect(await checksOf(id)).toEqual(['households-missing'])
  const lessor = { kind: 'village_collective', households: 30 }
  await post(`/contracts/${id}/correction`, { reason: '补填户数', fact: { ...fact, lessor } })
  expect(await checksOf(id)).toBeUndefined()
  expect(typeof recordedAt).toBe('string')
})

it('lists what was paid too much on a contract that has ended', async () => {
  const { id } = await contract(household, cash)
  await post(`/contracts/${id}/payments`, { amountFen: 5_000_000, paidOn: '2024-06-01' })
  expect(await checksOf(id)).toBeUndefined()
  await post(`/contracts/${id}/end`, { endedOn: '2024-12-31', reason: '协商解除' })
  expect(await checksOf(id)).toEqual(['credit-after-end'])
})

it('lists a subsidy without a payable day, after the contracts, page by page', async () => {
  const subsidy = { operatorId, programme: '标准园', year: 2024, standing: 'claimed', amountFen: 1 }
  const { id } = await post('/subsidies', subsidy)
  expect(await checksOf(id)).toEqual(['payable-on-missing'])
  const seen: string[] = []
  let cursor = ''
  do {
    const { body } = await service.send('GET', `/checks?limit=1${cursor}`)
    seen.push(...body.items.map((item: { id: string }) => item.id))
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`
  } while (cursor !== '')
  const { items } = (await service.send('GET', '/checks?limit=500')).body
  expect(seen).toEqual(items.map((item: { id: string }) => item.id))
})

it('shows where a subsidy stands today, as its stages and disbursements left it', async () => {
  const subsidy = { operatorId, programme: '蚕桑', year: 2024, standing: 'claimed', amountFen: 900 }
  const { id } = await post('/subsidies', subsidy)
  const stage = { stage: '县级验收', occurredOn: '2024-10-01', standing: 'recognised' }
  await post(`/subsidies/${id}/stages`, { ...stage, payableOn: '2025-02-01', amountFen: 800 })
  await post(`/subsidies/${id}/disbursements`, { amountFen: 300, paidOn: '2025-02-10' })
  const { body } = await service.send('GET', `/subsidies/${id}`)
  expect(body).toMatchObject({ standing: 'claimed', amountFen: 900 })
  expect(body.onDay).toEqual({
    asOf: '2025-03-01',
    standing: 'recognised',
    amountFen: 800,
    payableOn: '2025-02-01',
    stage: '县级验收',
    outstandingFen: 500,
    late: true,
    delayDays: 28,
  })
})
