import { join } from 'node:path'
import { fieldsOf, namingFields } from '../demo-county/county-bodies.ts'
import type { FactFile } from '../demo-county/county-tables.ts'
import type { Ids } from '../demo-county/ids-by-name.ts'
import { type FactRow, readFacts } from '../demo-county/read-facts.ts'

/** The nights of the demo, one day after the other; the last is the day of the county report. */
export const DEMO_NIGHTS = ['2021-10-29', '2021-10-30', '2021-10-31'] as const

/** When a night runs and its mails go out, and when the townships have handed in what came after. */
export const [NIGHT_AT, MORNING_AT] = ['02:00', '09:00']

/** What a township hands in on a day between the nights, as a request. */
export interface HandedIn {
  on: string
  request: (ids: Ids) => [path: string, body: object]
}

/** In the order in which the API takes them: what is paid out of a subsidy comes after it. */
const REQUESTS: [FactFile, (row: FactRow, ids: Ids) => [string, object]][] = [
  ['conditions', under('operators', 'operator', 'conditions')],
  ['payments', under('contracts', 'contract', 'payments')],
  ['subsidies', (row, ids) => ['/subsidies', namingFields(row, ids)]],
  ['disbursements', under('subsidies', 'subsidy', 'disbursements')],
  ['petitions', (row, ids) => ['/petitions', namingFields(row, ids)]],
  ['screenings', under('contracts', 'contract', 'screenings')],
]

/** Everything of the county in `folder` that is handed in between the nights. */
export function handedIn(folder: string): HandedIn[] {
  return REQUESTS.flatMap(([file, requestOf]) =>
    readFacts(join(folder, 'between-the-nights'), file, ['on']).map(({ on = '', ...row }) => {
      return { on, request: (ids: Ids) => requestOf(row, ids) }
    }),
  )
}

function under(things: string, named: string, facts: string) {
  return ({ [named]: name = '', ...row }: FactRow, ids: Ids): [string, object] => [
    `/${things}/${ids.of(name)}/${facts}`,
    fieldsOf(row),
  ]
}
