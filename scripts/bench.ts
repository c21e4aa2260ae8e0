import { execFileSync } from 'node:child_process'
import { constants, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { copyFile, countyFile, FOLDER } from './bench/bench-county.ts'
import { reportOf } from './bench/bench-report.ts'
import { countRows } from './bench/county-rows.ts'
import { generateCounty } from './bench/generate-county.ts'
import { measureFacts } from './bench/measure-facts.ts'
import { measureNights } from './bench/measure-night.ts'

/**
 * `npm run bench -- --contracts 100000`: what the night costs, and the facts step beside DuckDB.
 * A different answer of the two ends it with 1: their times would not be worth comparing.
 */
const { values } = parseArgs({ options: { contracts: { type: 'string', default: '100000' } } })
const contracts = Number(values.contracts)
if (!Number.isSafeInteger(contracts) || contracts < 100 || contracts > 1_000_000)
  throw new Error('--contracts must be a whole number from 100 to 1000000')
const print = (line: string) => void process.stdout.write(`${line}\n`)

// The night is measured on the program that `npm start` runs.
execFileSync(process.execPath, [fileURLToPath(new URL('./setup.mjs', import.meta.url)), 'build'])
mkdirSync(FOLDER, { recursive: true })
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
if (facts.mismatches.length > 0) print(`different answers: ${facts.mismatches.slice(0, 5).join()}`)
if (!complete) print('a night did not score every contract')
if (again.rowsWritten > 0) print(`the night wrote ${again.rowsWritten} rows again`)
const sound = complete && facts.mismatches.length === 0
if (!sound || first.run.counts.scored !== contracts) process.exit(1)
