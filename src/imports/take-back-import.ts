import { setImmediate } from 'node:timers/promises'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { amendmentFact } from '../contracts/amendment.ts'
import { contractFact } from '../contracts/contract.ts'
import { endFact } from '../contracts/contract-end.ts'
import { Refusal } from '../errors.ts'
import type { AnyFactKind, FactTableName } from '../facts/fact-kind.ts'
import { correctFact, withdrawFact } from '../facts/record-fact.ts'
import { operatorFact } from '../operators/operator.ts'
import { findPayment } from '../payments/payment-store.ts'
import { recordPayment } from '../payments/record-payment.ts'
import { reversePayment } from '../payments/reverse-payment.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { KeptFact } from '../platform/database/tables-of-imports.ts'
import { disbursementFact } from '../subsidies/disbursement.ts'
import { subsidyFact } from '../subsidies/subsidy.ts'
import { builtOn, type KeptRows } from './built-on.ts'
import { getImport, type ImportRow } from './import-store.ts'
import { isPut } from './put-versions.ts'
import { bodyOf } from './record-or-correct.ts'
import { paymentBodyOf } from './record-payment-row.ts'
import { rowsThatRecorded } from './rows-that-recorded.ts'
import { takeBackPut } from './take-back-put.ts'

const KINDS = new Map<string, AnyFactKind>(
  [operatorFact, contractFact, amendmentFact, endFact, subsidyFact, disbursementFact].map(
    (kind) => [kind.table, kind],
  ),
)
/** Readers are answered between two of them; writers wait for the whole. */
const FACTS_PER_TURN = 50
const IDS_PER_QUERY = 500

/**
 * Takes back what an import has recorded: new facts are withdrawn, corrections give way to what
 * stood before, payments are reversed and reversed ones recorded again. What somebody has withdrawn
 * since stays so.
 * Refuses: not-found, import-was-dry-run, import-already-taken-back, import-built-on,
 * import-prices-paid, rent-too-large, and what a kind of fact refuses: nothing is taken back then.
 */
export async function takeBackImport(
  tx: Writer,
  caller: Caller,
  importId: string,
  reason: string,
): Promise<void> {
  refuseWhatStays(await getImport(tx, importId))
  const rows = await keptRows(tx, importId)
  const { gone, rows: hit } = await builtOn(tx, rows)
  const kept = rows.flatMap((row) => row.facts).reverse()
  const put = kept.filter(({ kind }) => isPut(kind))
  if (hit[0]) throw (put.length > 0 ? isInUse : isBuiltOn)(hit.length, hit[0])
  const facts = kept.filter(({ id, kind }) => !gone.has(id) && !isPut(kind))
  await takeBackPut(tx, caller, put, reason)
  const owners = await rowsThatRecorded(tx, new Set(await reversedBy(tx, facts)))
  for (const [at, fact] of facts.entries()) {
    if (fact.kind === 'paymentReversals') await payAgain(tx, caller, fact.id, owners)
    else await takeBack(tx, caller, fact, reason)
    if (at % FACTS_PER_TURN === 0) await setImmediate()
  }
  const { imports } = tx.tables
  const takenBack = { takenBackAt: tx.recordedAt, takenBackBy: caller.label }
  await tx
    .update(imports)
    .set({ state: 'taken_back', ...takenBack, takenBackReason: reason })
    .where(eq(imports.id, importId))
}

function refuseWhatStays({ dryRun, state }: ImportRow): void {
  if (dryRun) throw wasDryRun
  if (state === 'taken_back') throw alreadyTakenBack
}

/** In the order of the file. */
async function keptRows(db: Reader, importId: string): Promise<KeptRows> {
  const { importRows: t } = db.tables
  return db
    .select({ sheet: t.sheet, row: t.row, facts: t.facts })
    .from(t)
    .where(and(eq(t.importId, importId), eq(t.status, 'kept')))
    .orderBy(asc(t.no))
}

async function takeBack(
  tx: Writer,
  caller: Caller,
  { kind: name, id, version }: KeptFact,
  reason: string,
): Promise<void> {
  if (name === 'payments') {
    await reversePayment(tx, caller, id, { reason })
    return
  }
  const kind = KINDS.get(name)
  if (!kind) throw new Error(`an import has recorded ${name}, which cannot be taken back`)
  if (version === 1) {
    await withdrawFact(tx, caller, kind, id, reason)
    return
  }
  const table = tx.tables[name as FactTableName]
  const [before] = await tx
    .select()
    .from(table)
    .where(and(eq(table.id, id), eq(table.version, version - 1)))
  if (!before) throw new Error(`${name} ${id} has no version before ${version}`)
  await correctFact(tx, caller, kind, id, { reason, fact: bodyOf(tx, kind, before) })
}

async function reversedBy(db: Reader, facts: readonly KeptFact[]): Promise<string[]> {
  const { paymentReversals: t } = db.tables
  const ids = facts.filter(({ kind }) => kind === 'paymentReversals').map(({ id }) => id)
  const found: string[] = []
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) {
    const part = inArray(t.id, ids.slice(at, at + IDS_PER_QUERY))
    const rows = await db.select({ paymentId: t.paymentId }).from(t).where(part)
    found.push(...rows.map(({ paymentId }) => paymentId))
  }
  return found
}

/**
 * A reversal is not undone: the payment is recorded once more, and is from now on what the row of
 * the first one has recorded, so that it goes when that is taken back.
 */
async function payAgain(
  tx: Writer,
  caller: Caller,
  reversalId: string,
  owners: Awaited<ReturnType<typeof rowsThatRecorded>>,
): Promise<void> {
  const { paymentReversals: t, importRows } = tx.tables
  const [reversal] = await tx.select().from(t).where(eq(t.id, reversalId))
  const payment = reversal && (await findPayment(tx, reversal.paymentId))
  if (!payment) throw new Error(`reversal ${reversalId} has no payment`)
  const again = await recordPayment(tx, caller, payment.contractId, paymentBodyOf(payment))
  const owner = owners.get(payment.id)
  if (!owner) return
  owner.facts = owner.facts.map((fact) =>
    fact.id === payment.id ? { ...fact, id: again.row.id } : fact,
  )
  await tx
    .update(importRows)
    .set({ facts: owner.facts })
    .where(and(eq(importRows.importId, owner.importId), eq(importRows.no, owner.no)))
}

const wasDryRun = new Refusal('conflict', 'import-was-dry-run', {
  zh: '试读没有登记任何内容,无须撤回',
  en: 'a dry run has recorded nothing',
})
const alreadyTakenBack = new Refusal('conflict', 'import-already-taken-back', {
  zh: '这次导入已撤回',
  en: 'the import was taken back before',
})
type Place = Pick<KeptRows[number], 'sheet' | 'row'>
/** Regions and prices: nobody can withdraw the later ones, only put the right ones. */
const isInUse = (count: number, { sheet, row }: Place) =>
  new Refusal('conflict', 'import-built-on', {
    zh:
      `有 ${count} 行登记的区划或粮价已被使用,或之后已重新登记(如"${sheet}"第 ${row} 行),` +
      '不能撤回;有误的请重新登记',
    en: `${count} rows are in use or were put anew since, such as row ${row} of "${sheet}"`,
  })
const isBuiltOn = (count: number, { sheet, row }: Place) =>
  new Refusal('conflict', 'import-built-on', {
    zh: `有 ${count} 行登记的内容之后又有更正或后续登记(如"${sheet}"第 ${row} 行),请先撤销这些登记`,
    en: `${count} rows have been corrected or built on since, such as row ${row} of "${sheet}"`,
  })
