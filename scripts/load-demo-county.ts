import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SERVICE } from '../src/access/caller.ts'
import type { FactKind, FactTableName } from '../src/facts/fact-kind.ts'
import { recordFact } from '../src/facts/record-fact.ts'
import type { ImportLedger } from '../src/imports/import-row.ts'
import { getImport, pageOfRows } from '../src/imports/import-store.ts'
import { type ImportDeps, runImport } from '../src/imports/run-import.ts'
import { conditionFact } from '../src/operators/condition.ts'
import { paymentBody, reversalBody } from '../src/payments/payment.ts'
import { recordPayment } from '../src/payments/record-payment.ts'
import { reversePayment } from '../src/payments/reverse-payment.ts'
import { petitionFact } from '../src/petitions/petition.ts'
import type { Writer } from '../src/platform/database/database.ts'
import { screeningFact } from '../src/screenings/screening.ts'
import { disbursementFact } from '../src/subsidies/disbursement.ts'
import { subsidyFact } from '../src/subsidies/subsidy.ts'
import { stageFact } from '../src/subsidies/subsidy-stage.ts'
import { fieldsOf, namingFields } from './demo-county/county-bodies.ts'
import type { FactFile } from './demo-county/county-tables.ts'
import { type Ids, idsByName } from './demo-county/ids-by-name.ts'
import { type FactRow, readFacts } from './demo-county/read-facts.ts'

/** One file of the fixture on its way in. */
interface Step {
  what: string
  take: () => Promise<void>
}

/**
 * Takes a county in as it would come: the bureau's tables, the townships' workbooks ledger by ledger
 * through the import, then the facts that no ledger carries. Answers what everything is called.
 * Throws when a row of a workbook is not kept or only guessed at.
 */
export async function loadDemoCounty(
  deps: ImportDeps,
  folder: string,
  onProgress: (done: number, of: number, what: string) => void = () => undefined,
): Promise<Ids> {
  const steps = stepsOf(deps, folder)
  for (const [at, { what, take }] of steps.entries()) {
    await take()
    onProgress(at + 1, steps.length, what)
  }
  return idsByName(deps.db.read)
}

function stepsOf(deps: ImportDeps, folder: string): Step[] {
  const townships = readdirSync(join(folder, 'townships')).sort()
  const books = (ledger: ImportLedger, files: readonly string[]) =>
    files.map((file): Step => {
      const path = join(folder, file)
      return { what: `${ledger} ${basename(file)}`, take: () => importBook(deps, ledger, path) }
    })
  const ofTownships = (ledger: ImportLedger) =>
    books(
      ledger,
      townships.map((file) => join('townships', file)),
    )
  const facts = (name: FactFile): Step => {
    return { what: name, take: () => recordFacts(deps, name, readFacts(folder, name)) }
  }
  return [
    ...books('regions', ['regions.xlsx']),
    ...books('grain-prices', ['grain-prices.xlsx']),
    ...ofTownships('operators'),
    ...ofTownships('contracts'),
    // Before the others: a receipt number that was entered wrongly is free again for the right entry.
    facts('reversed-payments'),
    ...ofTownships('payments'),
    ...ofTownships('subsidies'),
    facts('subsidies'),
    facts('subsidy-stages'),
    facts('disbursements'),
    facts('conditions'),
    facts('petitions'),
    facts('screenings'),
  ]
}

async function importBook(deps: ImportDeps, ledger: ImportLedger, path: string): Promise<void> {
  const wish = { ledger, fileName: basename(path), content: readFileSync(path), dryRun: false }
  const id = await runImport(deps, SERVICE, wish)
  const { read, kept } = (await getImport(deps.db.read, id)).counts
  if (kept === read) return
  const lost = { status: 'reported', after: 0, limit: 1 } as const
  const [row] = await pageOfRows(deps.db.read, id, lost)
  throw new Error(`${wish.fileName}: ${kept} of ${read} rows kept, ${JSON.stringify(row)}`)
}

const FACTS_PER_TRANSACTION = 400

async function recordFacts(
  { db }: ImportDeps,
  name: FactFile,
  rows: readonly FactRow[],
): Promise<void> {
  const ids = await idsByName(db.read)
  for (let at = 0; at < rows.length; at += FACTS_PER_TRANSACTION)
    await db.transaction(async (tx) => {
      for (const row of rows.slice(at, at + FACTS_PER_TRANSACTION))
        await RECORDED[name](tx, row, ids)
    })
}

const RECORDED: Record<FactFile, (tx: Writer, row: FactRow, ids: Ids) => Promise<unknown>> = {
  conditions: (tx, { operator = '', ...row }, ids) =>
    recorded(tx, conditionFact, fieldsOf(row), ids.of(operator)),
  payments: (tx, { contract = '', ...row }, ids) =>
    recordPayment(tx, SERVICE, ids.of(contract), paymentBody.parse(fieldsOf(row))),
  'reversed-payments': async (tx, { reason, ...payment }, ids) => {
    const recordedPayment = await RECORDED.payments(tx, payment, ids)
    const { row } = recordedPayment as Awaited<ReturnType<typeof recordPayment>>
    await reversePayment(tx, SERVICE, row.id, reversalBody.parse({ reason }))
  },
  subsidies: (tx, row, ids) => recorded(tx, subsidyFact, namingFields(row, ids)),
  'subsidy-stages': (tx, { subsidy = '', ...row }, ids) =>
    recorded(tx, stageFact, fieldsOf(row), ids.of(subsidy)),
  disbursements: (tx, { subsidy = '', ...row }, ids) =>
    recorded(tx, disbursementFact, fieldsOf(row), ids.of(subsidy)),
  petitions: (tx, row, ids) => recorded(tx, petitionFact, namingFields(row, ids)),
  screenings: (tx, { contract = '', ...row }, ids) =>
    recorded(tx, screeningFact, fieldsOf(row), ids.of(contract)),
}

function recorded<N extends FactTableName, Body extends object>(
  tx: Writer,
  kind: FactKind<N, Body>,
  fields: object,
  parentId?: string,
): Promise<unknown> {
  return recordFact(tx, SERVICE, kind, kind.body.parse(fields) as Body, parentId)
}
