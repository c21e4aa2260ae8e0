import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LAND_USES } from '../../src/domain/contract-terms.ts'
import {
  countySummary,
  type SummaryContract,
  type SummaryGrouping,
  type SummarySubsidy,
} from '../../src/domain/county-summary.ts'

const contract = (given: Partial<SummaryContract>): SummaryContract => ({
  contractId: 'c1',
  operatorId: 'o1',
  villageCode: '519901101201',
  landUse: 'late_citrus',
  areaHundredths: 10_000,
  households: 3,
  inForce: true,
  ended: false,
  arrearsFen: 0,
  yearsOwed: 0,
  arrearsClass: 'none',
  unpriced: false,
  ...given,
})
const owing = (yearsOwed: number, arrearsFen: number): Partial<SummaryContract> => ({
  yearsOwed,
  arrearsFen,
  arrearsClass: yearsOwed > 0 ? 'years' : arrearsFen > 0 ? 'partial' : 'none',
})

it('is all zeros without contracts, a share of 0 without area', () => {
  const empty = countySummary([], [])
  expect(empty).toMatchObject({ contracts: 0, areaMu: 0, problemSharePercent: 0, coverageFen: 0 })
  expect(empty.byUnpaidYears).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((years) => ({ years, areaMu: 0, contracts: 0 })),
  )
  expect(empty.groups).toEqual([])
})

it("says 12.76 % of the county's 290,000 mu", () => {
  const summary = countySummary(
    [
      contract({ contractId: 'a', areaHundredths: 25_300_000 }),
      contract({ contractId: 'b', areaHundredths: 3_200_000, ...owing(2, 500) }),
      contract({ contractId: 'c', areaHundredths: 500_000, ...owing(0, 7) }),
    ],
    [],
  )
  expect(summary).toMatchObject({
    contracts: 3,
    areaMu: 290_000,
    problemAreaMu: 37_000,
    yearsAreaMu: 32_000,
    partialAreaMu: 5_000,
    problemSharePercent: 12.76,
    arrearsFen: 507,
    households: 6,
  })
})

it.each([
  [1, 20_000, 0.01],
  [1, 20_001, 0],
  [2, 3, 66.67],
  [1, 3, 33.33],
  [1, 800, 0.13],
  [7, 7, 100],
])('rounds %i of %i half up to %f', (owed, whole, percent) => {
  const parts = [
    contract({ areaHundredths: owed, ...owing(1, 1) }),
    contract({ areaHundredths: whole - owed }),
  ]
  expect(countySummary(parts, []).problemSharePercent).toBe(percent)
})

it('goes by years owed: 0 for partial, 7 for more than six', () => {
  const contracts = [0, 1, 6, 7, 11].map((years) => contract(owing(years, 5)))
  const counts = countySummary(contracts, []).byUnpaidYears.map((row) => row.contracts)
  expect(counts).toEqual([1, 1, 0, 0, 0, 0, 1, 2])
})

it('keeps ended ones in arrears apart and gives those not begun no area', () => {
  const summary = countySummary(
    [
      contract({ inForce: false, ended: true, ...owing(3, 900), unpriced: true }),
      contract({ inForce: false, ended: true }),
      contract({ inForce: false, ...owing(0, 40) }),
      contract({ ...owing(0, 2) }),
    ],
    [{ id: 's', operatorId: 'o1', contractId: null, outstandingFen: 5000 }],
  )
  expect(summary).toMatchObject({
    contracts: 1,
    areaMu: 100,
    partialAreaMu: 100,
    arrearsFen: 42,
    households: 6,
    endedInArrears: { areaMu: 100, contracts: 1, arrearsFen: 900 },
    unpricedContracts: 1,
    coverageFen: 942,
  })
})

describe('coverage', () => {
  const contracts = [
    contract({ contractId: 'a1', operatorId: 'a', landUse: 'rice_fish', ...owing(1, 1000) }),
    contract({ contractId: 'a2', operatorId: 'a', landUse: 'sericulture', ...owing(1, 1000) }),
    contract({ contractId: 'b1', operatorId: 'b', landUse: 'rice_fish', ...owing(1, 1000) }),
  ]
  const subsidy = (given: Partial<SummarySubsidy>) => ({
    id: 's',
    operatorId: 'a',
    contractId: null,
    outstandingFen: 300,
    ...given,
  })
  it.each<[string, SummarySubsidy[], number, [number, number]]>([
    ['an operator without a contract: once in each group', [subsidy({})], 300, [300, 300]],
    ['a named contract: its group only', [subsidy({ contractId: 'a2' })], 300, [0, 300]],
    ['a contract that is not here', [subsidy({ contractId: 'x' })], 0, [0, 0]],
    ['an operator that is not here', [subsidy({ operatorId: 'x' })], 0, [0, 0]],
    [
      'several, no more than is owed',
      [subsidy({ outstandingFen: 2500 }), subsidy({ id: 't', contractId: 'b1' })],
      2800,
      [2000, 1000],
    ],
  ])('%s', (_, subsidies, total, byLandUse) => {
    const summary = countySummary(contracts, subsidies, 'landUse')
    expect(summary.coverageFen).toBe(total)
    expect(summary.groups.map((group) => group.coverageFen)).toEqual(byLandUse)
  })
})

it.each<[SummaryGrouping, string[]]>([
  ['landUse', ['agri_park', 'late_citrus']],
  ['township', ['519901101', '519901102']],
  ['village', ['519901101201', '519901101202', '519901102001']],
  ['operator', ['o1', 'o2']],
])('groups by %s in the order of the keys', (by, keys) => {
  const contracts = [
    contract({ villageCode: '519901102001', operatorId: 'o2' }),
    contract({ villageCode: '519901101202' }),
    contract({ villageCode: '519901101201', landUse: 'agri_park' }),
  ]
  expect(countySummary(contracts, [], by).groups.map(({ key }) => key)).toEqual(keys)
})

const anyContract = fc
  .record({
    operatorId: fc.constantFrom('o1', 'o2', 'o3'),
    villageCode: fc.constantFrom('519901101201', '519901101202', '519901102201'),
    landUse: fc.constantFrom(...LAND_USES),
    areaHundredths: fc.integer({ min: 0, max: 100_000 }),
    households: fc.integer({ min: 0, max: 50 }),
    phase: fc.constantFrom('before', 'inForce', 'ended'),
    yearsOwed: fc.integer({ min: 0, max: 9 }),
    arrearsFen: fc.integer({ min: 0, max: 1000 }),
    unpriced: fc.boolean(),
  })
  .map(({ phase, yearsOwed, arrearsFen, ...rest }) =>
    contract({
      ...rest,
      ...owing(arrearsFen > 0 ? yearsOwed : 0, arrearsFen),
      inForce: phase === 'inForce',
      ended: phase === 'ended',
    }),
  )
const anyContracts = fc
  .array(anyContract, { maxLength: 12 })
  .map((contracts) => contracts.map((c, i) => ({ ...c, contractId: `c${i}` })))
const anySubsidies = fc
  .array(
    fc.record({
      operatorId: fc.constantFrom('o1', 'o2', 'o3', 'o4'),
      contractId: fc.constantFrom(null, 'c0', 'c1', 'c2', 'c30'),
      outstandingFen: fc.integer({ min: 1, max: 3000 }),
    }),
    { maxLength: 6 },
  )
  .map((subsidies) => subsidies.map((s, i) => ({ ...s, id: `s${i}` })))

const sum = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((total, item) => total + of(item), 0)

/** The figures read off the definitions, one pass for each. */
function naive(contracts: readonly SummaryContract[], subsidies: readonly SummarySubsidy[]) {
  const inForce = contracts.filter((c) => c.inForce)
  const area = (some: readonly SummaryContract[]) => sum(some, (c) => c.areaHundredths) / 100
  const owed = (from: number, to: number) =>
    inForce.filter((c) => c.arrearsFen > 0 && c.yearsOwed >= from && c.yearsOwed <= to)
  const open = contracts.filter((c) => !c.ended && c.arrearsFen > 0)
  const ended = contracts.filter((c) => c.ended && c.arrearsFen > 0)
  const share = area(inForce) === 0 ? 0 : (100 * area(owed(0, 99))) / area(inForce)
  const theirs = subsidies.filter((s) =>
    contracts.some((c) =>
      s.contractId === null ? s.operatorId === c.operatorId : s.contractId === c.contractId,
    ),
  )
  return {
    contracts: inForce.length,
    areaMu: area(inForce),
    problemAreaMu: area(owed(0, 99)),
    yearsAreaMu: area(owed(1, 99)),
    partialAreaMu: area(owed(0, 0)),
    problemSharePercent: Math.floor(share * 100 + 0.5 + 1e-9) / 100,
    arrearsFen: sum(open, (c) => c.arrearsFen),
    households: sum(open, (c) => c.households),
    byUnpaidYears: [0, 1, 2, 3, 4, 5, 6, 7].map((years) => {
      const some = owed(years, years === 7 ? 99 : years)
      return { years, areaMu: area(some), contracts: some.length }
    }),
    endedInArrears: {
      areaMu: area(ended),
      contracts: ended.length,
      arrearsFen: sum(ended, (c) => c.arrearsFen),
    },
    unpricedContracts: contracts.filter((c) => c.unpriced).length,
    coverageFen: Math.min(
      sum(contracts, (c) => c.arrearsFen),
      sum(theirs, (s) => s.outstandingFen),
    ),
  }
}

it.each<[SummaryGrouping, (c: SummaryContract) => string]>([
  ['landUse', (c) => c.landUse],
  ['township', (c) => c.villageCode.substring(0, 9)],
  ['village', (c) => c.villageCode],
  ['operator', (c) => c.operatorId],
])('equals a naive recomputation by %s', (by, keyOf) => {
  fc.assert(
    fc.property(anyContracts, anySubsidies, (contracts, subsidies) => {
      const { groups, ...total } = countySummary(contracts.values(), subsidies, by)
      expect(total).toEqual(naive(contracts, subsidies))
      const keys = [...new Set(contracts.map(keyOf))].sort()
      expect(groups).toEqual(
        keys.map((key) => ({
          key,
          ...naive(
            contracts.filter((c) => keyOf(c) === key),
            subsidies,
          ),
        })),
      )
    }),
    { numRuns: 300 },
  )
})
