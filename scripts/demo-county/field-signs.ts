import { addDays } from '../../src/domain/calendar-day.ts'
import type { OperatorCondition } from '../../src/domain/operator-condition.ts'
import { AS_OF, type Contract, type Operator } from './county-model.ts'
import type { Draft } from './county-tables.ts'
import { drawn, type Random, randomOf } from './random.ts'

type Bad = Exclude<OperatorCondition, 'recovered'>
const SOURCES = ['乡镇专项摸排组', '村两委反映', '县农业农村局走访', '农户反映']
const REGISTRY = '市场监管登记信息'
const CONDITIONS: Record<'long' | 'short', readonly (readonly [Bad | 'none', number])[]> = {
  long: [
    ['unreachable', 34],
    ['funds_broken', 24],
    ['ceased', 8],
    ['deregistered', 5],
    ['mismanaged', 14],
    ['none', 15],
  ],
  short: [
    ['unreachable', 5],
    ['funds_broken', 12],
    ['ceased', 2],
    ['deregistered', 1],
    ['mismanaged', 28],
    ['none', 52],
  ],
}
const NOTES: Record<Bad, string> = {
  unreachable: '电话多次无人接听,驻地无人',
  funds_broken: '拖欠工资及农资款,称贷款到期无法续贷',
  ceased: '基地无人管护,已停止用工',
  deregistered: '已办理注销登记',
  mismanaged: '果品滞销,管护不到位',
}

/** What operators were observed to be in: mostly where rent is owed. */
export function conditionRows(operators: readonly Operator[]): Draft<'conditions'>[] {
  const random = randomOf('conditions')
  return operators.flatMap(({ key, worst }) => {
    if (worst === 'none') return random.chance(1.2) ? elsewhere(random, key) : []
    const long = typeof worst === 'number' && worst >= 3
    const condition = drawn(random, CONDITIONS[long ? 'long' : 'short'])
    if (condition === 'none') return []
    const observed = observation(random, key, condition, random.between(20, 620))
    const before = condition !== 'mismanaged' && random.chance(35)
    return before
      ? [observation(random, key, 'mismanaged', random.between(640, 1100)), observed]
      : [observed]
  })
}

function elsewhere(random: Random, operator: string): Draft<'conditions'>[] {
  const days = random.between(200, 900)
  const condition = random.chance(70) ? 'mismanaged' : 'funds_broken'
  const observed = observation(random, operator, condition, days)
  if (random.chance(35)) return [observed]
  const observedOn = addDays(AS_OF, -random.between(10, days - 60))
  const source = random.pick(SOURCES)
  return [
    observed,
    { operator, condition: 'recovered', observedOn, source, note: '已恢复正常经营' },
  ]
}

function observation(
  random: Random,
  operator: string,
  condition: Bad,
  daysBefore: number,
): Draft<'conditions'> {
  return {
    operator,
    condition,
    observedOn: addDays(AS_OF, -daysBefore),
    source: condition === 'deregistered' ? REGISTRY : random.pick(SOURCES),
    note: random.chance(60) ? NOTES[condition] : undefined,
  }
}

const FINDINGS = {
  bad: [
    ['facility_idle', 26],
    ['land_abandoned', 22],
    ['operator_absent', 24],
    ['crop_failed', 12],
    ['use_changed', 4],
    ['no_problem', 12],
  ],
  good: [
    ['no_problem', 90],
    ['crop_failed', 5],
    ['facility_idle', 3],
    ['use_changed', 2],
  ],
} as const
const VISIT_NOTES = {
  bad: ['现场走访,与村两委核对台账', '业主表示年底前筹款', '管护人员称业主较少到场'],
  good: ['现场走访,与村两委核对台账', '管护正常'],
}

/** Visits to contracts in arrears, again and again, and to some others. */
export function screeningRows(contracts: readonly Contract[]): Draft<'screenings'>[] {
  const random = randomOf('screenings')
  return contracts.flatMap((contract) => {
    const { owed, fate } = contract.plan
    if (fate !== 'in_force') return []
    if (owed === 'none') return random.chance(11) ? visits(random, contract, 'good', 1) : []
    return visits(random, contract, 'bad', random.between(owed === 'partial' ? 0 : 1, 4))
  })
}

function visits(
  random: Random,
  { key, terms }: Contract,
  state: keyof typeof FINDINGS,
  count: number,
): Draft<'screenings'>[] {
  let daysBefore = random.between(2, 70)
  const rows: Draft<'screenings'>[] = []
  for (let n = 0; n < count; n++) {
    const visitedOn = addDays(AS_OF, -daysBefore)
    daysBefore += random.between(25, 110)
    if (visitedOn <= terms.startOn) break
    const followedUp = n === 0 && state === 'bad' && random.chance(70)
    rows.push({
      contract: key,
      visitedOn,
      findings: findingsOf(random, state),
      note: random.chance(35) ? random.pick(VISIT_NOTES[state]) : undefined,
      nextVisitOn: followedUp ? addDays(AS_OF, random.between(3, 45)) : undefined,
    })
  }
  return rows.reverse()
}

/** Several in one cell are parted by a bar. */
function findingsOf(random: Random, state: keyof typeof FINDINGS): string {
  const first = drawn(random, FINDINGS[state])
  const second = drawn(random, FINDINGS[state])
  const alone = first === second || first === 'no_problem' || second === 'no_problem'
  return alone || random.chance(45) ? first : `${first}|${second}`
}
