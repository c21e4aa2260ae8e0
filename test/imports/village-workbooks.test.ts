import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeVillageWorkbooks } from '../../scripts/village-workbooks/write-village-workbooks.ts'
import { maskedView } from '../../src/domain/masked-view.ts'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'

const FOLDER = resolve(import.meta.dirname, '../../fixtures/village-workbooks')
const WORKBOOKS = readdirSync(FOLDER).filter((name) => /\.(xlsx|csv)$/.test(name))

/** What a person makes of a workbook: written by hand from what its cells mean. */
interface Expected {
  ledger: string
  fileName: string
  /** Ledgers that must have been taken in before. */
  first?: { ledger: string; file: string }[]
  counts: Record<string, number>
  skipped: Record<string, number[]>
  rows: ExpectedRow[]
  standings?: { contractNo: string; asOf: string }[]
  /** Operators that are probably one, in several spellings. */
  proposals?: string[][]
}
interface ExpectedRow {
  sheet: string
  row: number
  status: string
  record?: object
  /** Column and value. */
  guessed?: [string, string][]
  /** Column and code. */
  problems?: [string, string][]
  /** The kind of an operator that the row is the first to name. */
  newOperator?: string
}
// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely by tests
type Reply = any
interface ReportRow extends Required<Pick<ExpectedRow, 'sheet' | 'row' | 'status'>> {
  record: Reply
  guessed: { column: string; value: string; readAs: string }[]
  problems: { column: string; value: string; code: string; reason: string }[]
}

const expectedOf = (file: string): Expected =>
  JSON.parse(readFileSync(join(FOLDER, file.replace(/\.\w+$/, '.expected.json')), 'utf8'))

const REGIONS: [string, string, string?][] = [
  ['519901', '柑源县'],
  ['519901101', '云栎镇'],
  ['519901102', '麻柳塘镇'],
  ['519901101201', '凤凰桥村', '2029-06-30'],
  ['519901101202', '老鹰坝村'],
  ['519901101203', '碾子塘村'],
  ['519901101204', '桂花桥村'],
  ['519901101205', '双井堰村'],
  ['519901101206', '观音埝村'],
  ['519901101207', '邓家滩村'],
  ['519901102201', '方碑岭村'],
  // Renamed since.
  ['519901102202', '斑竹村'],
  ['519901102202', '斑竹塘村'],
  ['519901102203', '慈竹塘村'],
  ['519901102204', '青杠堰村'],
]

let county: TestCounty
const temporary = mkdtempSync(join(tmpdir(), 'village-workbooks-'))
afterAll(() => rmSync(temporary, { recursive: true }))

beforeEach(async () => {
  county = await openTestCounty('2021-10-31')
  for (const [code, name, secondRoundExpiresOn] of REGIONS)
    await county.put(`/regions/${code}`, { name, secondRoundExpiresOn })
})
afterEach(() => county.close())

async function importFile(ledger: string, file: string, query = ''): Promise<Reply> {
  const form = new FormData()
  const { fileName } = expectedOf(file)
  form.append('file', new Blob([readFileSync(join(FOLDER, file))]), fileName)
  const body = new Response(form)
  const reply = await county.inject({
    method: 'POST',
    url: `/api/v1/imports/${ledger}${query}`,
    headers: {
      authorization: `Bearer ${county.token}`,
      'content-type': body.headers.get('content-type') ?? '',
    },
    payload: Buffer.from(await body.arrayBuffer()),
  })
  expect(reply.status, JSON.stringify(reply.body)).toBe(query === '' ? 201 : 200)
  return reply.body
}

const placeOf = ({ sheet, row }: { sheet: string; row: number }) => `${sheet}!${row}`
const rowsOf = (report: Reply) =>
  new Map((report.rows as ReportRow[]).map((row) => [placeOf(row), row]))

/** What the kind of a new operator was guessed from: its name. */
const isOfKind = ({ record }: ReportRow, { value }: { value: string }) =>
  value === (record?.operatorName ?? record?.name)
const guessesOf = (row: ReportRow): [string, string][] =>
  row.guessed
    .filter((guess) => !isOfKind(row, guess))
    .map(({ column, value }): [string, string] => [column, value])
    .sort(byText)
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

function requireRow(expected: ExpectedRow, row: ReportRow): void {
  const place = placeOf(expected)
  expect(row.status, `${place} ${JSON.stringify(row.problems)}`).toBe(expected.status)
  if (expected.record) expect(row.record, place).toMatchObject(maskedView(expected.record))
  const problems = row.problems.map(({ column, code }) => [column, code])
  expect(problems, place).toEqual(expected.problems ?? [])
  for (const { reason } of row.problems) expect(reason, place).toMatch(/\p{Script=Han}/u)
  if (expected.status === 'reported') return
  expect(guessesOf(row), place).toEqual((expected.guessed ?? []).sort(byText))
  for (const { readAs } of row.guessed) expect(readAs, place).not.toBe('')
}

describe.each(WORKBOOKS)('%s', (file) => {
  const expected = expectedOf(file)
  const takeIn = async (query?: string) => importFile(expected.ledger, file, query)
  beforeEach(async () => {
    for (const { ledger, file } of expected.first ?? []) await importFile(ledger, file)
  })

  it('is read as its village meant it', async () => {
    const report = await takeIn()
    const rows = rowsOf(report)
    for (const one of expected.rows) {
      const row = rows.get(placeOf(one))
      expect(row, placeOf(one)).toBeDefined()
      if (row) requireRow(one, row)
    }
    const skipped = Object.entries(expected.skipped).flatMap(([sheet, numbers]) =>
      numbers.map((row) => placeOf({ sheet, row })),
    )
    const left = report.rows.filter(({ status }: ReportRow) => status === 'skipped').map(placeOf)
    expect(left.sort()).toEqual(skipped.sort())
    expect(report.counts).toEqual(expected.counts)
    expect(report.rows).toHaveLength(expected.rows.length + skipped.length)
  })

  it('records what it says, new operators with their kind', async () => {
    const rows = rowsOf(await takeIn())
    const { items: operators } = await county.read('/operators?limit=500')
    for (const one of expected.rows) {
      const row = rows.get(placeOf(one))
      if (row?.status !== 'kept') continue
      const told = row.guessed.filter((guess) => isOfKind(row, guess))
      expect(told, placeOf(one)).toHaveLength(one.newOperator ? 1 : 0)
      if (!one.newOperator) continue
      const name = row.record.operatorName ?? row.record.name
      const found = operators.filter((operator: { name: string }) => operator.name === name)
      expect(found, name).toMatchObject([{ kind: one.newOperator }])
    }
    const { items: contracts } = await county.read('/contracts?limit=500')
    for (const { contractNo, asOf, ...figures } of expected.standings ?? []) {
      const { id } = contracts.find((one: { contractNo: string }) => one.contractNo === contractNo)
      const standing = await county.read(`/contracts/${id}/standing?asOf=${asOf}`)
      expect(standing, contractNo).toMatchObject(figures)
    }
    const { items: proposals } = await county.read('/operator-join-proposals')
    const names = proposals.map(({ operators }: { operators: { name: string }[] }) =>
      operators.map(({ name }) => name).sort(),
    )
    expect(names).toEqual((expected.proposals ?? []).map((list) => list.sort()))
  })

  it('adds nothing when it is handed in again', async () => {
    await takeIn()
    const before = await county.rows()
    const { counts } = await takeIn()
    const { read, kept, unchanged, reported, skipped } = expected.counts
    expect(counts).toEqual({
      read,
      kept: 0,
      unchanged: (kept ?? 0) + (unchanged ?? 0),
      reported,
      skipped,
    })
    expect(await county.rows()).toEqual(before)
  })

  it('is only tried out by a dry run', async () => {
    const before = await county.rows()
    const { counts } = await takeIn('?dryRun=true')
    expect(counts).toEqual(expected.counts)
    expect(await county.rows()).toEqual(before)
  })
})

/** The parts of a workbook; another processor may pack the same ones into other bytes. */
function contentOf(folder: string, file: string): unknown {
  const bytes = readFileSync(join(folder, file))
  if (!file.endsWith('.xlsx')) return bytes.toString('latin1')
  return unzipped(bytes).map(({ path, content }) => [path, content.toString()])
}

it('has an expectation for each workbook, and each comes out the same when it is made', async () => {
  const made = await writeVillageWorkbooks(temporary)
  expect(made.sort()).toEqual(WORKBOOKS.sort())
  for (const file of made) expect(contentOf(temporary, file), file).toEqual(contentOf(FOLDER, file))
})
