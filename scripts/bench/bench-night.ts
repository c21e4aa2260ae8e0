import { copyFile } from './bench-county.ts'
import { copiedCounty } from './copied-county.ts'
import { countRows } from './county-rows.ts'
import { measureFacts } from './measure-facts.ts'
import { measureNights } from './measure-night.ts'
import { reportOf } from './night-report.ts'

/** What the night costs, and the facts step beside DuckDB; false: one of them went wrong. */
export async function benchNight(
  contracts: number,
  print: (line: string) => void,
): Promise<boolean> {
  const [copy, empty] = [copyFile(contracts), copyFile(0)]
  const county = await copiedCounty(contracts, print, copy, empty)
  print('measuring the night')
  const [start] = measureNights(empty)
  const [first, again] = measureNights(copy)
  print('measuring the facts step')
  const facts = await measureFacts(copy)
  for (const line of reportOf(countRows(county), { start, first, again }, facts)) print(line)

  const complete = [first, again].every(
    ({ run }) => run.status === 'completed' && run.failures.length === 0,
  )
  if (facts.mismatches.length > 0)
    print(`different answers: ${facts.mismatches.slice(0, 5).join()}`)
  if (!complete) print('a night did not score every contract')
  if (again.rowsWritten > 0) print(`the night wrote ${again.rowsWritten} rows again`)
  return complete && facts.mismatches.length === 0 && first.run.counts.scored === contracts
}
