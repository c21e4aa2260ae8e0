/** Every past belief can be asked for: `knownAt` cuts between any two facts. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { readConfig } from '../../src/config.ts'
import { openService } from '../../src/open-service.ts'
import { createLogger } from '../../src/platform/log/logger.ts'
import { contractBody, openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds, openTestService } from '../support/test-service.ts'

describe.each(databaseKinds)('what was known, on %s', (database) => {
  let county: TestCounty
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
  })
  afterAll(() => county.close())

  it('is shown for the instant of each fact about a contract, whatever came later', async () => {
    const operator = await county.operator()
    const { id } = await county.contract(operator.id)
    const path = (knownAt: string) => `/contracts/${id}/standing?asOf=2025-03-03&knownAt=${knownAt}`
    const beliefs: { recordedAt: string; arrearsFen: number; what: string }[] = []
    const believe = (what: string, fact: { recordedAt: string }, arrearsFen: number) =>
      beliefs.push({ what, recordedAt: fact.recordedAt, arrearsFen })

    const paid = { amountFen: 100_000, paidOn: '2024-01-01' }
    const payment = await county.record(`/contracts/${id}/payments`, paid)
    believe('payment', payment, 2_900_000)
    const dearer = contractBody(operator.id, {
      rent: { lines: [{ areaMu: 10, fenPerMu: 70_000 }], firstDueOn: '2020-12-31' },
    })
    believe('correction', await county.correct('contracts', id, dearer), 3_400_000)
    const amendment = await county.record(`/contracts/${id}/amendments`, {
      effectiveOn: '2024-01-01',
      reason: '下调',
      rent: { lines: [{ areaMu: 10, fenPerMu: 10_000 }], firstDueOn: '2024-12-31' },
    })
    believe('amendment', amendment, 2_800_000)
    const end = await county.record(`/contracts/${id}/end`, { endedOn: '2022-12-31', reason: '退' })
    believe('end', end, 2_000_000)
    const reversal = await county.record(`/payments/${payment.id}/reversal`, { reason: '误' })
    believe('reversal', reversal, 2_100_000)
    believe('end withdrawn', await county.withdraw('ends', end.id), 2_900_000)
    believe('amendment withdrawn', await county.withdraw('amendments', amendment.id), 3_500_000)
    const gone = await county.withdraw('contracts', id)

    for (const { what, recordedAt, arrearsFen } of beliefs) {
      const standing = await county.read(path(recordedAt))
      expect([what, standing.arrearsFen]).toEqual([what, arrearsFen])
      expect(standing).toMatchObject({ asOf: '2025-03-03', knownAt: recordedAt })
      const risk = await county.read(path(recordedAt).replace('standing', 'risk'))
      expect([what, risk.arrearsFen]).toEqual([what, arrearsFen])
    }
    expect((await county.send('GET', path(gone.recordedAt))).status).toBe(404)
  })

  it('may be asked for in another time zone', async () => {
    const { id, recordedAt } = await county.contract((await county.operator()).id)
    const local = new Date(Date.parse(recordedAt) + 8 * 3_600_000).toISOString()
    const knownAt = encodeURIComponent(local.replace('Z', '+08:00'))
    const standing = await county.read(`/contracts/${id}/standing?knownAt=${knownAt}`)
    expect(standing.knownAt).toBe(recordedAt)
    const before = new Date(Date.parse(recordedAt) - 1).toISOString()
    const path = `/contracts/${id}/standing?knownAt=${before}`
    expect((await county.send('GET', path)).status).toBe(404)
  })
})

describe('when the clock is not to be trusted', () => {
  it('what was recorded is read at once, also when the clock stands still', async () => {
    const service = await openTestService({ now: () => new Date('2025-03-03T01:00:00.000Z') })
    const operator = await service.send('POST', '/operators', { name: 'A', kind: 'company' })
    const contract = await service.send('POST', '/contracts', contractBody(operator.body.id))
    const path = `/contracts/${contract.body.id}`
    await service.send('POST', `${path}/payments`, { amountFen: 600_000, paidOn: '2025-01-01' })
    const replies = {
      standing: await service.send('GET', `${path}/standing`),
      computed: await service.send('GET', `${path}/risk?asOf=2025-03-03`),
      worklist: await service.send('GET', '/risk/worklist?asOf=2025-03-03'),
    }
    await service.close()
    expect([replies.standing.status, replies.standing.body.paidFen]).toEqual([200, 600_000])
    expect([replies.computed.status, replies.computed.body.arrearsFen]).toEqual([200, 2_400_000])
    expect(replies.worklist.body.items).toMatchObject([{ arrearsFen: 2_400_000 }])
  })

  it('what was recorded while it was fast is read after it was set back', async () => {
    const county = await openTestCounty('2025-03-03')
    county.clockOf.setTo('2025-03-03T05:00:00.000Z')
    const { id } = await county.contract((await county.operator()).id)
    county.clockOf.setTo('2025-03-03T01:00:00.000Z')
    const standing = await county.send('GET', `/contracts/${id}/standing`)
    await county.close()
    expect([standing.status, standing.body.arrearsFen]).toEqual([200, 3_000_000])
  })

  it('today is the day of the clock, not of the last fact: tomorrow stays refused', async () => {
    const county = await openTestCounty('2025-03-03')
    const { id } = await county.contract((await county.operator()).id)
    county.clockOf.goTo('2099-01-01')
    await county.operator({ name: '错钟' })
    county.clockOf.goTo('2025-03-03')
    const tomorrow = { amountFen: 1, paidOn: '2025-03-04' }
    const refused = await county.send('POST', `/contracts/${id}/payments`, tomorrow)
    const today = { amountFen: 2, paidOn: '2025-03-03' }
    await county.record(`/contracts/${id}/payments`, today)
    const risk = await county.read(`/contracts/${id}/risk`)
    await county.close()
    expect([refused.status, refused.body.code]).toEqual([422, 'day-in-future'])
    expect(risk.asOf).toBe('2025-03-03')
  })

  it('of two amendments of one day the one recorded last rules, whatever its id', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'restarted-'))
    const file = join(folder, 'county.db')
    const config = readConfig({ DATABASE_URL: `file:${file}` })
    const service = await openService(config, createLogger('silent'))
    const token = await service.db.transaction((tx) => addToken(tx, { label: 'p', role: 'admin' }))
    const send = async (method: 'GET' | 'POST', url: string, payload?: object) => {
      const headers = { authorization: `Bearer ${token}` }
      const request = { method, url: `/api/v1${url}`, headers, ...(payload && { payload }) }
      return (await service.app.inject(request)).json()
    }
    const amendment = (fenPerMu: number) => ({
      effectiveOn: '2024-01-01',
      reason: '协商',
      rent: { lines: [{ areaMu: 10, fenPerMu }], firstDueOn: '2024-12-31' },
    })
    const operator = await send('POST', '/operators', { name: 'A', kind: 'company' })
    const contract = await send('POST', '/contracts', contractBody(operator.id))
    const url = `/contracts/${contract.id}/amendments`
    // By another process, before its clock was set right.
    const program = resolve(import.meta.dirname, '../support/county-process.ts')
    const earlier = [url, JSON.stringify(amendment(40_000))]
    const args = ['--import', 'tsx', program, file, '2090-01-01T00:00:00Z', 'post', ...earlier]
    const first = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
    const second = await send('POST', url, amendment(50_000))
    const { instalments } = await send('GET', `/contracts/${contract.id}/standing`)
    await service.close()
    rmSync(folder, { recursive: true })
    expect(first.recordedAt < second.recordedAt).toBe(true)
    expect(instalments[4]).toMatchObject({ dueOn: '2024-12-31', amountFen: 500_000 })
  })
})
