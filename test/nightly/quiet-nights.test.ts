/**
 * Two years of nights, day by day, over a random county: passing over who is quiet, each leaves what
 * computing everything anew comes to.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyCounty } from '../../src/cli/verify-county.ts'
import { addDays } from '../../src/domain/calendar-day.ts'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { loudOperators } from '../../src/risk/quiet-operators.ts'
import type { Run } from '../../src/risk/risk-store.ts'
import { diceOf } from '../support/random-terms.ts'
import {
  contractBody,
  NOBODY,
  openTestCounty,
  type TestCounty,
  VILLAGE,
} from '../support/test-county.ts'

const [FIRST, LAST] = ['2025-03-04', '2027-03-03'] as const
const [OPERATORS, CONTRACTS] = [10, 16]
const { version: _, ...POLICY } = POLICY_2026_1
const STRICTER = {
  ...POLICY,
  effectiveOn: '2026-06-01',
  subsidyDelay: { ...POLICY.subsidyDelay, steps: [{ from: 30, points: 20 }] },
  petitionSigns: { ...POLICY.petitionSigns, windowDays: 100 },
  planKept: { points: -10, planToleranceDays: 1 },
}

let county: TestCounty
beforeAll(async () => {
  county = await openTestCounty(FIRST)
})
afterAll(() => county.close())

const dice = diceOf(20_260_101)
const ids: Record<string, string[]> = {}
const any = (kind: string) => dice.pickAny(ids[kind] ?? []) ?? NOBODY
const sometimes = (fields: object) => (dice.chance(0.5) ? fields : {})

/** A fact of some kind, with days around `today`; what names a fact that cannot be is refused. */
function factOn(today: string): [kind: string, path: string, body: object] {
  const day = (from: number, to: number) => addDays(today, dice.int(from, to))
  const [contractId, operatorId] = [any('contracts'), any('operators')]
  const ofOne = dice.chance(0.6) ? { contractId } : { operatorId }
  const amountFen = dice.int(1, 900_000)
  const reason = '核对'
  const facts: [number, string, string, object][] = [
    [5, 'payments', `/contracts/${contractId}/payments`, { amountFen, paidOn: day(-9, 0) }],
    [1, '', `/payments/${any('payments')}/reversal`, { reason }],
    [
      4,
      'petitions',
      '/petitions',
      { ...ofOne, villageCode: VILLAGE, occurredOn: day(-364, 0), channel: 'visit', people: 2 },
    ],
    [
      4,
      'subsidies',
      '/subsidies',
      {
        ...{ operatorId, ...sometimes({ contractId }), programme: '补助', year: 2025, amountFen },
        standing: dice.pick(['recognised', 'recognised', 'claimed']),
        payableOn: day(-400, 60),
      },
    ],
    [
      2,
      '',
      `/subsidies/${any('subsidies')}/stages`,
      { stage: '验收', occurredOn: day(-20, 0), ...sometimes({ payableOn: day(-30, 60) }) },
    ],
    [1, '', `/subsidies/${any('subsidies')}/disbursements`, { amountFen, paidOn: day(-20, 0) }],
    [
      2,
      'conditions',
      `/operators/${operatorId}/conditions`,
      {
        condition: dice.pick(['unreachable', 'unreachable', 'mismanaged', 'recovered']),
        ...{ observedOn: day(-30, 0), source: '村' },
      },
    ],
    [
      4,
      'plans',
      `/contracts/${contractId}/repayment-plans`,
      {
        agreedOn: day(-5, 0),
        instalments: [{ dueOn: day(1, 40), amountFen }],
        evidence: '协议',
      },
    ],
    [
      2,
      'amendments',
      `/contracts/${contractId}/amendments`,
      { effectiveOn: day(-30, 60), reason, rent: { lines: [{ areaMu: 7, fenPerMu: 50_000 }] } },
    ],
    [3, '', `/contracts/${contractId}/end`, { endedOn: day(-10, 40), reason }],
    [
      1,
      'contracts',
      '/contracts',
      contractBody(operatorId, {
        rent: { lines: [{ areaMu: 3, fenPerMu: 60_000 }] },
        startOn: day(-400, 30),
        endOn: day(60, 600),
      }),
    ],
    [
      1,
      '',
      `/contracts/${contractId}/correction`,
      { reason, fact: contractBody(operatorId, { insured: true }) },
    ],
    [1, '', `/petitions/${any('petitions')}/withdrawal`, { reason }],
    [1, '', `/plans/${any('plans')}/withdrawal`, { reason }],
  ]
  const [, ...fact] = dice.pick(facts.flatMap((one) => Array.from({ length: one[0] }, () => one)))
  return fact
}

async function record([kind, path, body]: ReturnType<typeof factOn>): Promise<void> {
  const { status, body: fact } = await county.send('POST', path, body)
  if (status !== 201) return
  seen.recorded += 1
  const known = ids[kind] ?? []
  ids[kind] = [...known, fact.id]
}
const seen = { recorded: 0, quiet: 0, loud: 0 }

async function recordOn(today: string): Promise<void> {
  while (dice.chance(0.25)) await record(factOn(today))
}

/** Rents that fall due on many days of the year, some paid ahead. */
async function recordFirst(): Promise<void> {
  for (let no = 0; no < OPERATORS; no++)
    await record(['operators', '/operators', { name: `业主${no}`, kind: 'company' }])
  for (let no = 0; no < CONTRACTS; no++) {
    const firstDueOn = addDays('2024-04-01', 19 * no)
    const over = {
      ...{ contractNo: `${no}`, startOn: '2024-01-01' },
      rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn },
    }
    await record(['contracts', '/contracts', contractBody(any('operators'), over)])
  }
}

/** What a run must have counted, from the rows that it left. */
async function countsOf(asOf: string, before: string | undefined) {
  const { risks = [], scoreChanges = [] } = await county.rows('risks', 'scoreChanges')
  const inOrder = scoreChanges.sort((a, b) => (a.asOf < b.asOf ? -1 : 1))
  const byLevel = { red: 0, orange: 0, yellow: 0, blue: 0, none: 0 }
  for (const { level } of risks) byLevel[level as keyof typeof byLevel] += 1
  const scoreOn = (contractId: string, day: string) => {
    const last = inOrder.findLast((row) => row.contractId === contractId && row.asOf <= day)
    return JSON.stringify(last ? [last.score, last.points] : [0, {}])
  }
  const changed = risks.filter(
    ({ contractId }) =>
      before !== undefined && scoreOn(contractId, asOf) !== scoreOn(contractId, before),
  ).length
  return { contracts: risks.length, scored: risks.length, changed, byLevel }
}

async function nightOf(asOf: string, before: string | undefined): Promise<Run> {
  const run = await county.nights.run(asOf)
  expect([run.asOf, run.failures]).toEqual([asOf, []])
  expect(run.counts, asOf).toMatchObject(await countsOf(asOf, before))
  const differences: unknown[] = []
  await verifyCounty(county.db.read, (one) => void differences.push(one))
  expect(differences, asOf).toEqual([])
  return run
}

it('each night of two years leaves what computing everything anew comes to', async () => {
  await recordFirst()
  let before: string | undefined
  let no = 0
  for (let day: string = FIRST; day <= LAST; day = addDays(day, 1)) {
    no += 1
    county.clockOf.goTo(day)
    await recordOn(day)
    if (day === '2026-05-20') await county.put('/policies/2026-2', STRICTER)
    // Some nights are missed and made up for, some days are run twice, or long after.
    if (no % 40 === 20) continue
    if (no % 40 === 21) before = addDays(day, -1)
    const run = await nightOf(day, before)
    if (no % 30 === 10) {
      await recordOn(day)
      await nightOf(day, before)
    }
    if (no % 90 === 80) {
      await county.nights.run(addDays(day, -7))
      await nightOf(day, before)
    }
    const loud = await loudOperators(county.db.read, addDays(day, 1), run, undefined)
    seen.loud += loud.length
    seen.quiet += (ids['operators'] ?? []).length - loud.length
    before = day
  }
  expect(seen.recorded).toBeGreaterThan(150)
  expect(seen.loud).toBeGreaterThan(no / 8)
  expect(seen.quiet).toBeGreaterThan(no * (OPERATORS / 2))
}, 600_000)
