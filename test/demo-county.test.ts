import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { DEMO_NIGHTS } from '../scripts/demo/handed-in.ts'
import { type ContractOnDay, contractsOn } from '../scripts/demo-county/county-totals.ts'
import { drawCounty } from '../scripts/demo-county/draw-county.ts'
import { heldBack, LOADED_ON } from '../scripts/demo-county/handed-in-later.ts'
import { writeDemoCounty } from '../scripts/demo-county/write-county.ts'
import { usccHolds } from '../src/domain/uscc.ts'
import { unzipped } from '../src/platform/spreadsheet/zip-file.ts'

const FOLDER = resolve(import.meta.dirname, '../fixtures/demo-county')
const AS_OF = '2021-10-31'

const tables = drawCounty()
const contracts = contractsOn(tables, AS_OF)
const inForce = contracts.filter((contract) => contract.inForce)
const temporary = mkdtempSync(join(tmpdir(), 'demo-county-'))
afterAll(() => rmSync(temporary, { recursive: true }))

const muOf = (list: readonly ContractOnDay[]) =>
  list.reduce((sum, { areaHundredths }) => sum + areaHundredths, 0) / 100
const owing = (arrearsClass: string) =>
  inForce.filter(({ standing }) => standing.arrearsClass === arrearsClass)
const named = (digits: number) => tables.regions.filter(({ code }) => code.length === digits)

it.each([
  ['late_citrus', 200_000],
  ['sericulture', 30_000],
  ['rice_fish', 15_000],
  ['agri_park', 45_000],
])('%s has %d mu in force', (use, mu) => {
  expect(muOf(inForce.filter(({ row }) => row.landUse === use))).toBe(mu)
})

it('has 37,000 of 290,000 mu in trouble', () => {
  expect(muOf(inForce)).toBe(290_000)
  expect(muOf(owing('years'))).toBe(32_000)
  expect(muOf(owing('partial'))).toBe(5000)
})

it('has one to six years owed, on less land the more years', () => {
  const years = owing('years')
  expect(new Set(years.map(({ standing }) => standing.yearsOwed))).toEqual(
    new Set([1, 2, 3, 4, 5, 6]),
  )
  const areas = [1, 2, 3, 4, 5, 6].map((n) =>
    muOf(years.filter(({ standing }) => standing.yearsOwed === n)),
  )
  for (const [at, area] of areas.entries()) expect(area).toBeLessThan(areas[at - 1] ?? 32_000)
})

it('has trouble in every use and most townships', () => {
  const troubled = [...owing('years'), ...owing('partial')]
  expect(new Set(troubled.map(({ row }) => row.landUse)).size).toBe(4)
  expect(new Set(troubled.map(({ row }) => row.villageCode.slice(0, 9))).size).toBeGreaterThan(12)
})

it('has one county, 23 townships and 276 villages of different names', () => {
  expect(named(6).map(({ code }) => code)).toEqual(['519901'])
  expect(named(9)).toHaveLength(23)
  expect(named(12)).toHaveLength(276)
  expect(new Set(tables.regions.map(({ name }) => name)).size).toBe(300)
})

it('is of the size of a county', () => {
  const households = contracts.reduce((sum, { row }) => sum + Number(row.households), 0)
  expect(tables.contracts).toHaveLength(2400)
  expect(Math.abs(tables.operators.length - 1300)).toBeLessThan(20)
  expect(Math.abs(households - 60_000)).toBeLessThan(1000)
})

it('has magnitudes of rent owed as they were seen in the field', () => {
  const troubled = [...owing('years'), ...owing('partial')]
  const arrearsFen = troubled.reduce((sum, { standing }) => sum + standing.arrearsFen, 0)
  const yuanPerMu = arrearsFen / 100 / 37_000
  expect(yuanPerMu).toBeGreaterThan(1100)
  expect(yuanPerMu).toBeLessThan(1500)
})

it('has what real ledgers have', () => {
  const some = {
    withoutDueDay: tables.contracts.filter(({ firstDueOn }) => firstDueOn === ''),
    withoutNumber: tables.contracts.filter(({ contractNo }) => contractNo === ''),
    withoutRent: tables['rent-lines'].filter(
      ({ fenPerMu, jinPerMu }) => fenPerMu + jinPerMu === '',
    ),
    zeroRent: tables['rent-lines'].filter(({ fenPerMu }) => fenPerMu === '0'),
    inGrain: tables['rent-lines'].filter(({ basis }) => basis === 'grain'),
    twiceAYear: tables.contracts.filter(({ frequency }) => frequency === 'semiannual'),
    once: tables.contracts.filter(({ frequency }) => frequency === 'once'),
    escalating: tables.contracts.filter(({ escalationPercent }) => escalationPercent !== ''),
    endedWithDebt: contracts.filter((one) => !one.inForce && one.standing.arrearsFen > 0),
    paidAhead: contracts.filter(({ standing }) => standing.creditFen > 0),
    designated: tables.payments.filter(({ designatedDueOn }) => designatedDueOn !== ''),
    reversed: tables.reversals,
    claimed: tables.subsidies.filter(({ standing }) => standing === 'claimed'),
    wrongCodes: tables.operators.filter(({ uscc }) => uscc !== '' && !usccHolds(uscc)),
  }
  for (const [what, rows] of Object.entries(some)) expect(rows.length, what).toBeGreaterThan(3)
})

it('tells of nothing that happened later', () => {
  const days = [
    ...tables.payments.map(({ paidOn }) => paidOn),
    ...tables.disbursements.map(({ paidOn }) => paidOn),
    ...tables.conditions.map(({ observedOn }) => observedOn),
    ...tables.petitions.map(({ occurredOn }) => occurredOn),
    ...tables.screenings.map(({ visitedOn }) => visitedOn),
    ...tables['subsidy-stages'].map(({ occurredOn }) => occurredOn),
    ...tables.ends.map(({ endedOn }) => endedOn),
  ]
  expect(days.filter((day) => day > AS_OF)).toEqual([])
})

it('is handed in before the first night or on a day between the nights, every row once', () => {
  const { loaded, later } = heldBack(tables)
  const rows = (county: object) => Object.values(county).reduce((n, list) => n + list.length, 0)
  expect(rows(loaded) + rows(later)).toBe(rows(tables))
  const handedIn = Object.values(later).flatMap((held) => held.map(({ on }) => on))
  expect([...new Set(handedIn)].sort()).toEqual([...DEMO_NIGHTS])
  const days = [
    ...loaded.payments.map(({ paidOn }) => paidOn),
    ...loaded.disbursements.map(({ paidOn }) => paidOn),
    ...loaded.conditions.map(({ observedOn }) => observedOn),
    ...loaded.petitions.map(({ occurredOn }) => occurredOn),
    ...loaded.screenings.map(({ visitedOn }) => visitedOn),
    ...loaded['subsidy-stages'].map(({ occurredOn }) => occurredOn),
    ...loaded.ends.map(({ endedOn }) => endedOn),
  ]
  expect(days.filter((day) => day > LOADED_ON)).toEqual([])
})

/** The parts of a workbook; another processor may pack the same ones into other bytes. */
const contentOf = (folder: string, file: string) => {
  const bytes = readFileSync(join(folder, file))
  return file.endsWith('.xlsx')
    ? unzipped(bytes).map(({ path, content }) => [path, `${content}`])
    : `${bytes}`
}
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()

it('comes out the same whenever it is made', async () => {
  await writeDemoCounty(temporary)
  expect(filesIn(temporary)).toEqual(filesIn(FOLDER))
  for (const file of filesIn(FOLDER).filter((name) => /\.\w+$/.test(name)))
    expect(contentOf(temporary, file), file).toEqual(contentOf(FOLDER, file))
})
