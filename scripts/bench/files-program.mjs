// One reading or writing of a file by the built program or by the library alone, in a process of its
// own, so that its peak memory is its own. Plain JavaScript, as a thread would load TypeScript anew.
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { streamXlsxRows, writeXlsxStream } from 'hucre/xlsx'
import { SERVICE } from '../../dist/access/caller.js'
import { rowsInThread } from '../../dist/imports/import-rows-in-thread.js'
import { getImport } from '../../dist/imports/import-store.js'
import { runImport } from '../../dist/imports/run-import.js'
import { depsOf } from '../../dist/open-service.js'
import { openSqlite } from '../../dist/platform/database/open-sqlite.js'
import { keepHeapLean } from '../../dist/platform/lean-heap.js'
import { createLogger } from '../../dist/platform/log/logger.js'
import { writeWorkbook } from '../../dist/platform/spreadsheet/write-workbook.js'

const COLUMNS = 20
const KINDS = ['text', 'text', 'prose', 'count', 'mu', 'yuan', 'day', 'text', 'yuan', 'mu']
const FORMATS = { count: '#,##0', mu: '#,##0.00', yuan: '#,##0.00', day: 'yyyy-mm-dd' }
const HUNDREDTHS = ['mu', 'yuan']

const [task, ...words] = process.argv.slice(2)
const tasks = { read, import: importFile, write, writeAlone }
process.stdout.write(JSON.stringify(await tasks[task](...words)))

async function measured(work) {
  const startedAt = performance.now()
  const result = await work()
  const seconds = (performance.now() - startedAt) / 1000
  return { seconds, peakBytes: process.resourceUsage().maxRSS * 1024, ...result }
}

function read(path) {
  const content = readFileSync(path)
  return measured(async () => {
    let rows = 0
    for await (const _ of streamXlsxRows(content)) rows += 1
    return { rows }
  })
}

/** One import of a file after the other: what comes first finds an empty county. */
async function importFile(path, county, now, timeZone, times) {
  keepHeapLean()
  const clock = { now: () => new Date(now), timeZone }
  const db = openSqlite(county, clock)
  const place = { code: '519901', name: 'bench' }
  const reading = {
    readFile: rowsInThread,
    importLimits: { bytesMax: 2 ** 30, rowsMax: 2 ** 20 },
  }
  const deps = depsOf(db, clock, createLogger('silent'), null, place, null, reading)
  const content = readFileSync(path)
  const wish = { ledger: 'contracts', fileName: 'contracts.xlsx', content, dryRun: false }
  const attempt = () =>
    measured(async () => {
      const delays = monitorEventLoopDelay({ resolution: 5 })
      delays.enable()
      const id = await runImport(deps, SERVICE, wish)
      delays.disable()
      const { counts } = await getImport(db.read, id)
      return { counts, longestWaitMs: delays.max / 1e6 }
    })
  const attempts = []
  for (let no = 0; no < Number(times); no++) attempts.push(await attempt())
  await db.close()
  return attempts
}

function write(rows) {
  const columns = Array.from({ length: COLUMNS }, (_, at) => ({
    heading: `第${at + 1}列`,
    kind: KINDS[at % KINDS.length],
    width: 14,
  }))
  const cells = (function* () {
    for (const row of rowsOf(Number(rows))) yield { cells: row }
  })()
  const sheet = { name: 'bench', title: 'bench', about: 'bench', columns, rows: cells }
  const book = { title: 'bench', day: '2024-06-30', sheets: [sheet], notes: [] }
  return measured(async () => {
    let bytes = 0
    for await (const chunk of writeWorkbook(book)) bytes += chunk.length
    return { bytes }
  })
}

/** The same cells as numbers, texts and days of the library. */
function writeAlone(rows) {
  const values = (function* () {
    for (const row of rowsOf(Number(rows))) yield row.map(valueAt)
  })()
  const columns = Array.from({ length: COLUMNS }, (_, at) => ({
    header: `第${at + 1}列`,
    numFmt: FORMATS[KINDS[at % KINDS.length]],
    width: 14,
  }))
  return measured(async () => {
    let bytes = 0
    for await (const chunk of writeXlsxStream(values, { name: 'bench', columns }))
      bytes += chunk.length
    return { bytes }
  })
}

function valueAt(cell, at) {
  const kind = KINDS[at % KINDS.length]
  if (kind === 'day') return new Date(cell)
  return HUNDREDTHS.includes(kind) ? cell / 100 : cell
}

function* rowsOf(rows) {
  for (let no = 0; no < rows; no++) yield Array.from({ length: COLUMNS }, (_, at) => cellOf(no, at))
}

function cellOf(no, at) {
  const kind = KINDS[at % KINDS.length]
  if (kind === 'day') return `20${10 + (no % 14)}-${10 + (at % 3)}-${10 + (no % 19)}`
  if (kind === 'text') return `第${no}号种植专业合作社`
  if (kind === 'prose') return `每年12月31日前支付,合同第${no}条另有约定的除外`
  return no * 37 + at
}
