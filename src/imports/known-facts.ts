import { setImmediate } from 'node:timers/promises'
import { and, asc, gt } from 'drizzle-orm'
import { rowsFor } from '../access/bounds.ts'
import type { Caller } from '../access/caller.ts'
import type { TermFacts } from '../contracts/contract-terms-store.ts'
import type { GrainPriceRow } from '../contracts/grain-price-store.ts'
import type { NewContract } from '../contracts/new-contracts.ts'
import { mailText } from '../domain/mask-name.ts'
import { readText } from '../domain/read-text.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN, lastKnown } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { lastInstant } from '../platform/database/ledger-clock.ts'
import type { ReadRow } from './import-row.ts'
import { type KnownRegions, knownRegions } from './known-regions.ts'
import { type Lookup, lookup } from './lookup.ts'
import { operatorsStandingFor } from './operator-join.ts'

export interface KnownOperator {
  id: string
  name: string
  uscc: string | null
  kind: string
  representative: string | null
  phone: string | null
}
export type KnownContract = FactRow<'contracts'>

/** What some rows that are next may be about, until somebody else records anything. */
export interface AtHand {
  rows: ReadonlySet<ReadRow>
  contracts: Lookup<KnownContract>
  /** What was agreed later, of contracts that a row of the transfer ledger may be about. */
  terms: Map<string, TermFacts>
  /** For rents in grain of the transfer ledger. */
  prices: readonly GrainPriceRow[]
  /** Fingerprints of rows that an earlier import had. */
  imported: ReadonlySet<string>
}

/**
 * What rows are looked up in, as far as the caller may know of it. Regions and operators are read
 * once an import and kept in step with what is recorded since; contracts are many, and taken at
 * hand for some rows at a time.
 */
export interface Known {
  caller: Caller
  regions: KnownRegions
  operators: Lookup<KnownOperator>
  /** Operators that were joined to another one, and who stands for them. */
  joined: Map<string, string>
  /** Contract numbers that are recorded in another way of writing, by their key. */
  spellings: Map<string, Set<string>>
  atHand: AtHand
  /** What rows before this one have recorded as soon as somebody looks: all with few statements. */
  waiting: NewContract[]
  /** Facts that rows of this import are about, each with the fingerprint of its row. */
  claims: Map<string, string>
  /** The sheet of the first row of this import that each payment is about. */
  sheets: Map<string, string>
  fingerprints: WeakMap<ReadRow, string>
  /** How many rows of this import said exactly the same. */
  repeats: Map<string, number>
  /** Days and townships for which this import has noted that something was recorded. */
  noted: Set<string>
  /** The transaction up to which facts of others are known. */
  inStepAt: string
}

/** Ledgers leave the service with mobile and ID numbers masked, those in a name too. */
export const nameKey = (name: string) => `name ${mailText(readText(name) ?? name)}`
export const usccKey = (uscc: string) => `uscc ${(readText(uscc) ?? uscc).toUpperCase()}`
export const numberKey = (contractNo: string) => readText(contractNo) ?? contractNo
export const operatorKey = (operatorId: string) => `of ${operatorId}`
/** Whether a row that says something else is about a fact. */
export function isClaimed({ claims }: Known, id: string, fingerprint: string): boolean {
  const claimed = claims.get(id)
  return claimed !== undefined && claimed !== fingerprint
}
type Terms = Pick<KnownContract, 'operatorId' | 'villageCode' | 'startOn' | 'areaHundredths'>
/** What a contract without a number is known by. */
export const termsKey = (terms: Terms) =>
  `terms ${terms.operatorId} ${terms.villageCode} ${terms.startOn} ${terms.areaHundredths}`

const NOTHING_AT_HAND: AtHand = {
  rows: new Set(),
  contracts: contractLookup(),
  terms: new Map(),
  prices: [],
  imported: new Set(),
}

export function contractLookup(): Lookup<KnownContract> {
  return lookup((contract) => [
    ...(contract.contractNo === null ? [] : [numberKey(contract.contractNo)]),
    operatorKey(contract.operatorId),
    termsKey(contract),
  ])
}

export async function loadKnown(db: Reader, caller: Caller): Promise<Known> {
  // Before anything is read: what is recorded meanwhile is taken in once more.
  const inStepAt = (await lastInstant(db)) ?? ''
  const known: Known = {
    caller,
    regions: await knownRegions(db, caller),
    operators: lookup(({ name, uscc }) =>
      uscc === null ? [nameKey(name)] : [nameKey(name), usccKey(uscc)],
    ),
    joined: new Map(),
    spellings: new Map(),
    atHand: NOTHING_AT_HAND,
    waiting: [],
    claims: new Map(),
    sheets: new Map(),
    fingerprints: new WeakMap(),
    repeats: new Map(),
    noted: new Set(),
    inStepAt,
  }
  await takeOperators(db, known, '')
  await loadSpellings(db, known)
  return known
}

/** Takes in what others have recorded since the last transaction of this import, if anything. */
export async function keepInStep(tx: Writer, known: Known): Promise<boolean> {
  const { inStepAt } = known
  known.inStepAt = tx.recordedAt
  if (inStepAt === tx.recordedAt || tx.previousAt === inStepAt) return true
  await takeOperators(tx, known, inStepAt)
  const { contracts: t } = tx.tables
  const ofOthers = gt(t.recordedAt, inStepAt)
  keepSpellings(known, await tx.select({ contractNo: t.contractNo }).from(t).where(ofOthers))
  return false
}

/** Joins, and operators with a version after `after`; withdrawn ones are dropped. */
async function takeOperators(db: Reader, known: Known, after: string): Promise<void> {
  const { operators, caller } = known
  const { operators: t } = db.tables
  known.joined = await operatorsStandingFor(db)
  const rows = await db
    .select({
      id: t.id,
      name: t.name,
      uscc: t.uscc,
      kind: t.kind,
      representative: t.representative,
      phone: t.phone,
      withdrawn: t.withdrawn,
    })
    .from(t)
    .where(and(gt(t.recordedAt, after), lastKnown(t, ALL_KNOWN), rowsFor(db, 'operators', caller)))
    .orderBy(asc(t.id))
  for (const { withdrawn, ...operator } of rows)
    if (withdrawn) operators.drop(operator.id)
    else operators.put(operator)
}

const NUMBERS_PER_PAGE = 1000

/** All in pages of which none keeps others waiting. */
async function loadSpellings(db: Reader, known: Known): Promise<void> {
  const { contracts: t } = db.tables
  for (let last = ''; ; await setImmediate()) {
    const page = await db
      .select({ id: t.id, contractNo: t.contractNo })
      .from(t)
      .where(and(gt(t.id, last), lastKnown(t, ALL_KNOWN)))
      .orderBy(asc(t.id))
      .limit(NUMBERS_PER_PAGE)
    keepSpellings(known, page)
    if (page.length < NUMBERS_PER_PAGE) return
    last = page.at(-1)?.id ?? ''
  }
}

/**
 * A row is read in one way of writing; people may have recorded a number in another (full-width,
 * with spaces). Those are kept, whatever becomes of their contracts.
 */
function keepSpellings({ spellings }: Known, contracts: readonly { contractNo: string | null }[]) {
  for (const { contractNo } of contracts) {
    if (contractNo === null || numberKey(contractNo) === contractNo) continue
    const others = spellings.get(numberKey(contractNo)) ?? new Set()
    spellings.set(numberKey(contractNo), others.add(contractNo))
  }
}
