/** Bodies of random facts about what a world already holds. `today` is the day they are sent on. */
import { addDays, addMonths, oracleSchedule, rentOn, termOf } from './oracle-schedule.ts'
import type { ContractData, Counted, Frequency, PlanData, World } from './oracle-world.ts'
import { factsOf, getContract, paymentsOf } from './oracle-world.ts'
import type { Dice } from './random-terms.ts'
import { firstDueDay, frequencyAtRandom, rentTerms, VILLAGES } from './random-terms.ts'

type Body = Record<string, unknown>

// domain.md names no values for `stage`; the ledger's column 所处环节 has these.
const STAGES = ['申报', '批复', '验收', '公示', '拨付']
const CONDITIONS = ['unreachable', 'funds_broken', 'ceased', 'deregistered', 'mismanaged']

export function paymentBody(
  dice: Dice,
  world: World,
  contractId: string,
  today: string,
  isDesignated: boolean,
): Body {
  const instalments = oracleSchedule(world, contractId)
  const due = dice.pickAny(instalments.filter((i) => i.amountFen > 0n))
  const amounts = [1, 777, 50_000, dice.int(1, 5_000_000)]
  if (due !== undefined) {
    const fen = Number(due.amountFen)
    let dueSoFar = 0
    for (const i of instalments) if (i.dueOn <= today) dueSoFar += Number(i.amountFen)
    amounts.push(fen, fen, fen - 1, fen + 1, 2 * fen + 3, Math.ceil(fen / 3), dueSoFar)
  }
  const { startOn } = getContract(world, contractId)
  const days = [dice.day('2015-01-01', today), dice.day(startOn, today)]
  const earlier = dice.pickAny(paymentsOf(world, contractId))
  if (earlier !== undefined) days.push(earlier.data.paidOn, earlier.data.paidOn)
  if (due !== undefined) days.push(due.dueOn, addDays(due.dueOn, 1), addDays(due.dueOn, -1))
  const paidOn = dice.pick(days)
  const named = isDesignated ? dice.pickAny(instalments) : undefined
  return {
    amountFen: Math.max(1, dice.pick(amounts)),
    paidOn: paidOn > today ? today : paidOn,
    ...(dice.chance(0.5) && { receiptNo: `R${dice.int(1, 1e9)}` }),
    ...(named !== undefined && { designatedDueOn: named.dueOn }),
    ...(dice.chance(0.2) && { method: '转账' }),
  }
}

/** An amendment of the end, of the rent, or (`isWrong`) one that a rule must refuse. */
export function amendmentBody(dice: Dice, world: World, contractId: string, today: string) {
  const { contract, amendments, startOn, endOn } = termOf(world, contractId)
  const last = amendments.at(-1)?.effectiveOn ?? startOn
  const isOnce = contract.rent.frequency === 'once'
  const until = endOn > today && dice.chance(0.9) ? today : endOn
  if (dice.chance(0.35)) {
    const effectiveOn = dice.day(startOn, until)
    const to = dice.pick([addDays(endOn, dice.int(1, 800)), dice.day(effectiveOn, endOn)])
    return { body: { effectiveOn, reason: '变更期限', endOn: to }, isWrong: false, isOpen: isOnce }
  }

  const yearStart = addMonths(startOn, 12 * dice.int(0, 10))
  const isYearStart = dice.chance(0.3) && yearStart > last && yearStart <= until
  const effectiveOn = isYearStart ? yearStart : dice.day(startOn, until)
  const frequencyOf = (rent: { frequency?: Frequency }) => rent.frequency ?? 'annual'
  const present = frequencyOf(rentOn(world, contractId, effectiveOn))
  const another = isYearStart || dice.chance(0.07) ? frequencyAtRandom(dice) : present
  const rents = amendments.flatMap((amendment) => amendment.rent ?? [])
  const hasChanged = rents.some((rent) => frequencyOf(rent) !== frequencyOf(contract.rent))
  // Once another frequency came in, what is recorded later also takes effect later.
  if (hasChanged && effectiveOn <= last) return undefined

  const rent = rentTerms(dice, another)
  const first = oracleSchedule(world, contractId).find((i) => i.periodStart >= effectiveOn)
  const due = dice.chance(0.6) ? first?.dueOn : firstDueDay(dice, first?.periodStart ?? startOn)
  if (due !== undefined) rent.firstDueOn = due
  const rentYearStarts = Array.from({ length: 40 }, (_, year) => addMonths(startOn, 12 * year))
  const isMisplaced = frequencyOf(rent) !== present && !rentYearStarts.includes(effectiveOn)
  return {
    body: { effectiveOn, reason: '租金调整', rent },
    isWrong: isOnce || frequencyOf(rent) === 'once' || isMisplaced,
    isOpen: first === undefined,
  }
}

export function subsidyBody(dice: Dice, world: World, operatorId: string): Body {
  const own = factsOf(world, 'contract').filter((one) => one.data.operatorId === operatorId)
  const named = dice.chance(0.5) ? dice.pickAny(own) : undefined
  return {
    operatorId,
    programme: '稻渔综合种养项目',
    year: dice.int(2018, 2025),
    standing: dice.pick(['recognised', 'recognised', 'claimed']),
    amountFen: dice.int(1, 9_000_000),
    ...(named !== undefined && { contractId: named.id }),
    ...(dice.chance(0.85) && { payableOn: dice.day('2022-01-01', '2025-08-31') }),
  }
}

export function stageBody(dice: Dice, today: string, mayChangeAmount: boolean): Body {
  return {
    stage: dice.pick(STAGES),
    occurredOn: dice.day('2022-01-01', today),
    ...(dice.chance(0.3) && { standing: dice.pick(['recognised', 'claimed']) }),
    ...(dice.chance(0.4) && { payableOn: dice.day('2022-01-01', '2025-08-31') }),
    ...(mayChangeAmount && dice.chance(0.3) && { amountFen: dice.int(1, 9_000_000) }),
  }
}

export function petitionBody(dice: Dice, world: World, today: string): Body {
  const contract = dice.pick(factsOf(world, 'contract'))
  const names = dice.pick(['contract', 'operator', 'both', 'neither'])
  return {
    villageCode: contract.data.villageCode,
    occurredOn: dice.day(dice.chance(0.5) ? '2024-01-01' : '2018-01-01', today),
    channel: dice.pick(['visit', 'letter', 'phone', 'online', 'hotline']),
    people: dice.pick([1, 2, 4, 5, 30]),
    ...((names === 'contract' || names === 'both') && { contractId: contract.id }),
    ...((names === 'operator' || names === 'both') && { operatorId: contract.data.operatorId }),
    ...(dice.chance(0.4) && { repeat: dice.chance(0.7) }),
  }
}

export function conditionBody(dice: Dice, today: string): Body {
  return {
    condition: dice.chance(0.3) ? 'recovered' : dice.pick(CONDITIONS),
    observedOn: dice.day(dice.chance(0.5) ? '2024-06-01' : '2018-01-01', today),
    source: '镇摸排组',
  }
}

/** Often agreed on the day of an earlier one, and of a size that payments may or may not reach. */
export function planBody(dice: Dice, world: World, contractId: string, today: string): PlanData {
  const earlier = dice.pickAny(plansOn(world, contractId))
  const paid = dice.pickAny(paymentsOf(world, contractId))
  const days = [dice.day('2023-06-01', today), dice.day('2024-11-01', today)]
  if (earlier !== undefined) {
    const lastOn = earlier.data.instalments.at(-1)?.dueOn ?? today
    days.push(earlier.data.agreedOn, addDays(lastOn, dice.int(4, 7)))
  }
  if (paid !== undefined) days.push(addDays(paid.data.paidOn, dice.int(-9, 1)))
  const day = dice.pick(days)
  const agreedOn = day > today ? today : day
  const instalments = Array.from({ length: dice.int(1, 4) }, () => ({
    dueOn: addDays(agreedOn, dice.pick([0, 1, 30, dice.int(0, 250)])),
    amountFen: dice.pick([1, dice.int(1, 300_000), paid?.data.amountFen ?? 1]),
  }))
  return { agreedOn, instalments, evidence: '还款协议' }
}

/** A payment that keeps a plan, or misses it by a fen or a day. */
export function planPaymentBody(dice: Dice, plan: PlanData, today: string): Body {
  const { dueOn } = dice.pick(plan.instalments)
  let sumFen = 0
  for (const one of plan.instalments) if (one.dueOn <= dueOn) sumFen += one.amountFen
  const paidOn = dice.pick([plan.agreedOn, dueOn, dueOn, addDays(dueOn, dice.int(4, 6))])
  return {
    amountFen: Math.max(1, dice.pick([sumFen, sumFen, sumFen - 1])),
    paidOn: paidOn > today ? today : paidOn,
  }
}

/** The repayment plans of a contract. */
export function plansOn(world: World, contractId: string): Counted<'plan'>[] {
  return factsOf(world, 'plan').filter((plan) => plan.about === contractId)
}

/** The whole contract with one thing put right. */
export function contractAgain(dice: Dice, world: World, contractId: string): ContractData {
  const fact = structuredClone(getContract(world, contractId))
  const line = fact.rent.lines[0]
  const what = dice.int(0, 6)
  if (what === 0) fact.lessor.households = dice.int(1, 150)
  if (what === 1 && line !== undefined) line.areaMu = dice.int(1, 40_000) / 100
  if (what === 2) fact.endOn = addDays(fact.endOn, dice.int(0, 400))
  if (what === 3) fact.riskDepositFen = dice.int(0, 4_000_000)
  if (what === 4) fact.villageCode = dice.pick(VILLAGES)
  if (what === 5) fact.landUse = dice.pick(['late_citrus', 'rice_fish'])
  if (what === 6) fact.operatorId = dice.pick(factsOf(world, 'operator')).id
  return fact
}
