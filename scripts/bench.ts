import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FOLDER } from './bench/bench-county.ts'
import { benchNight } from './bench/bench-night.ts'
import { benchRequests } from './bench/bench-requests.ts'
import { benchWrites } from './bench/bench-writes.ts'
import { filesReport } from './bench/files-report.ts'
import { measureFiles } from './bench/measure-files.ts'

const PARTS: Record<string, () => Promise<boolean>> = {
  /** What the night costs, and its facts step beside DuckDB. */
  night: () => benchNight(contracts, print),
  /** What a second holds, beside Fastify alone with the same bytes. */
  requests: () => benchRequests(contracts, print),
  /** Payments beside bare inserts, the start, requests during a night. */
  writes: () => benchWrites(contracts, print),
  /** Imports and exports beside the spreadsheet library alone. */
  files: benchFiles,
}

/**
 * `npm run bench -- [--only <part>] [--contracts 100000] [--rows 50000]`. It ends with 1 when an
 * answer is not what it should be: then its time would not be worth comparing.
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

const wanted = values.only === undefined ? Object.keys(PARTS) : [values.only]
if (wanted.some((part) => !Object.hasOwn(PARTS, part)))
  throw new Error(`--only must be one of ${Object.keys(PARTS).join(', ')}`)
const contracts = wholeNumber('contracts')
const rows = wholeNumber('rows')
const print = (line: string) => void process.stdout.write(`${line}\n`)

// What is measured is the program that `npm start` runs.
execFileSync(process.execPath, [fileURLToPath(new URL('./setup.mjs', import.meta.url)), 'build'])
mkdirSync(FOLDER, { recursive: true })
for (const part of wanted) if (!(await PARTS[part]?.())) process.exitCode = 1

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
