/** Whom a night passes over, because nothing has changed: things that only look as if. */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyCounty } from '../../src/cli/verify-county.ts'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { type NightJobs, nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import { loudOperators } from '../../src/risk/quiet-operators.ts'
import { contractBody, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

const [BEFORE, TONIGHT, NEXT] = ['2025-03-03', '2025-03-04', '2025-03-05'] as const
const { version: _, ...POLICY } = POLICY_2026_1
let county: TestCounty
beforeEach(async () => {
  county = await openTestCounty(BEFORE)
})
afterEach(() => county.close())

/** A night like any but the first after a start, with jobs of its own. */
function night(asOf: string, jobs: Partial<NightJobs> = {}) {
  const all = { ...nightJobsOn(county.db.read), ...jobs }
  return nightWorkOf({ ...county, jobs: all })({ asOf, catchUp: false, whole: false })
}
async function brokenOffAfterScores(asOf: string) {
  const rentsDue = () => Promise.reject(new Error('disk full'))
  await expect(night(asOf, { rentsDue })).rejects.toThrow('disk full')
}
async function differences(): Promise<unknown[]> {
  const found: unknown[] = []
  await verifyCounty(county.db.read, (one) => void found.push(one))
  return found
}

it('a score that a broken-off night has left, of a fact that was withdrawn since', async () => {
  const operator = await county.operator()
  await county.contract(operator.id)
  await night(BEFORE)
  county.clockOf.goTo(TONIGHT)
  const seen = { condition: 'unreachable', observedOn: TONIGHT, source: '村' }
  const condition = await county.record(`/operators/${operator.id}/conditions`, seen)
  await brokenOffAfterScores(TONIGHT)
  await county.withdraw('conditions', condition.id)
  await night(BEFORE)
  await night(TONIGHT)
  expect(await differences()).toEqual([])
  county.clockOf.goTo(NEXT)
  await night(NEXT)
  expect(await differences()).toEqual([])
})

it('a score that a broken-off night has left, of a policy that another has replaced', async () => {
  const operatorId = (await county.operator()).id
  const { id } = await county.contract(operatorId)
  const subsidy = { programme: '补助', year: 2024, standing: 'recognised', amountFen: 100 }
  await county.record('/subsidies', { operatorId, ...subsidy, payableOn: '2024-12-03' })
  await night(BEFORE)
  county.clockOf.goTo(TONIGHT)
  await brokenOffAfterScores(TONIGHT)
  const steps = [{ from: 1, points: 5 }]
  const subsidyDelay = { ...POLICY.subsidyDelay, steps }
  await county.put('/policies/2026-2', { ...POLICY, effectiveOn: '2025-01-01', subsidyDelay })
  await night(TONIGHT)
  expect(await differences()).toEqual([])
  const { score } = await county.read(`/contracts/${id}/risk`)
  expect(await county.read(`/contracts/${id}/risk?asOf=${TONIGHT}`)).toMatchObject({ score })
})

it('a fact that could not be assessed while a night was under way', async () => {
  const { id } = await county.contract((await county.operator()).id)
  const sign = { occurredOn: '2024-03-04', channel: 'visit', people: 2 }
  await county.record('/petitions', { contractId: id, villageCode: VILLAGE, ...sign })
  await night(BEFORE)
  county.clockOf.goTo(TONIGHT)
  await night(TONIGHT, {
    async score(job, keep) {
      const batches: Parameters<typeof keep>[0][] = []
      const report = await nightJobsOn(county.db.read).score(job, async (batch) => {
        batches.push(batch)
      })
      await county.db.transaction(async (tx) => {
        const { instalments: t } = tx.tables
        await tx.update(t).set({ amountFen: 600_000.5 }).where(eq(t.contractId, id))
      })
      await county.record(`/contracts/${id}/payments`, { amountFen: 100, paidOn: TONIGHT })
      for (const batch of batches) await keep(batch)
      return report
    },
  })
  county.clockOf.goTo(NEXT)
  await night(NEXT)
  const { failures } = await county.read(`/risk/runs/${NEXT}`)
  expect(failures).toMatchObject([{ contractId: id }])
})

it('an operator whose contract was withdrawn, or went to another', async () => {
  const [one, other] = [await county.operator(), await county.operator({ name: '乙公司' })]
  const withdrawn = await county.contract(one.id)
  const moved = await county.contract(one.id)
  await county.withdraw('contracts', withdrawn.id)
  await county.correct('contracts', moved.id, contractBody(other.id))
  await night(BEFORE)
  const run = await county.read(`/risk/runs/${BEFORE}`)
  expect(run).toMatchObject({ counts: { scored: 1 } })
  expect(await loudOperators(county.db.read, TONIGHT, run, BEFORE)).toEqual([])
})

it('a contract without a stored risk is looked at', async () => {
  await county.contract((await county.operator()).id)
  await night(BEFORE)
  await county.db.transaction(async (tx) => {
    await tx.delete(tx.tables.risks)
  })
  county.clockOf.goTo(TONIGHT)
  await night(TONIGHT)
  expect(await county.read(`/risk/runs/${TONIGHT}`)).toMatchObject({ counts: { scored: 1 } })
  expect(await differences()).toEqual([])
})

it('a contract that cannot be assessed since it went to another operator is named', async () => {
  const [one, other] = [await county.operator(), await county.operator({ name: '乙公司' })]
  const { id } = await county.contract(one.id)
  await night(BEFORE)
  const instalments = [{ dueOn: BEFORE, amountFen: 5 }]
  const plan = { agreedOn: BEFORE, instalments, evidence: '协议' }
  await county.record(`/contracts/${id}/repayment-plans`, plan)
  await county.db.transaction(async (tx) => {
    const { repaymentPlans: t } = tx.tables
    const noDay = [{ dueOn: '0000-01-01', amountFen: 5 }]
    await tx.update(t).set({ instalments: noDay }).where(eq(t.contractId, id))
  })
  await county.correct('contracts', id, contractBody(other.id))
  for (const day of [TONIGHT, NEXT]) {
    county.clockOf.goTo(day)
    await night(day)
    const { failures } = await county.read(`/risk/runs/${day}`)
    expect(failures).toMatchObject([{ contractId: id }])
  }
})

it('a step of a policy that lies beyond the calendar is never reached', async () => {
  const operatorId = (await county.operator()).id
  const { id } = await county.contract(operatorId)
  const subsidy = { programme: '补助', year: 2024, standing: 'recognised', amountFen: 100 }
  await county.record('/subsidies', { operatorId, ...subsidy, payableOn: '2024-12-03' })
  const steps = [
    { from: 1, points: 5 },
    { from: 9_999_999, points: 20 },
  ]
  const subsidyDelay = { ...POLICY.subsidyDelay, steps }
  await county.put('/policies/2026-2', { ...POLICY, effectiveOn: '2025-01-01', subsidyDelay })
  await night(BEFORE)
  const run = await county.read(`/risk/runs/${BEFORE}`)
  expect(run).toMatchObject({ counts: { scored: 1 }, failures: [] })
  expect((await county.send('GET', `/contracts/${id}/risk?asOf=${BEFORE}`)).status).toBe(200)
})
