import { and, inArray, isNull, type SQL } from 'drizzle-orm'
import { rowsFor } from '../access/bounds.ts'
import { type TermFacts, termsOfContracts } from '../contracts/contract-terms-store.ts'
import { allGrainPrices } from '../contracts/grain-price-store.ts'
import { groupBy } from '../domain/group-by.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Tables } from '../platform/database/tables.ts'
import { operatorsNamed, type Party } from './find-operator.ts'
import type { ContractRecord, ImportLedger, ReadRow } from './import-row.ts'
import {
  contractLookup,
  type Known,
  type KnownContract,
  keepInStep,
  numberKey,
} from './known-facts.ts'
import { areaHundredthsOf } from './match-contract.ts'
import { importedBefore, rowFingerprint } from './row-fingerprint.ts'
import { recordWaiting } from './waiting-contracts.ts'

const ROWS_PER_QUERY = 200

interface Run {
  importId: string
  known: Known
}

/**
 * Takes at hand, as this transaction sees it, what some rows may be about, and the `next` ones with
 * them: a query for all instead of some for each. Nothing is done where that holds already: nobody
 * else has recorded anything since.
 */
export async function takeAtHand(
  tx: Writer,
  { importId, known }: Run,
  ledger: ImportLedger,
  needed: readonly ReadRow[],
  next = () => needed,
): Promise<void> {
  const isInStep = await keepInStep(tx, known)
  if (isInStep && needed.every((row) => known.atHand.rows.has(row))) return
  await recordWaiting(tx, known)
  const rows = next()
  await takeContracts(tx, known, ledger, rows)
  const read = rows.filter(({ status }) => status === 'read')
  const fingerprints = read.map((row) => fingerprintOf(known, ledger, row))
  const imported = await importedBefore(tx, known.caller, importId, fingerprints)
  known.atHand = { ...known.atHand, rows: new Set(rows), imported }
}

/** The same as far as contracts go, without a look at what was imported before. */
export async function takeContracts(
  db: Reader,
  known: Known,
  ledger: ImportLedger,
  rows: readonly ReadRow[],
): Promise<void> {
  const contracts = contractLookup()
  const terms = new Map<string, TermFacts>()
  for (let at = 0; at < rows.length; at += ROWS_PER_QUERY) {
    const found = await contractsOf(db, known, ledger, rows.slice(at, at + ROWS_PER_QUERY))
    for (const contract of found) contracts.put(contract)
    if (ledger !== 'contracts') continue
    for (const facts of await termsOfContracts(db, found)) terms.set(facts.contract.id, facts)
  }
  const prices = ledger === 'contracts' ? await allGrainPrices(db) : []
  known.atHand = { rows: new Set(), contracts, terms, prices, imported: new Set() }
}

/**
 * Of what a row says; asked for in the order of the file. Two payments without a receipt may
 * rightly be equal; other rows that are equal are one.
 */
export function fingerprintOf(known: Known, ledger: ImportLedger, row: ReadRow): string {
  const { fingerprints, repeats } = known
  const before = fingerprints.get(row)
  if (before !== undefined) return before
  const record = row.record ?? {}
  let fingerprint = row.fingerprint ?? rowFingerprint(ledger, record)
  if (ledger === 'payments' && !('receiptNo' in record)) {
    const ordinal = repeats.get(fingerprint) ?? 0
    repeats.set(fingerprint, ordinal + 1)
    if (ordinal > 0) fingerprint = rowFingerprint(ledger, record, ordinal)
  }
  fingerprints.set(row, fingerprint)
  return fingerprint
}

type Named = Party & Partial<Pick<ContractRecord, 'contractNo' | 'startOn' | 'rent'>> & AreaNamed
interface AreaNamed {
  areaMu?: number | undefined
}

/** The contracts that rows may be about: by number, or by whoever leases and what else is said. */
async function contractsOf(
  db: Reader,
  known: Known,
  ledger: ImportLedger,
  rows: readonly ReadRow[],
): Promise<KnownContract[]> {
  const { contracts: t } = db.tables
  const records = rows.map(({ record = {} }) => record as Named)
  const numbers = records.flatMap(({ contractNo }) => spellingsOf(known, contractNo))
  const wanted: (SQL | undefined)[] = numbers.length > 0 ? [inArray(t.contractNo, numbers)] : []
  // What the transfer ledger has a number for may be recorded without one.
  const byTerms = records.filter(
    ({ contractNo }) => contractNo === undefined || ledger === 'contracts',
  )
  const alike = groupBy(byTerms, (one) => `${isExact(one)} ${one.contractNo === undefined}`)
  for (const some of alike.values()) wanted.push(...withTerms(t, known, some))
  const found = new Map<string, KnownContract>()
  const mayKnow = rowsFor(db, 'contracts', known.caller)
  const standing = standingFacts(t, ALL_KNOWN)
  for (const condition of wanted) {
    const contracts = await db
      .select()
      .from(t)
      .where(and(condition, mayKnow, standing))
    for (const contract of contracts) found.set(contract.id, contract)
  }
  return [...found.values()]
}

/** Contracts by whoever leases, with the terms that all of these records give. */
function withTerms(
  t: Tables['contracts'],
  known: Known,
  records: readonly Named[],
): (SQL | undefined)[] {
  const operators = records.flatMap((record) => operatorsNamed(known, record))
  const [first] = records
  if (!first || operators.length === 0) return []
  const ids = distinct(operators.map(({ id }) => id))
  const conditions = [inArray(t.operatorId, ids)]
  if (first.contractNo !== undefined) conditions.push(isNull(t.contractNo))
  if (isExact(first)) {
    conditions.push(inArray(t.startOn, distinct(records.map(({ startOn = '' }) => startOn))))
    conditions.push(inArray(t.areaHundredths, distinct(records.map((one) => areaOf(one) ?? 0))))
  }
  return [and(...conditions)]
}

/** A number as a row has it, and as it is recorded where that is written otherwise. */
function spellingsOf({ spellings }: Known, contractNo: string | undefined): string[] {
  if (contractNo === undefined) return []
  const key = numberKey(contractNo)
  return [key, ...(spellings.get(key) ?? [])]
}

const isExact = (record: Named) => record.startOn !== undefined && areaOf(record) !== undefined

function areaOf({ rent, areaMu }: Named): number | undefined {
  if (rent) return areaHundredthsOf(rent)
  return areaMu === undefined ? undefined : Math.round(areaMu * 100)
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)]
