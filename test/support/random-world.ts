/**
 * Random counties: a list of API steps that a seed makes. A step names earlier facts by `$kind-n`; the
 * one who sends it puts their ids in. While it throws, the generator keeps a world of its own, so that
 * payments can name real due days and a step is known to be one that must be refused.
 */
import { addDays, oracleSchedule, termOf } from './oracle-schedule.ts'
import type { Fact, FactKind, World } from './oracle-world.ts'
import { factsOf, findContract, paymentsOf, subsidiesOf } from './oracle-world.ts'
import {
  amendmentBody,
  conditionBody,
  contractAgain,
  paymentBody,
  petitionBody,
  planBody,
  planPaymentBody,
  plansOn,
  stageBody,
  subsidyBody,
} from './random-facts.ts'
import { contractTerms, diceOf, GRAINS, VILLAGES } from './random-terms.ts'

/** `maybe`: the text leaves room to refuse it, or it stands on a step that may have been refused. */
type Expectation = 'accepted' | 'maybe' | 'refused'

export type Step = {
  /** The instant to send it at. */
  at: string
  kind: FactKind
  name: string
  about?: string
  method: 'POST' | 'PUT'
  path: string
  body: Record<string, unknown>
  expect: Expectation
  idempotencyKey?: string
}

/** The names of earlier steps in a path or a body. */
export const STEP_NAME = /\$[a-zA-Z]+-\d+/g

const CORRECTABLE = {
  operator: 'operators',
  condition: 'conditions',
  contract: 'contracts',
  subsidy: 'subsidies',
  disbursement: 'disbursements',
  petition: 'petitions',
  screening: 'screenings',
  plan: 'plans',
} as const

/** The day in Asia/Shanghai, eight hours ahead, without summer time in these years. */
export function shanghaiDay(instantMs: number): string {
  return new Date(instantMs + 8 * 3_600_000).toISOString().slice(0, 10)
}

/** The fact that a step records once it is accepted; the names in it are already ids. */
export function factOf(step: Step, id: string, recordedAt: string): Fact {
  let data: object = step.body
  if (step.kind === 'grainPrice') {
    const [, , grain, effectiveOn] = step.path.split('/')
    data = { ...step.body, grain, effectiveOn }
  }
  const about = step.about === undefined ? {} : { about: step.about }
  return { kind: step.kind, id, recordedAt, data, ...about } as Fact
}

/** How many payments name a due day of no instalment (any more). */
function lapsedDesignations(world: World, contractId: string): number {
  const dueDays = oracleSchedule(world, contractId).map((instalment) => instalment.dueOn)
  return paymentsOf(world, contractId).filter(
    ({ data }) => data.designatedDueOn !== undefined && !dueDays.includes(data.designatedDueOn),
  ).length
}

export function randomWorld(seed: number, contracts = 25, actions = 260): Step[] {
  const dice = diceOf(seed)
  const model: World = { facts: [] }
  const doubtful = new Set<string>()
  const steps: Step[] = []
  let clock = Date.parse('2025-03-03T01:00:00Z')
  const today = () => shanghaiDay(clock)

  function add(
    kind: FactKind,
    path: string,
    body: object,
    options: { about?: string; expect?: Expectation } = {},
  ): Step {
    clock += dice.int(1, 48) * 600_000
    const { about, expect: wanted = 'accepted' } = options
    const named = `${path} ${JSON.stringify(body)}`.match(STEP_NAME) ?? []
    const isDoubtful = named.some((name) => doubtful.has(name))
    const expect = isDoubtful && wanted === 'accepted' ? 'maybe' : wanted
    const method = kind === 'region' || kind === 'grainPrice' ? 'PUT' : 'POST'
    const hasKey = dice.chance(0.05) && method === 'POST' && expect === 'accepted'
    const step: Step = {
      at: new Date(clock).toISOString(),
      kind,
      name: `$${kind}-${steps.length}`,
      ...(about !== undefined && { about }),
      method,
      path,
      body: { ...body },
      expect,
      ...(hasKey && { idempotencyKey: `seed-${seed}-step-${steps.length}` }),
    }
    steps.push(step)
    if (expect === 'maybe') doubtful.add(step.name).add(about ?? step.name)
    if (expect !== 'refused') model.facts.push(factOf(step, step.name, step.at))
    return step
  }

  /** What a fact may come to that could strand a payment's designation. */
  function lapsedBy(kind: 'amendment' | 'correction', contractId: string, data: object) {
    const before = lapsedDesignations(model, contractId)
    const trial = { kind, id: '$trial', about: contractId, recordedAt: '9999', data } as Fact
    const after = lapsedDesignations({ facts: [...model.facts, trial] }, contractId)
    return { isStranding: after > before, hadLapsed: before > 0 }
  }

  function addContract(operatorId: string) {
    add('contract', '/contracts', contractTerms(dice, operatorId, steps.length))
  }

  function addPrice() {
    const effectiveOn = `${dice.int(2014, 2025)}-${dice.pick(['01-01', '02-28', '08-01'])}`
    const fenPer50kg = dice.pick([12_400, 12_700, 12_900, 13_135])
    const path = `/grain-prices/${dice.pick(GRAINS.slice(0, 2))}/${effectiveOn}`
    add('grainPrice', path, { fenPer50kg, source: '发改委公告' })
  }

  function addPayment(isDesignated: boolean) {
    const { id } = dice.pick(factsOf(model, 'contract'))
    const body = paymentBody(dice, model, id, today(), isDesignated)
    add('payment', `/contracts/${id}/payments`, body, { about: id })
  }

  function addReversal() {
    const contract = dice.pick(factsOf(model, 'contract'))
    const payment = dice.pickAny(paymentsOf(model, contract.id))
    if (payment === undefined) return
    const path = `/payments/${payment.id}/reversal`
    const first = add('reversal', path, { reason: '记错账户' }, { about: payment.id })
    if (first.expect === 'maybe' || dice.chance(0.8)) return
    add('reversal', path, { reason: '又一次' }, { about: payment.id, expect: 'refused' })
  }

  function addAmendment() {
    const { id } = dice.pick(factsOf(model, 'contract'))
    const isEnded = factsOf(model, 'end').some((end) => end.about === id)
    const amendment = isEnded ? undefined : amendmentBody(dice, model, id, today())
    if (amendment === undefined) return
    const { body, isWrong, isOpen } = amendment
    let expect: Expectation = isOpen || body.effectiveOn > today() ? 'maybe' : 'accepted'
    if (isWrong) {
      if (doubtful.has(id)) return
      expect = 'refused'
    } else {
      const { isStranding, hadLapsed } = lapsedBy('amendment', id, body)
      if (hadLapsed) expect = 'maybe'
      else if (isStranding) expect = doubtful.has(id) ? 'maybe' : 'refused'
    }
    add('amendment', `/contracts/${id}/amendments`, body, { about: id, expect })
  }

  function addEnd() {
    const { id } = dice.pick(factsOf(model, 'contract'))
    const { startOn, endOn } = termOf(model, id)
    if (factsOf(model, 'end').some((end) => end.about === id)) return
    const endedOn = dice.pick([addDays(startOn, -1), startOn, ...days(5, startOn, endOn)])
    let expect: Expectation = endedOn > today() ? 'maybe' : 'accepted'
    if (endedOn < startOn) expect = 'refused'
    add('end', `/contracts/${id}/end`, { endedOn, reason: '退地' }, { about: id, expect })
  }

  function days(count: number, from: string, to: string): string[] {
    return Array.from({ length: count }, () => dice.day(from, to))
  }

  function hasDisbursements(subsidyId: string): boolean {
    return factsOf(model, 'disbursement').some((paid) => paid.about === subsidyId)
  }

  function addStage() {
    const subsidy = dice.pickAny(subsidiesOf(model))
    if (subsidy === undefined) return
    const body = stageBody(dice, today(), !hasDisbursements(subsidy.id))
    add('stage', `/subsidies/${subsidy.id}/stages`, body, { about: subsidy.id })
  }

  function addDisbursement() {
    const subsidy = dice.pickAny(subsidiesOf(model))
    if (subsidy === undefined) return
    let left = subsidy.data.amountFen
    for (const paid of factsOf(model, 'disbursement')) {
      if (paid.about === subsidy.id) left -= paid.data.amountFen
    }
    if (left <= 0) return
    const amountFen = dice.chance(0.3) ? left : dice.int(1, left)
    const body = { amountFen, paidOn: dice.day('2022-01-01', today()) }
    add('disbursement', `/subsidies/${subsidy.id}/disbursements`, body, { about: subsidy.id })
  }

  function addSubsidy() {
    const { id } = dice.pick(factsOf(model, 'operator'))
    add('subsidy', '/subsidies', subsidyBody(dice, model, id))
  }

  function addCondition() {
    const { id } = dice.pick(factsOf(model, 'operator'))
    add('condition', `/operators/${id}/conditions`, conditionBody(dice, today()), { about: id })
  }

  function addScreening() {
    const { id } = dice.pick(factsOf(model, 'contract'))
    const body = { visitedOn: dice.day('2024-01-01', today()), findings: ['no_problem'] }
    add('screening', `/contracts/${id}/screenings`, body, { about: id })
  }

  function addPlan() {
    const { id } = dice.pick(factsOf(model, 'contract'))
    const earlier = dice.pickAny(factsOf(model, 'plan'))
    const contractId = earlier !== undefined && dice.chance(0.5) ? earlier.about : id
    if (!hasContract(contractId)) return
    const body = planBody(dice, model, contractId, today())
    add('plan', `/contracts/${contractId}/repayment-plans`, body, { about: contractId })
    if (dice.chance(0.7)) addPlanPayment(plansOn(model, contractId).at(-1))
  }

  function addPlanPayment(plan = dice.pickAny(factsOf(model, 'plan'))) {
    if (plan === undefined || !hasContract(plan.about)) return
    const body = planPaymentBody(dice, plan.data, today())
    add('payment', `/contracts/${plan.about}/payments`, body, { about: plan.about })
  }

  const hasContract = (id: string) => findContract(model, id) !== undefined

  function addCorrection() {
    const kind = dice.pick(Object.keys(CORRECTABLE) as (keyof typeof CORRECTABLE)[])
    const counted = dice.pickAny(factsOf(model, kind))
    if (counted === undefined) return
    const { id } = counted
    let fact: object = { ...counted.data }
    let expect: Expectation = 'accepted'
    if (kind === 'operator') fact = { name: `更名${steps.length}`, kind: 'company' }
    if (kind === 'condition') fact = conditionBody(dice, today())
    if (kind === 'petition') fact = petitionBody(dice, model, today())
    if (kind === 'screening') fact = { visitedOn: today(), findings: ['land_abandoned'] }
    if (kind === 'plan') fact = planBody(dice, model, counted.about, today())
    if (kind === 'disbursement') fact = { ...fact, paidOn: dice.day('2022-01-01', today()) }
    if (kind === 'subsidy' && 'operatorId' in fact) {
      fact = subsidyBody(dice, model, String(fact.operatorId))
      if (hasDisbursements(id)) fact = { ...fact, amountFen: 9_000_000 }
    }
    if (kind === 'contract') {
      const again = contractAgain(dice, model, id)
      const isMoved = 'operatorId' in fact && again.operatorId !== fact.operatorId
      fact = again
      const { isStranding } = lapsedBy('correction', id, { fact })
      if (isStranding || isMoved) expect = 'maybe'
    }
    const path = `/${CORRECTABLE[kind]}/${id}/correction`
    add('correction', path, { reason: '更正', fact }, { about: id, expect })
  }

  function addWithdrawal() {
    const kinds = ['condition', 'contract', 'subsidy', 'disbursement', 'petition', 'plan'] as const
    const kind = dice.pick(kinds)
    const counted = dice.pickAny(factsOf(model, kind))
    if (counted === undefined) return
    const { id } = counted
    const isNamed = model.facts.some(
      ({ about, data }) => about === id || ('contractId' in data && data.contractId === id),
    )
    const isUsed = isNamed && (kind === 'contract' || kind === 'subsidy')
    add(
      'withdrawal',
      `/${CORRECTABLE[kind]}/${id}/withdrawal`,
      { reason: '重复登记' },
      { about: id, expect: isUsed ? 'maybe' : 'accepted' },
    )
  }

  function addRefusals() {
    const { id } = dice.pick(factsOf(model, 'contract'))
    const path = `/contracts/${id}/payments`
    const refused = { about: id, expect: 'refused' as const }
    const designatedDueOn = '1999-09-09'
    add('payment', path, { amountFen: 0, paidOn: '2024-01-01' }, refused)
    add('payment', path, { amountFen: 100, paidOn: addDays(today(), 2) }, refused)
    add('payment', path, { amountFen: 9, paidOn: '2024-01-01', designatedDueOn }, refused)
    const planPath = `/contracts/${id}/repayment-plans`
    const plan = planBody(dice, model, id, today())
    const due = { dueOn: today(), amountFen: 5 }
    add('plan', planPath, { ...plan, instalments: [] }, refused)
    add('plan', planPath, { ...plan, instalments: [due, { ...due, amountFen: 0 }] }, refused)
    const early = { dueOn: addDays(plan.agreedOn, -1), amountFen: 5 }
    add('plan', planPath, { ...plan, instalments: [due, early] }, refused)
  }

  const mixed: [number, () => void][] = [
    [34, () => addPayment(false)],
    [14, () => addPayment(true)],
    [5, addReversal],
    [11, addAmendment],
    [3, addEnd],
    [7, addSubsidy],
    [5, addStage],
    [5, addDisbursement],
    [6, () => add('petition', '/petitions', petitionBody(dice, model, today()))],
    [7, addCondition],
    [14, addPlan],
    [7, () => addPlanPayment()],
    [2, addScreening],
    [3, addPrice],
    [10, addCorrection],
    [4, addWithdrawal],
    [1, addRefusals],
  ]
  const bag = mixed.flatMap(([weight, action]) => Array<() => void>(weight).fill(action))

  const regions = new Map([['519901', '丘陵县']])
  for (const code of VILLAGES) regions.set(code.slice(0, 9), '镇').set(code, '村')
  for (const [code, name] of [...regions].sort()) add('region', `/regions/${code}`, { name })
  for (let i = 0; i < 5; i++) addPrice()
  for (let made = 0; made < contracts; ) {
    const kind = dice.pick(['company', 'cooperative', 'family_farm', 'individual', 'other'])
    const operator = add('operator', '/operators', { name: `业主${steps.length}`, kind })
    const own = Math.min(dice.int(1, 4), contracts - made)
    for (let i = 0; i < own; i++) addContract(operator.name)
    made += own
  }
  for (let i = 0; i < actions; i++) dice.pick(bag)()
  return steps
}
