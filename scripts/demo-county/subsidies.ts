import { addDays, type Day } from '../../src/domain/calendar-day.ts'
import { AS_OF, type Contract, keyOf, type Operator, type Use } from './county-model.ts'
import type { Draft } from './county-tables.ts'
import { drawn, type Random, randomOf } from './random.ts'
import { type Fate, type Paid, progressRows } from './subsidy-progress.ts'

const PROGRAMMES: Record<Use, string[]> = {
  late_citrus: [
    '晚熟柑桔标准园建设补助',
    '柑桔园水肥一体化补助',
    '柑桔大实蝇统防统治补助',
    '产地冷藏保鲜设施补助',
  ],
  sericulture: ['蚕桑基地建设补助', '小蚕共育室建设补助', '桑园改造补助'],
  rice_fish: ['稻渔综合种养田间工程补助', '稻渔综合种养示范补助'],
  agri_park: ['农业园区设施大棚建设补助', '园区道路及灌溉设施补助', '产地冷藏保鲜设施补助'],
}
const SOURCES = [
  ['central', 22],
  ['province', 38],
  ['city', 14],
  ['county', 26],
] as const
const FATES: Record<'troubled' | 'sound', readonly (readonly [Fate, number])[]> = {
  troubled: [
    ['late', 44],
    ['partly paid', 22],
    ['not yet due', 8],
    ['paid', 16],
    ['no day', 10],
  ],
  sound: [
    ['late', 9],
    ['partly paid', 8],
    ['not yet due', 15],
    ['paid', 60],
    ['no day', 8],
  ],
}
const REASONS = ['财政资金未到位', '验收资料待补', '县级统筹整合中', '审计问题待整改', undefined]
const UNITS = ['县农业农村局', '县财政局', '县乡村振兴局', undefined]

/** Subsidies of operators, with the stages they went through and what was paid of them. */
export function subsidyRows(contracts: readonly Contract[]): {
  subsidies: Draft<'subsidies'>[]
  'subsidy-stages': Draft<'subsidy-stages'>[]
  disbursements: Draft<'disbursements'>[]
} {
  const random = randomOf('subsidies')
  const byOperator = new Map<Operator, Contract[]>()
  for (const contract of contracts) {
    const { operator } = contract.plan
    byOperator.set(operator, [...(byOperator.get(operator) ?? []), contract])
  }
  const rows = {
    subsidies: [] as Draft<'subsidies'>[],
    'subsidy-stages': [] as Draft<'subsidy-stages'>[],
    disbursements: [] as Draft<'disbursements'>[],
  }
  for (const [operator, theirs] of byOperator) {
    for (let left = countOf(random, operator); left > 0; left--) {
      const key = keyOf('S', rows.subsidies.length + 1, 4)
      const { subsidy, progress } = drawSubsidy(random, key, operator, theirs)
      rows.subsidies.push(subsidy)
      rows['subsidy-stages'].push(...progress.stages)
      rows.disbursements.push(...progress.disbursements)
    }
  }
  return rows
}

function countOf(random: Random, { worst, kind }: Operator): number {
  if (worst !== 'none') return random.chance(30) ? 0 : random.chance(30) ? 2 : 1
  return random.chance(kind === 'individual' ? 6 : 32) ? 1 : 0
}

function drawSubsidy(
  random: Random,
  key: string,
  operator: Operator,
  contracts: readonly Contract[],
) {
  const troubled = operator.worst !== 'none'
  const fate = drawn(random, FATES[troubled ? 'troubled' : 'sound'])
  const standing = random.chance(troubled ? 24 : 12) && fate !== 'paid' ? 'claimed' : 'recognised'
  const amountFen = drawAmount(random, troubled)
  const payableOn = drawPayable(random, fate)
  const acceptedOn = addDays(payableOn ?? AS_OF, -random.between(100, 300))
  const year = Number(acceptedOn.slice(0, 4))
  const paid: Paid = { fate, standing, amountFen, acceptedOn, payableOn }
  const unpaid = fate === 'late' || fate === 'partly paid' || fate === 'no day'
  const named = random.chance(35)
  const subsidy: Draft<'subsidies'> = {
    key,
    operator: operator.key,
    contract: named ? random.pick(contracts).key : undefined,
    programme: random.pick(PROGRAMMES[operator.mainUse]),
    year,
    standing,
    amountFen,
    documentNo:
      standing === 'recognised' && random.chance(70)
        ? `柑源农发〔${year}〕${random.between(3, 96)}号`
        : undefined,
    fundingSource: random.chance(92) ? drawn(random, SOURCES) : undefined,
    acceptedOn: standing === 'recognised' && random.chance(85) ? acceptedOn : undefined,
    payableOn,
    stage: standing === 'recognised' ? '验收' : '申报',
    reasonUnpaid: unpaid ? random.pick(REASONS) : undefined,
    responsibleUnit: unpaid ? random.pick(UNITS) : undefined,
  }
  return { subsidy, progress: progressRows(random, key, paid) }
}

/** In whole thousands of yuan. */
function drawAmount(random: Random, troubled: boolean): number {
  const thousands = troubled ? random.between(40, 560) : random.between(12, 260)
  return thousands * 100_000
}

function drawPayable(random: Random, fate: Fate): Day | undefined {
  if (fate === 'no day') return undefined
  if (fate === 'not yet due') return addDays(AS_OF, random.between(10, 240))
  if (fate === 'paid') return addDays(AS_OF, -random.between(20, 1900))
  const days = random.pick([
    [8, 90],
    [91, 180],
    [181, 365],
    [181, 365],
    [366, 980],
  ])
  return addDays(AS_OF, -random.between(days[0] ?? 0, days[1] ?? 0))
}
