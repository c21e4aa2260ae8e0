import { constants, copyFileSync, existsSync, rmSync } from 'node:fs'
import { copyFile, countyFile } from './bench-county.ts'
import { countRows } from './county-rows.ts'
import { generateCounty } from './generate-county.ts'
import { measureFacts } from './measure-facts.ts'
import { measureNights } from './measure-night.ts'
import { reportOf } from './night-report.ts'

/** What the night costs, and the facts step beside DuckDB; false: one of them went wrong. */
export async function benchNight(
  contracts: number,
  print: (line: string) => void,
): Promise<boolean> {
  const county = countyFile(contracts)
  if (existsSync(county)) print(`county reused: ${county}`)
  else {
    print(`generating a county of ${contracts} contracts: ${county}`)
    await generateCounty(county, contracts)
  }
  const copy = copyFile(contracts)
  const empty = copyFile(0)
  for (const path of [copy, empty])
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  copyFileSync(county, copy, constants.COPYFILE_FICLONE)

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
