/** The service as it is started: a night works in a thread of its own beside its requests. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SERVICE } from '../../src/access/caller.ts'
import { addToken } from '../../src/access/token-store.ts'
import { readConfig } from '../../src/config.ts'
import { contractFact } from '../../src/contracts/contract.ts'
import { recordFact } from '../../src/facts/record-fact.ts'
import { openService, type Service } from '../../src/open-service.ts'
import { operatorFact } from '../../src/operators/operator.ts'
import { createLogger } from '../../src/platform/log/logger.ts'

const folder = mkdtempSync(join(tmpdir(), 'night-in-thread-'))
const TODAY = '2025-03-03'
/** More than a night writes at once. */
const CONTRACTS = 500
const contracts: string[] = []
let service: Service
let token: string

const opened = () =>
  openService(
    readConfig({
      DATABASE_URL: `file:${join(folder, 'county.db')}`,
      OUTBOX_DIR: join(folder, 'outbox'),
      RATE_PER_MINUTE: '1000000',
    }),
    createLogger('silent'),
    () => new Date(`${TODAY}T01:00:00Z`),
  )
const send = async (method: 'GET' | 'POST', path: string, payload?: object) => {
  const headers = { authorization: `Bearer ${token}` }
  const url = `/api/v1${path}`
  const reply = await service.app.inject({ method, url, headers, ...(payload && { payload }) })
  return { status: reply.statusCode, body: reply.json() }
}

beforeAll(async () => {
  service = await opened()
  token = await service.db.transaction((tx) => addToken(tx, { label: 'test', role: 'admin' }))
  await service.db.transaction(async (tx) => {
    const company = { name: '柑橘公司', kind: 'company' as const }
    const { row: operator } = await recordFact(tx, SERVICE, operatorFact, company)
    for (let i = 0; i < CONTRACTS; i++) {
      const body = contractFact.body.parse({
        operatorId: operator.id,
        villageCode: '519901101201',
        lessor: { kind: 'village_collective', households: 12 },
        landUse: 'late_citrus',
        startOn: '2024-01-01',
        endOn: '2029-12-31',
        rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2024-03-01' },
      })
      contracts.push((await recordFact(tx, SERVICE, contractFact, body)).row.id)
    }
  })
})
afterAll(async () => {
  await service.close()
  rmSync(folder, { recursive: true })
})

/** Does something each time that the night is about to write. */
function beforeEachWrite(then: (writes: number) => Promise<unknown>): () => void {
  const { db } = service
  const standBack = db.standBack
  let writes = 0
  db.standBack = async (work) => {
    await then(++writes)
    await standBack(work)
  }
  return () => {
    db.standBack = standBack
  }
}

it('what is recorded while a night works is kept, and the night does not undo it', async () => {
  const paid: string[] = []
  const statuses: number[] = []
  const stop = beforeEachWrite(async () => {
    const contractId = contracts[paid.length] as string
    paid.push(contractId)
    const payment = { amountFen: 1_200_000, paidOn: TODAY }
    statuses.push((await send('POST', `/contracts/${contractId}/payments`, payment)).status)
  })
  const run = await send('POST', '/risk/runs', { asOf: TODAY })
  stop()
  expect(run).toMatchObject({ status: 200, body: { status: 'completed' } })
  expect(run.body.counts).toMatchObject({ contracts: CONTRACTS, scored: CONTRACTS })
  expect(statuses.length).toBeGreaterThan(3)
  expect(new Set(statuses)).toEqual(new Set([201]))
  for (const id of paid)
    expect((await send('GET', `/contracts/${id}/risk`)).body).toMatchObject({ arrearsFen: 0 })
  const unpaid = await send('GET', `/contracts/${contracts.at(-1)}/risk`)
  expect(unpaid.body).toMatchObject({ arrearsFen: 1_200_000 })
})

it('writes less at a time while others record something', async () => {
  const writesOf = async (asOf: string, happens: () => Promise<unknown>) => {
    let writes = 0
    const stop = beforeEachWrite(async () => {
      writes += 1
      await happens()
    })
    await service.nights.run(asOf)
    stop()
    return writes
  }
  const alone = await writesOf('2025-03-02', async () => undefined)
  const beside = await writesOf('2025-03-01', () => service.db.transaction(async () => undefined))
  expect(beside).toBeGreaterThan(alone)
})

it('a night that another process has taken over says so to whoever asked for it', async () => {
  const other = await opened()
  const stop = beforeEachWrite(async (writes) => {
    if (writes === 2) await other.nights.run(TODAY)
  })
  const refused = await send('POST', '/risk/runs', { asOf: TODAY })
  stop()
  await other.close()
  expect(refused).toMatchObject({ status: 409, body: { code: 'run-taken-over' } })
  expect((await send('POST', '/risk/runs', { asOf: TODAY })).status).toBe(200)
})

it('what goes wrong in its thread is told as it was', async () => {
  const query = sql.raw(`create trigger broken before update on runs
    begin select raise(abort, 'the disk is full'); end`)
  await service.db.transaction(async (tx) => {
    ;(tx as unknown as { run: (query: SQL) => unknown }).run(query)
  })
  const told = await service.nights.run(TODAY).then(
    () => undefined,
    (error: Error) => error,
  )
  const cause = told?.cause ?? told
  expect(cause).toMatchObject({ message: 'the disk is full', code: 'SQLITE_CONSTRAINT_TRIGGER' })
})
