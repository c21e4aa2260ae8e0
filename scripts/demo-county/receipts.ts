import { addDays, type Day, daysBetween } from '../../src/domain/calendar-day.ts'
import type { Instalment } from '../../src/domain/contract-terms.ts'
import { AS_OF, type DrawnTerms, type PlannedContract, type Receipt } from './county-model.ts'
import type { Random } from './random.ts'

const HUNDRED_YUAN = 10_000
const WORTH_SPLITTING = 200_000

/**
 * Money received on a contract: `unpaidFen` of each instalment that is overdue stays unpaid,
 * instalments after the first unpaid one are paid by designation. In order of `paidOn`.
 */
export function drawReceipts(
  random: Random,
  plan: PlannedContract,
  terms: DrawnTerms,
  schedule: readonly Instalment[],
  unpaidFen: readonly number[],
): Receipt[] {
  const prompt = random.chance(70)
  const firstGap = unpaidFen.findIndex((fen) => fen > 0)
  const receipts = schedule.flatMap((instalment, at) => {
    const unpaid = unpaidFen[at] ?? 0
    const paidFen = instalment.amountFen - unpaid
    const soonDue = plan.owed === 'none' && prompt && instalment.dueOn < addDays(AS_OF, 20)
    if (paidFen === 0 || (instalment.dueOn >= AS_OF && !soonDue)) return []
    const designated = (firstGap >= 0 && at > firstGap) || random.chance(1.5)
    return paymentsOf(random, terms.startOn, instalment, paidFen, prompt).map((receipt) => ({
      ...receipt,
      ...(designated && { designatedDueOn: instalment.dueOn }),
    }))
  })
  const ahead = plan.owed === 'none' ? paidAhead(random, terms, schedule) : []
  return [...receipts, ...ahead].sort((a, b) => (a.paidOn < b.paidOn ? -1 : +(a.paidOn > b.paidOn)))
}

/** One instalment's money: at once or in two parts, about the due day or late. */
function paymentsOf(
  random: Random,
  startOn: Day,
  { dueOn, amountFen }: Instalment,
  paidFen: number,
  prompt: boolean,
): Receipt[] {
  const isPart = paidFen < amountFen
  const days = isPart
    ? random.between(20, 240)
    : prompt
      ? random.between(-24, 12)
      : random.between(-6, random.chance(25) ? 140 : 40)
  const paidOn = happened(random, dueOn, addDays(dueOn, days), startOn)
  if (paidOn === undefined) return []
  const note = isPart ? '只付了部分' : random.chance(1) ? '村集体垫付' : undefined
  if (paidFen < WORTH_SPLITTING || !random.chance(14)) return [{ amountFen: paidFen, paidOn, note }]
  const firstFen =
    Math.round((paidFen * random.between(35, 70)) / 100 / HUNDRED_YUAN) * HUNDRED_YUAN
  const laterOn = happened(random, dueOn, addDays(paidOn, random.between(6, 50)), startOn) ?? paidOn
  return [
    { amountFen: firstFen, paidOn, note: note ?? '分两次支付' },
    { amountFen: paidFen - firstFen, paidOn: laterOn < paidOn ? paidOn : laterOn, note },
  ]
}

/** A day not after AS_OF; undefined for what is due later and not paid yet. */
function happened(random: Random, dueOn: Day, day: Day, startOn: Day): Day | undefined {
  const earliest = addDays(startOn, -10)
  if (day < earliest) return earliest
  if (day <= AS_OF) return day
  if (dueOn >= AS_OF) return undefined
  return addDays(AS_OF, -random.between(0, Math.min(20, daysBetween(dueOn, AS_OF))))
}

/** Rent for instalments not yet due, or left over where the contract has ended. */
function paidAhead(
  random: Random,
  { endedOn }: DrawnTerms,
  schedule: readonly Instalment[],
): Receipt[] {
  const last = schedule.at(-1)
  if (endedOn && last && last.amountFen > 0 && random.chance(6)) {
    const amountFen = Math.ceil(last.amountFen / 2)
    return [{ amountFen, paidOn: addDays(endedOn, -random.between(5, 60)), note: '终止前已预付' }]
  }
  const next = schedule.filter(({ dueOn }) => dueOn > addDays(AS_OF, 20)).slice(0, 2)
  if (next.length === 0 || endedOn || !random.chance(8)) return []
  const count = random.chance(80) ? 1 : next.length
  return next.slice(0, count).flatMap(({ amountFen }) => {
    const part = random.chance(30)
      ? Math.floor(amountFen / 2 / HUNDRED_YUAN) * HUNDRED_YUAN
      : amountFen
    const paidOn = addDays(AS_OF, -random.between(0, 110))
    return part > 0 ? [{ amountFen: part, paidOn, note: '预付租金' }] : []
  })
}

/** Some receipts were entered wrongly, some twice; some money in arrears bounced. */
export function withReversals(
  random: Random,
  { owed }: PlannedContract,
  receipts: readonly Receipt[],
  schedule: readonly Instalment[],
): Receipt[] {
  const entered = receipts.flatMap((receipt) => enteredWrongly(random, receipt))
  const bounced = schedule.findLast(({ dueOn }) => dueOn < addDays(AS_OF, -40))
  if (owed === 'none' || owed === 'partial' || !bounced || !random.chance(9)) return entered
  const paidOn = addDays(bounced.dueOn, random.between(10, 38))
  const returned = { amountFen: bounced.amountFen, paidOn, reversal: '转账退票,款项未到账' }
  return [...entered, returned].sort((a, b) => (a.paidOn < b.paidOn ? -1 : +(a.paidOn > b.paidOn)))
}

function enteredWrongly(random: Random, receipt: Receipt): Receipt[] {
  if (!random.chance(0.5)) return [receipt]
  if (random.chance(40)) return [receipt, { ...receipt, reversal: '重复登记' }]
  const amountFen = random.chance(60)
    ? receipt.amountFen * 10
    : receipt.amountFen + 90 * HUNDRED_YUAN
  return [
    { ...receipt, amountFen, reversal: '金额录入有误' },
    { ...receipt, reentered: true },
  ]
}
