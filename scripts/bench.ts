import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FOLDER } from './bench/bench-county.ts'
import { benchNight } from './bench/bench-night.ts'
import { benchWrites } from './bench/bench-writes.ts'
import { filesReport } from './bench/files-report.ts'
import { measureFiles } from './bench/measure-files.ts'

/**
 * `npm run bench -- --contracts 100000`: what the night costs, and the facts step beside DuckDB.
 * `npm run bench -- --only files --rows 50000`: imports and exports beside the library's own.
 * `npm run bench -- --only writes --contracts 100000`: payments, the start, requests at night.
 * A different answer of the two ends it with 1: their times would not be worth comparing.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    contracts: { type: 'string', default: '100000' },
    rows: { type: 'string', default: '50000' },
  },
})
const ROWS_FEW = 10_000
const ROWS_MANY = 100_000

if (values.only !== undefined && !['night', 'files', 'writes'].includes(values.only))
  throw new Error('--only must be night, files or writes')
const contracts = wholeNumber('contracts')
const rows = wholeNumber('rows')
const print = (line: string) => void process.stdout.write(`${line}\n`)

// What is measured is the program that `npm start` runs.
execFileSync(process.execPath, [fileURLToPath(new URL('./setup.mjs', import.meta.url)), 'build'])
mkdirSync(FOLDER, { recursive: true })
const wanted = (name: string) => values.only === undefined || values.only === name
const isSound = !wanted('night') || (await benchNight(contracts, print))
const isKept = !wanted('files') || (await benchFiles())
const isWritten = !wanted('writes') || (await benchWrites(contracts, print))
if (!isSound || !isKept || !isWritten) process.exit(1)

async function benchFiles(): Promise<boolean> {
  print('measuring files')
  const files = await measureFiles(rows, ROWS_FEW, ROWS_MANY)
  for (const line of filesReport(files)) print(line)
  const isWhole = files.first.counts.kept === rows && files.again.counts.unchanged === rows
  if (!isWhole) print('an import did not take in every row, or not as what it was')
  return isWhole
}

function wholeNumber(name: 'contracts' | 'rows'): number {
  const number = Number(values[name])
  if (!Number.isSafeInteger(number) || number < 100 || number > 1_000_000)
    throw new Error(`--${name} must be a whole number from 100 to 1000000`)
  return number
}
