import { addDays, type Day, daysBetween } from '../../src/domain/calendar-day.ts'
import { AS_OF } from './county-model.ts'
import type { Draft } from './county-tables.ts'
import type { Random } from './random.ts'

export type Fate = 'late' | 'partly paid' | 'not yet due' | 'paid' | 'no day'

export interface Paid {
  fate: Fate
  standing: 'recognised' | 'claimed'
  amountFen: number
  acceptedOn: Day
  payableOn: Day | undefined
}

interface Progress {
  stages: Draft<'subsidy-stages'>[]
  disbursements: Draft<'disbursements'>[]
}

/** How a subsidy moved on after it was written down, and what of it reached the operator. */
export function progressRows(random: Random, subsidy: string, paid: Paid): Progress {
  const disbursements = disbursementsOf(random, paid).map((row) => ({ subsidy, ...row }))
  const stages = stagesOf(random, paid).map((row) => ({ subsidy, ...row }))
  const last = disbursements.at(-1)
  if (last && paid.fate === 'paid' && random.chance(70))
    stages.push({ subsidy, stage: '拨付', occurredOn: last.paidOn })
  return { stages, disbursements }
}

function disbursementsOf(
  random: Random,
  { fate, amountFen, payableOn }: Paid,
): { amountFen: number; paidOn: Day }[] {
  if (fate === 'not yet due' && payableOn && random.chance(25)) {
    const early = Math.floor(amountFen / 3 / 100_000) * 100_000
    return [{ amountFen: early, paidOn: addDays(AS_OF, -random.between(5, 60)) }]
  }
  if (!payableOn || (fate !== 'paid' && fate !== 'partly paid')) return []
  const firstOn = paidDay(random, payableOn)
  const firstFen = Math.floor((amountFen * random.between(30, 70)) / 100 / 100_000) * 100_000
  if (fate === 'partly paid') return [{ amountFen: firstFen, paidOn: firstOn }]
  if (random.chance(75)) return [{ amountFen, paidOn: firstOn }]
  const laterOn = addDays(firstOn, random.between(0, Math.min(200, daysBetween(firstOn, AS_OF))))
  return [
    { amountFen: firstFen, paidOn: firstOn },
    { amountFen: amountFen - firstFen, paidOn: laterOn },
  ]
}

/** Early, in time, or up to a year late. */
function paidDay(random: Random, payableOn: Day): Day {
  const day = addDays(payableOn, random.between(-60, random.chance(40) ? 260 : 10))
  return day < AS_OF ? day : addDays(AS_OF, -random.between(1, 15))
}

function stagesOf(
  random: Random,
  { fate, standing, amountFen, acceptedOn, payableOn }: Paid,
): Omit<Draft<'subsidy-stages'>, 'subsidy'>[] {
  if (standing === 'claimed') return random.chance(40) ? [recognised(random, payableOn)] : []
  if (random.chance(40)) return []
  const noticedOn = addDays(acceptedOn, random.between(12, 45))
  const stages: Omit<Draft<'subsidy-stages'>, 'subsidy'>[] = [
    { stage: '公示', occurredOn: noticedOn },
  ]
  if (random.chance(65)) {
    const cut = fate !== 'paid' && fate !== 'partly paid' && random.chance(12)
    stages.push({
      stage: '财政审核',
      occurredOn: addDays(noticedOn, random.between(8, 40)),
      amountFen: cut ? Math.floor((amountFen * 0.9) / 100_000) * 100_000 : undefined,
    })
  }
  return stages.filter(({ occurredOn = '' }) => String(occurredOn) <= AS_OF)
}

/** A claim that was found right later. */
function recognised(random: Random, payableOn: Day | undefined) {
  const occurredOn = addDays(AS_OF, -random.between(10, 120))
  return {
    stage: '验收',
    occurredOn,
    standing: 'recognised',
    payableOn: payableOn && random.chance(50) ? addDays(occurredOn, 30) : undefined,
  }
}
