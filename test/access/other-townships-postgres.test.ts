import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerTo, openTwoTownships, reads, type TwoTownships } from '../support/two-townships.ts'

let lite: TwoTownships
let postgres: TwoTownships
beforeAll(async () => {
  lite = await openTwoTownships(true)
  postgres = await openTwoTownships(true, 'postgres')
}, 180_000)
afterAll(async () => {
  await lite.county.close()
  await postgres.county.close()
})

const THINGS = `operators conditions contracts amendments ends subsidies stages disbursements
  petitions screenings demands mediations cases imports`
const NAMES: Record<string, string> = {
  operators: 'operator',
  conditions: 'condition',
  contracts: 'contract',
  amendments: 'amendment',
  ends: 'end',
  subsidies: 'subsidy',
  stages: 'stage',
  disbursements: 'disbursement',
  petitions: 'petition',
  screenings: 'screening',
  demands: 'demand',
  mediations: 'mediation',
  cases: 'case',
  imports: 'import',
}

it('bounds its callers on PostgreSQL as on SQLite', async () => {
  const byId = THINGS.split(/\s+/).flatMap((kind) => [
    `/${kind}/{${NAMES[kind]}Here}`,
    `/${kind}/{${NAMES[kind]}There}`,
  ])
  const paths = `${byId.join(' ')} /operators /contracts /subsidies /petitions /checks /imports
    /import-mappings /regions /cases /risk/worklist /risk/summary?by=operator /screening-coverage
    /cases/{sharedCaseHere} /exports/subsidies.csv`
  const correction = { reason: '误', fact: { name: '联合', kind: 'company' } }
  const tries = [
    ...reads(paths, ['recorder', 'village']),
    { by: 'recorder', method: 'POST', path: '/operators/{shared}/correction', body: correction },
    {
      by: 'recorder',
      method: 'POST',
      path: '/operators/{operatorHere}/correction',
      body: correction,
    },
  ]
  const statuses: string[] = []
  for (const one of tries) {
    const answer = await answerTo(postgres, one)
    expect([one, answer]).toEqual([one, await answerTo(lite, one)])
    statuses.push(answer.slice(0, 3))
  }
  expect(statuses.slice(-2)).toEqual(['403', '201'])
  expect(new Set(statuses)).toEqual(new Set(['200', '201', '403', '404']))
})
