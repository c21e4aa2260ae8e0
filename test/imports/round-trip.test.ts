/**
 * The ledger of contracts as it is handed out, taken in by a county that has none of them: every
 * instalment and every standing must come out the same, to the fen. A failure names its seed.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { sendFile } from '../support/import-file.ts'
import { randomWorld, STEP_NAME, type Step, shanghaiDay } from '../support/random-world.ts'
import { openTestService, type TestService } from '../support/test-service.ts'

const SEEDS = [20_250_711, 20_250_712]
const CONTRACTS = 30

// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely by tests
type Reply = any

const open: TestService[] = []
afterEach(async () => {
  for (const service of open.splice(0)) await service.close()
})

const clock = { ms: 0 }
async function openCounty(): Promise<TestService> {
  const now = () => {
    clock.ms += 1
    return new Date(clock.ms)
  }
  const service = await openTestService({ now })
  open.push(service)
  return service
}

/** A county that random facts have made: what is refused on the way is left out. */
async function randomCounty(seed: number): Promise<TestService> {
  clock.ms = Date.parse('2025-03-01T00:00:00Z')
  const county = await openCounty()
  const ids = new Map<string, string>()
  for (const { name, ...rest } of randomWorld(seed, CONTRACTS, 200)) {
    const text = JSON.stringify(rest)
    if (!(text.match(STEP_NAME) ?? []).every((ref) => ids.has(ref))) continue
    const step = JSON.parse(text.replace(STEP_NAME, (ref) => ids.get(ref) ?? ref)) as Step
    clock.ms = Math.max(clock.ms, Date.parse(step.at))
    const { status, body } = await county.send(step.method, step.path, step.body)
    if (status < 300) ids.set(name, body.id ?? name)
  }
  return county
}

const listOf = async (county: TestService, path: string): Promise<Reply[]> =>
  (await county.send('GET', `${path}${path.includes('?') ? '&' : '?'}limit=500`)).body.items

/** The regions and prices of a county, put into another one. */
async function neighbourOf(county: TestService): Promise<TestService> {
  const other = await openCounty()
  for (const { code, name, secondRoundExpiresOn } of await listOf(county, '/regions'))
    await other.send('PUT', `/regions/${code}`, { name, secondRoundExpiresOn })
  const { grainPrices } = county.db.read.tables
  for (const { grain, effectiveOn, fenPer50kg, source } of await county.db.read
    .select()
    .from(grainPrices))
    await other.send('PUT', `/grain-prices/${grain}/${effectiveOn}`, { fenPer50kg, source })
  return other
}

/** Payments that stand, recorded again; a day that names no instalment any more is left out. */
async function payAgain(from: TestService, id: string, to: TestService, copyId: string) {
  const dueDays = (await standingOf(to, copyId, shanghaiDay(clock.ms))).instalments.map(
    ({ dueOn }: Reply) => dueOn,
  )
  for (const payment of await listOf(from, `/contracts/${id}/payments`)) {
    if (payment.reversal) continue
    const { amountFen, paidOn, designatedDueOn } = payment
    const named = dueDays.includes(designatedDueOn) ? { designatedDueOn } : {}
    const body = { amountFen, paidOn, ...named }
    const reply = await to.send('POST', `/contracts/${copyId}/payments`, body)
    expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  }
}

async function standingOf(county: TestService, id: string, asOf: string): Promise<Reply> {
  const { body } = await county.send('GET', `/contracts/${id}/standing?asOf=${asOf}`)
  const { knownAt: _, ...standing } = body
  return standing
}

const nameOf = ({ contractNo, villageCode, startOn, areaMu }: Reply) =>
  contractNo ?? `${villageCode} ${startOn} ${areaMu}`

describe.each(SEEDS)('seed %i', (seed) => {
  it('comes back from its own ledger with the same standings', async () => {
    const county = await randomCounty(seed)
    const other = await neighbourOf(county)
    const ledger = await county.inject({
      method: 'GET',
      url: '/api/v1/exports/contracts.xlsx',
      headers: { authorization: `Bearer ${county.token}` },
    })
    expect(ledger.status).toBe(200)
    const { body } = await sendFile(other, 'contracts', (ledger as Reply).bytes, {
      fileName: '流转台账.xlsx',
    })
    const contracts = await listOf(county, '/contracts')
    expect(contracts.length).toBeGreaterThan(20)
    const troubles = body.rows.flatMap(({ row, problems, status }: Reply) =>
      status === 'skipped' ? [] : problems.map((problem: Reply) => ({ row, ...problem })),
    )
    expect(troubles).toEqual([])
    expect(body.counts).toMatchObject({ read: contracts.length, kept: contracts.length })
    const copies = await listOf(other, '/contracts')
    for (const contract of contracts) {
      const copy = copies.find((one) => nameOf(one) === nameOf(contract))
      expect(copy, `${nameOf(contract)} is there`).toBeDefined()
      await payAgain(county, contract.id, other, copy.id)
      for (const asOf of ['2021-07-01', '2023-12-31', '2024-01-01', shanghaiDay(clock.ms)])
        expect(await standingOf(other, copy.id, asOf), `${nameOf(contract)} on ${asOf}`).toEqual(
          await standingOf(county, contract.id, asOf),
        )
    }
    const again = await sendFile(other, 'contracts', (ledger as Reply).bytes)
    expect(again.body.counts).toMatchObject({ kept: 0, unchanged: contracts.length, reported: 0 })
  }, 60_000)
})
