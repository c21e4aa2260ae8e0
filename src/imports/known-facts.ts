import { and, asc, gt } from 'drizzle-orm'
import { mailText } from '../domain/mask-name.ts'
import { readText } from '../domain/read-text.ts'
import { ALL_KNOWN, lastKnown } from '../facts/fact-store.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { lastInstant } from '../platform/database/ledger-clock.ts'
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

export interface KnownContract {
  id: string
  contractNo: string | null
  operatorId: string
  villageCode: string
  startOn: string
  areaHundredths: number
  lessorKind: string
  lessorName: string | null
}

/** What rows are looked up in: read once an import, kept in step with what is recorded since. */
export interface Known {
  regions: KnownRegions
  operators: Lookup<KnownOperator>
  contracts: Lookup<KnownContract>
  /** Operators that were joined to another one, and who stands for them. */
  joined: Map<string, string>
  /** Facts that a row of this import is about, and the fingerprint of that row. */
  claims: Map<string, string>
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
export const numberKey = (contractNo: string) => `no ${readText(contractNo) ?? contractNo}`
export const operatorKey = (operatorId: string) => `of ${operatorId}`
type Terms = Pick<KnownContract, 'operatorId' | 'villageCode' | 'startOn' | 'areaHundredths'>
/** What a contract without a number is known by. */
export const termsKey = (terms: Terms) =>
  `terms ${terms.operatorId} ${terms.villageCode} ${terms.startOn} ${terms.areaHundredths}`

/** What is remembered of a contract. */
export const knownContract = (contract: KnownContract): KnownContract => ({
  id: contract.id,
  contractNo: contract.contractNo,
  operatorId: contract.operatorId,
  villageCode: contract.villageCode,
  startOn: contract.startOn,
  areaHundredths: contract.areaHundredths,
  lessorKind: contract.lessorKind,
  lessorName: contract.lessorName,
})

export async function loadKnown(db: Reader): Promise<Known> {
  // Before anything is read: what is recorded meanwhile is taken in once more.
  const inStepAt = (await lastInstant(db)) ?? ''
  const known: Known = {
    regions: await knownRegions(db),
    operators: lookup(({ name, uscc }) =>
      uscc === null ? [nameKey(name)] : [nameKey(name), usccKey(uscc)],
    ),
    contracts: lookup((contract) => [
      ...(contract.contractNo === null ? [] : [numberKey(contract.contractNo)]),
      operatorKey(contract.operatorId),
      termsKey(contract),
    ]),
    joined: new Map(),
    claims: new Map(),
    repeats: new Map(),
    noted: new Set(),
    inStepAt,
  }
  await take(db, known, '')
  return known
}

/** Takes in what others have recorded since the last transaction of this import. */
export async function keepInStep(tx: Writer, known: Known): Promise<void> {
  const { inStepAt } = known
  if (inStepAt === tx.recordedAt) return
  known.inStepAt = tx.recordedAt
  // Looking for what is new goes through all contracts: only when others have recorded anything.
  if (tx.previousAt !== inStepAt) await take(tx, known, inStepAt)
}

/** Joins, and operators and contracts with a version after `after`; withdrawn ones are dropped. */
async function take(db: Reader, known: Known, after: string): Promise<void> {
  const { operators, contracts } = known
  const { operators: o, contracts: c } = db.tables
  known.joined = await operatorsStandingFor(db)
  const newer = (table: typeof o | typeof c) =>
    and(gt(table.recordedAt, after), lastKnown(table, ALL_KNOWN))
  const operatorRows = await db
    .select({
      id: o.id,
      name: o.name,
      uscc: o.uscc,
      kind: o.kind,
      representative: o.representative,
      phone: o.phone,
      withdrawn: o.withdrawn,
    })
    .from(o)
    .where(newer(o))
    .orderBy(asc(o.id))
  for (const { withdrawn, ...operator } of operatorRows)
    if (withdrawn) operators.drop(operator.id)
    else operators.put(operator)
  const contractRows = await db
    .select({
      id: c.id,
      contractNo: c.contractNo,
      operatorId: c.operatorId,
      villageCode: c.villageCode,
      startOn: c.startOn,
      areaHundredths: c.areaHundredths,
      lessorKind: c.lessorKind,
      lessorName: c.lessorName,
      withdrawn: c.withdrawn,
    })
    .from(c)
    .where(newer(c))
    .orderBy(asc(c.id))
  for (const { withdrawn, ...contract } of contractRows)
    if (withdrawn) contracts.drop(contract.id)
    else contracts.put(contract)
}
