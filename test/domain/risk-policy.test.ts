import { describe, expect, it } from 'vitest'
import { LEVEL_NAMES, LEVELS, levelOf, reachesLevel } from '../../src/domain/levels.ts'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { policyInForce, policyProblems, type RiskPolicy } from '../../src/domain/risk-policy.ts'

/** The default policy with one value replaced, by its path. */
function broken(path: string, value: unknown): RiskPolicy {
  const policy = structuredClone(POLICY_2026_1) as unknown as Record<string, unknown>
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const holder = keys.reduce((node, key) => node[key] as Record<string, unknown>, policy)
  holder[last] = value
  return policy as unknown as RiskPolicy
}

describe('policyProblems', () => {
  it('has nothing against the default', () => {
    expect(policyProblems(POLICY_2026_1)).toEqual([])
  })

  it.each<[string, unknown, string?]>([
    ['version', '  '],
    ['effectiveOn', '2026-02-30'],
    ['effectiveOn', '2026-2-3'],
    ['levels.blue', 0],
    ['levels.yellow', 1],
    ['levels.orange', 20],
    ['levels.red', 40],
    ['levels.red', 101],
    ['levels.red', 60.5],
    ['yearsOwed.max', 41, 'yearsOwed.max + subsidyDelay.max'],
    ['yearsOwed.max', 39, 'yearsOwed.steps.5.points'],
    ['households.max', -1],
    ['yearsOwed.arrearsPoints', 0],
    ['yearsOwed.arrearsPoints', 19, 'yearsOwed.steps.0.points'],
    ['yearsOwed.steps.0.from', 0],
    ['yearsOwed.steps.1.from', 1],
    ['yearsOwed.steps.2.points', 25],
    ['yearsOwed.steps.2.points', 32.5],
    ['yearsOwed.steps.5.points', 41],
    ['subsidyDelay.steps.0.from', 0],
    ['subsidyDelay.steps.1.from', 1],
    ['subsidyDelay.steps.1.points', 4],
    ['subsidyDelay.steps.3.points', 21],
    ['subsidyDelay.steps.0.points', -1],
    ['subsidyDelay.claimedMax', 21],
    ['subsidyDelay.claimedMax', -1],
    ['subsidyDelay.withoutArrearsMax', 21],
    ['households.steps.3.from', 30],
    ['households.steps.3.points', 9],
    ['households.steps.0.from', 1.5],
    ['operatorCondition.points.ceased', 16],
    ['operatorCondition.points.mismanaged', -1],
    ['operatorCondition.points.unreachable', Number.NaN],
    ['petitionSigns.any', -1],
    ['petitionSigns.repeat', 3],
    ['petitionSigns.collective', 3],
    ['petitionSigns.collective', 11],
    ['petitionSigns.collectivePeople', 1],
    ['petitionSigns.windowDays', 0],
    ['petitionSigns.windowDays', 1_000_000],
    ['planKept.points', 1],
    ['planKept.points', -101],
    ['planKept.planToleranceDays', -1],
    ['planKept.planToleranceDays', 1_000_000],
    ['secured.points', 5],
    ['secured.depositPercent', 0],
    ['secured.depositPercent', 101],
    ['secured.depositPercent', 33.3],
    ['floors.0.to', 101],
    ['floors.3.to', 0],
    ['floors.1.yearsOwed', 0],
    ['staleDays', 0],
    ['staleDays', Number.POSITIVE_INFINITY],
    ['caseLevel', 'none'],
  ])('refuses %s = %s', (path, value, field = path) => {
    const problems = policyProblems(broken(path, value))
    expect(problems.map((problem) => problem.field).join()).toContain(field)
    for (const { zh, en } of problems) {
      expect(zh).toMatch(/[一-鿿]/)
      expect(en).toMatch(/^[ -~]+$/)
    }
  })

  it('says what would do', () => {
    expect(policyProblems(broken('yearsOwed.steps.2.points', 25))).toEqual([
      {
        field: 'yearsOwed.steps.2.points',
        zh: '应为 26 至 40 的整数',
        en: 'must be a whole number from 26 to 40',
      },
    ])
  })

  it('accepts a policy without floors, steps or reductions', () => {
    const plain: RiskPolicy = {
      ...POLICY_2026_1,
      floors: [],
      households: { max: 0, steps: [] },
      planKept: { points: 0, planToleranceDays: 0 },
    }
    expect(policyProblems(plain)).toEqual([])
  })
})

describe('policyInForce', () => {
  const from = (version: string, effectiveOn: string) => ({
    ...POLICY_2026_1,
    version,
    effectiveOn,
  })
  const policies = [
    from('c', '2026-06-01'),
    POLICY_2026_1,
    from('a', '2026-01-01'),
    from('b', '2026-01-01'),
  ]
  it.each([
    ['1900-01-01', '2026-1'],
    ['2025-12-31', '2026-1'],
    ['2026-01-01', 'b'],
    ['2026-05-31', 'b'],
    ['2026-06-01', 'c'],
  ])('on %s: %s', (asOf, version) => {
    expect(policyInForce(policies, asOf).version).toBe(version)
  })

  it('refuses a day before the first', () => {
    expect(() => policyInForce(policies, '1899-12-31')).toThrow(RangeError)
  })
})

describe('levels', () => {
  it.each([
    [100, 'red'],
    [60, 'red'],
    [59, 'orange'],
    [40, 'orange'],
    [39, 'yellow'],
    [20, 'yellow'],
    [19, 'blue'],
    [1, 'blue'],
    [0, 'none'],
  ])('%i: %s', (score, level) => {
    expect(levelOf(score, POLICY_2026_1.levels)).toBe(level)
  })

  it('are in order and named', () => {
    expect(LEVELS.map((level) => LEVEL_NAMES[level]).join('')).toBe('红橙黄蓝无')
    expect(LEVELS.filter((level) => reachesLevel(level, 'yellow'))).toEqual([
      'red',
      'orange',
      'yellow',
    ])
  })
})
