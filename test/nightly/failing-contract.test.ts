/** One contract that cannot be assessed is named in the run; all others are done. */

import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Writer } from '../../src/platform/database/database.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

let county: TestCounty
let ids: { operator: string; broken: string; sibling: string; other: string }
beforeEach(async () => {
  county = await openTestCounty('2025-03-03')
  const operator = (await county.operator()).id
  const contract = async (operatorId: string) => (await county.contract(operatorId)).id
  ids = {
    operator,
    broken: await contract(operator),
    sibling: await contract(operator),
    other: await contract((await county.operator()).id),
  }
  await county.night('2025-03-02')
})
afterEach(() => county.close())

const recorded = ({ recordedAt }: Writer) => ({
  ...{ version: 1, withdrawn: false, changeReason: null, recordedAt, recordedBy: 'x' },
  contractId: ids.broken,
})
const instalments = (tx: Writer, set: object) => {
  const { instalments: table } = tx.tables
  return tx.update(table).set(set).where(eq(table.contractId, ids.broken))
}

describe.each<[string, (tx: Writer) => PromiseLike<unknown>]>([
  ['half a fen', (tx) => instalments(tx, { amountFen: 600_000.5 })],
  ['an amount beyond all numbers', (tx) => instalments(tx, { amountFen: sql`9007199254740993` })],
  ['a due day that is none', (tx) => instalments(tx, { dueOn: '2020-02-31' })],
  [
    'an amendment that cannot be read',
    async (tx) => {
      const { contractAmendments } = tx.tables
      await tx.insert(contractAmendments).values({
        ...recorded(tx),
        id: '01926d3e-7c00-7000-8000-0000000000aa',
        effectiveOn: '2024-01-01',
        reason: 'x',
        rent: sql`'{"lines":'` as never,
        endOn: null,
      })
    },
  ],
  [
    'a plan of a day that is none',
    async (tx) => {
      const { repaymentPlans } = tx.tables
      await tx.insert(repaymentPlans).values({
        ...recorded(tx),
        id: '01926d3e-7c00-7000-8000-0000000000bb',
        agreedOn: '0000-01-01',
        instalments: [{ dueOn: '0000-01-01', amountFen: 5 }],
        evidence: 'x',
      })
    },
  ],
])('with %s', (_what, corrupt) => {
  beforeEach(async () => {
    await county.db.transaction(async (tx) => {
      await corrupt(tx)
    })
  })

  it('the run names it and scores the others', async () => {
    // The night takes what is owed from the stored risks until something is recorded or falls due.
    const seen = { condition: 'mismanaged', observedOn: '2025-03-03', source: '村' }
    await county.record(`/operators/${ids.operator}/conditions`, seen)
    const run = await county.night('2025-03-03')
    expect(run.status).toBe('completed')
    expect(run.failures).toMatchObject([{ contractId: ids.broken }])
    expect(run.failures[0].code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(run.failures[0].message.length).toBeGreaterThan(0)
    expect(run.counts).toMatchObject({ contracts: 3, scored: 2, byLevel: { red: 2 } })
    expect(await county.read('/risk/runs/2025-03-03')).toEqual(run)
  })

  it('what was known of it stays, and the worklist goes on', async () => {
    const before = await county.read(`/contracts/${ids.broken}/risk`)
    await county.night('2025-03-03')
    const { items } = await county.read('/risk/worklist')
    expect(items.map(({ contractId }: { contractId: string }) => contractId).sort()).toEqual(
      [ids.broken, ids.sibling, ids.other].sort(),
    )
    expect(await county.read(`/contracts/${ids.broken}/risk`)).toMatchObject({
      score: before.score,
      contributions: before.contributions,
    })
    expect((await county.send('GET', '/risk/worklist?asOf=2025-03-03')).status).toBe(200)
    expect((await county.send('GET', '/risk/summary?asOf=2025-03-03')).status).toBe(200)
  })

  it('facts about its operator are kept all the same, and move the sibling', async () => {
    const paid = { amountFen: 3_000_000, paidOn: '2025-03-03' }
    await county.record(`/contracts/${ids.sibling}/payments`, paid)
    const seen = { condition: 'ceased', observedOn: '2025-03-03', source: '村' }
    await county.record(`/operators/${ids.operator}/conditions`, seen)
    expect(await county.read(`/contracts/${ids.sibling}/risk`)).toMatchObject({
      arrearsFen: 0,
      score: 12,
    })
  })
})
