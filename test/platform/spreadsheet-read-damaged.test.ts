import { Worker } from 'node:worker_threads'
import { writeXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { zipFile } from '../../src/platform/spreadsheet/zip-file.ts'
import { bytesOf, readAll, workbookTexts } from '../support/hand-made-workbook.ts'

const SEED = 20_220_301
const MILLISECONDS_MAX = 5_000

/** The same numbers for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

const XLSX = await writeXlsx({
  sheets: [
    {
      name: '台账',
      rows: Array.from({ length: 40 }, (_, at) => [
        `2015-${at}`,
        '示范公司',
        at / 100,
        new Date(0),
      ]),
      merges: [{ startRow: 1, startCol: 0, endRow: 2, endCol: 0 }],
    },
  ],
})
const CSV = Buffer.from('合同编号,业主\r\n2015-1,"示范,公司"\r\n2015-2,示范公司二\r\n'.repeat(20))

/** How many rows were read, or the code of the refusal. Anything else fails the test. */
async function outcome(file: Uint8Array): Promise<number | string> {
  const start = performance.now()
  try {
    const sheets = await readAll(file)
    return sheets.reduce((sum, { rows }) => sum + rows.length, 0)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.code
  } finally {
    expect(performance.now() - start).toBeLessThan(MILLISECONDS_MAX)
  }
}

describe('a damaged file gives rows or a refusal, soon', () => {
  it('cut off anywhere', async () => {
    for (let length = 0; length < XLSX.length; length += 13) {
      const expected = length === 0 ? 'file-empty' : /^(file-broken|text-encoding|file-type)$/
      expect(String(await outcome(XLSX.slice(0, length))), `${length} bytes`).toMatch(expected)
    }
  })

  it.each<[string, Uint8Array]>([
    ['xlsx', XLSX],
    ['csv', CSV],
  ])(`%s with bytes changed (seed ${SEED})`, async (_, file) => {
    const random = randomFrom(SEED)
    const outcomes = new Map<number | string, number>()
    for (let round = 0; round < 500; round++) {
      const damaged = Uint8Array.from(file)
      for (let left = 1 + random(8); left > 0; left--) damaged[random(file.length)] = random(256)
      const result = await outcome(damaged)
      outcomes.set(result, (outcomes.get(result) ?? 0) + 1)
    }
    // Some damage is seen, some does not matter.
    expect(outcomes.size).toBeGreaterThan(1)
  })

  it(`xlsx with changed XML in a whole zip (seed ${SEED})`, async () => {
    const random = randomFrom(SEED)
    const row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>42005</v></c></row>'
    const texts = workbookTexts(row)
    const paths = Object.keys(texts)
    for (let round = 0; round < 500; round++) {
      const path = paths[random(paths.length)] ?? ''
      const content = Buffer.from(texts[path] ?? '')
      for (let left = 1 + random(4); left > 0; left--)
        content[random(content.length)] = 32 + random(95)
      const parts = paths.map((other) => ({
        path: other,
        content: [other === path ? content : Buffer.from(texts[other] ?? '')],
      }))
      const result = await outcome(await bytesOf(zipFile(parts, '2022-03-01')))
      expect(typeof result === 'number' ? result : 0).toBeLessThan(3)
    }
  })
})

it('100,000 rows of 20 columns are read within a heap of 64 MB', async () => {
  const texts = workbookTexts('')
  const [before = '', after = ''] = (texts['xl/worksheets/sheet1.xml'] ?? '').split('</sheetData>')
  const cellXml = (row: number, at: number) => {
    const start = `<c r="${String.fromCharCode(65 + at)}${row}"`
    if (at % 2 === 0) return `${start}><v>${row + at / 100}</v></c>`
    return `${start} t="s"><v>${(row * 10 + at) % 500_000}</v></c>`
  }
  const rowXml = (row: number) =>
    `<row r="${row}">${Array.from({ length: 20 }, (_, at) => cellXml(row, at)).join('')}</row>`
  function* joined(count: number, xml: (no: number) => string) {
    for (let no = 0; no < count; no += 1_000)
      yield Buffer.from(Array.from({ length: 1_000 }, (_, at) => xml(no + at)).join(''))
  }
  function* sheet() {
    yield Buffer.from(before)
    yield* joined(100_000, (no) => rowXml(no + 1))
    yield Buffer.from(`</sheetData>${after}`)
  }
  function* strings() {
    yield Buffer.from('<sst>')
    yield* joined(500_000, (no) => `<si><t>四川省第${no}农业有限公司</t></si>`)
    yield Buffer.from('</sst>')
  }
  const large: Record<string, () => Iterable<Buffer>> = {
    'xl/worksheets/sheet1.xml': sheet,
    'xl/sharedStrings.xml': strings,
  }
  const parts = Object.entries(texts).map(([path, text]) => ({
    path,
    content: large[path]?.() ?? [Buffer.from(text)],
  }))
  const file = await bytesOf(zipFile(parts, '2022-03-01'))
  expect(await readInThread(file)).toEqual({ rows: 100_000, cells: 2_000_000 })
})

function readInThread(file: Buffer): Promise<unknown> {
  const program = new URL('../../src/platform/spreadsheet/read-sheets.ts', import.meta.url)
  const source = `
    import('${import.meta.resolve('tsx/esm/api')}').then(async ({ register }) => {
      register()
      const { readSheets } = await import('${program}')
      const { parentPort, workerData } = await import('node:worker_threads')
      let [rows, cells] = [0, 0]
      for await (const sheet of readSheets(workerData, 'x.xlsx', { rowsMax: 100_000 }))
        for await (const row of sheet.rows) { rows += 1; cells += row.cells.length }
      parentPort.postMessage({ rows, cells })
    })`
  const resourceLimits = { maxOldGenerationSizeMb: 64 }
  const worker = new Worker(source, { eval: true, workerData: file, resourceLimits })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
