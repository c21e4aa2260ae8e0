/** Terms that have no schedule, or that would strand a payment, are refused; nothing changes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contractBody, openTestCounty, type TestCounty } from '../support/test-county.ts'

/** Due on the last of December, with a payment that names 2024's. */
let county: TestCounty
const ids: Record<string, string> = {}
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  const operator = (await county.operator()).id
  const designated = { amountFen: 100, paidOn: '2025-01-05', designatedDueOn: '2024-12-31' }
  const contract = (await county.contract(operator)).id
  await county.record(`/contracts/${contract}/payments`, designated)
  const amended = (await county.contract(operator)).id
  const amendments = `/contracts/${amended}/amendments`
  const { id: amendment } = await county.record(amendments, amending({ rent: IN_JUNE }))
  const inJune = { ...designated, designatedDueOn: '2024-06-30' }
  await county.record(`/contracts/${amended}/payments`, inJune)
  const halfYearly = (await county.contract(operator)).id
  const twice = { ...IN_DECEMBER, frequency: 'semiannual' }
  const { id: first } = await county.record(
    `/contracts/${halfYearly}/amendments`,
    amending({ rent: twice }),
  )
  const within = { effectiveOn: '2024-07-01', reason: '再改', rent: twice }
  await county.record(`/contracts/${halfYearly}/amendments`, within)
  const ended = (await county.contract(operator)).id
  const ending = { endedOn: '2023-06-30', reason: '退地' }
  const { id: end } = await county.record(`/contracts/${ended}/end`, ending)
  const once = { ...IN_DECEMBER, frequency: 'once' }
  const paidOnce = (await county.contract(operator, { rent: once })).id
  Object.assign(ids, { operator, contract, amendment, first, ended, end, paidOnce })
})
afterAll(() => county.close())

const IN_DECEMBER = { lines: [{ areaMu: 10, fenPerMu: 50_000 }], firstDueOn: '2024-12-31' }
const IN_JUNE = { ...IN_DECEMBER, firstDueOn: '2024-06-30' }
const amending = (over: object) => ({ effectiveOn: '2024-01-01', reason: '协商', ...over })
const correcting = (fact: object) => ({ reason: '更正', fact })
const corrected = (over: object) => correcting(contractBody('$operator', over))

/** What, where it is posted, its body with `$names` for ids, the code and field of the refusal. */
it.each<[string, string, object, string]>([
  [
    'a term that ends before it starts',
    '/contracts',
    contractBody('$operator', { endOn: '2019-12-31' }),
    'end-before-start endOn',
  ],
  ['an amendment of nothing', '/contracts/$contract/amendments', amending({}), 'nothing-amended'],
  [
    'another frequency within a rent year',
    '/contracts/$contract/amendments',
    amending({ effectiveOn: '2024-02-01', rent: { ...IN_DECEMBER, frequency: 'monthly' } }),
    'frequency-change-within-rent-year effectiveOn',
  ],
  [
    'an amendment to be paid once',
    '/contracts/$contract/amendments',
    amending({ rent: { ...IN_DECEMBER, frequency: 'once' } }),
    'once-not-amendable rent.frequency',
  ],
  [
    'another rent for a contract paid once',
    '/contracts/$paidOnce/amendments',
    amending({ rent: IN_DECEMBER }),
    'once-not-amendable',
  ],
  [
    'another end for a contract paid once',
    '/contracts/$paidOnce/amendments',
    amending({ endOn: '2031-12-31' }),
    'once-not-amendable',
  ],
  [
    'an amended end before the start',
    '/contracts/$contract/amendments',
    amending({ endOn: '2019-12-31' }),
    'end-before-start endOn',
  ],
  [
    'an end before the start',
    '/contracts/$contract/end',
    { endedOn: '2019-12-31', reason: '退地' },
    'end-before-start endedOn',
  ],
  [
    'an end corrected to before the start',
    '/ends/$end/correction',
    correcting({ endedOn: '2019-12-31', reason: '退地' }),
    'end-before-start endedOn',
  ],
  [
    'a start corrected to after the end',
    '/contracts/$ended/correction',
    corrected({ startOn: '2024-01-01' }),
    'end-before-start',
  ],
  [
    'another due day than a payment names',
    '/contracts/$contract/amendments',
    amending({ rent: { ...IN_DECEMBER, firstDueOn: '2024-11-30' } }),
    'payments-stranded designatedDueOn',
  ],
  [
    'a shorter term than a payment names',
    '/contracts/$contract/amendments',
    amending({ endOn: '2023-12-31' }),
    'payments-stranded designatedDueOn',
  ],
  [
    'a correction to another due day than a payment names',
    '/contracts/$contract/correction',
    corrected({ rent: { ...IN_DECEMBER, firstDueOn: '2020-11-30' } }),
    'payments-stranded designatedDueOn',
  ],
  [
    'an amendment corrected to another due day than a payment names',
    '/amendments/$amendment/correction',
    correcting(amending({ rent: { ...IN_JUNE, firstDueOn: '2024-07-01' } })),
    'payments-stranded designatedDueOn',
  ],
  [
    'an amendment withdrawn that made the due day which a payment names',
    '/amendments/$amendment/withdrawal',
    { reason: '撤销' },
    'payments-stranded designatedDueOn',
  ],
  [
    'an amendment withdrawn that a later one builds on',
    '/amendments/$first/withdrawal',
    { reason: '撤销' },
    'frequency-change-within-rent-year',
  ],
])('%s', async (_what, path, body, refusal) => {
  const spelled = (text: string) => text.replace(/\$(\w+)/g, (_, name: string) => ids[name] ?? '')
  const before = await county.rows()
  const sent = JSON.parse(spelled(JSON.stringify(body)))
  const reply = await county.send('POST', spelled(path), sent)
  const [code, field] = refusal.split(' ')
  expect([reply.status, reply.body.code]).toEqual([422, code])
  if (field) expect(reply.body.errors).toMatchObject([{ field }])
  expect(await county.rows()).toEqual(before)
})
