import { constants, copyFileSync } from 'node:fs'
import { FOLDER, NOW } from './bench-county.ts'
import { copiedCounty } from './copied-county.ts'
import { countRows } from './county-rows.ts'
import { drawnPayments } from './drawn-payments.ts'
import { measureBesideNight } from './measure-beside-night.ts'
import { measurePayments } from './measure-payments.ts'
import { measureNode, measureStart } from './measure-start.ts'
import { writesReport } from './writes-report.ts'

const PAYMENTS_PER_ROUND = 400
const HOUR_MS = 3_600_000

/** Payments beside bare inserts, the start, and requests during the night; false: one went wrong. */
export async function benchWrites(
  contracts: number,
  print: (line: string) => void,
): Promise<boolean> {
  const [served, copy, empty] = ['writes', 'writes-bare', 'writes-empty'].map(
    (name) => `${FOLDER}/${name}-${contracts}.db`,
  ) as [string, string, string]
  const county = await copiedCounty(contracts, print, served, copy, empty)
  const drawn = drawnPayments(county)

  print('measuring requests during the night')
  const beside = await measureBesideNight(served, NOW, drawn)
  print('measuring payments')
  copyFileSync(served, copy, constants.COPYFILE_FICLONE)
  const later = new Date(Date.parse(NOW) + HOUR_MS).toISOString()
  const rounds = await measurePayments(served, copy, later, PAYMENTS_PER_ROUND, drawn)
  print('measuring the start')
  const [countyStart, emptyStart] = [await measureStart(served), await measureStart(empty)]
  const starts = { county: countyStart, empty: emptyStart, node: await measureNode() }
  for (const line of writesReport(countRows(county), { rounds, beside, starts })) print(line)

  const complete = beside.first.night.complete && beside.again.night.complete
  if (!complete) print('a night did not score every contract')
  return complete
}
