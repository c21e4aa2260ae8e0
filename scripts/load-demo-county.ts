import { SERVICE } from '../src/access/caller.ts'
import { amendmentFact } from '../src/contracts/amendment.ts'
import { contractFact } from '../src/contracts/contract.ts'
import { endFact } from '../src/contracts/contract-end.ts'
import { putGrainPrice } from '../src/contracts/put-grain-price.ts'
import type { FactKind, FactTableName } from '../src/facts/fact-kind.ts'
import { recordFact } from '../src/facts/record-fact.ts'
import { conditionFact } from '../src/operators/condition.ts'
import { operatorFact } from '../src/operators/operator.ts'
import { paymentBody, reversalBody } from '../src/payments/payment.ts'
import { recordPayment } from '../src/payments/record-payment.ts'
import { reversePayment } from '../src/payments/reverse-payment.ts'
import { petitionFact } from '../src/petitions/petition.ts'
import type { Database, Writer } from '../src/platform/database/database.ts'
import { putRegion } from '../src/regions/put-region.ts'
import { screeningFact } from '../src/screenings/screening.ts'
import { disbursementFact } from '../src/subsidies/disbursement.ts'
import { subsidyFact } from '../src/subsidies/subsidy.ts'
import { stageFact } from '../src/subsidies/subsidy-stage.ts'
import { amendedRentOf, fieldsOf, given, rentOf } from './demo-county/county-bodies.ts'
import {
  COLUMNS,
  type CountyTables,
  type Row,
  type TableName,
} from './demo-county/county-tables.ts'
import { rowsBy } from './demo-county/read-county.ts'

const FACTS_PER_TRANSACTION = 400

/** One row of the fixture, to be recorded inside a transaction. */
interface Fact {
  kind: TableName
  record: (tx: Writer) => Promise<unknown>
}

/**
 * Records a county through the service's own verbs, in the order in which one fact needs another,
 * a few hundred to a transaction; answers the ids of what it has recorded.
 */
export async function loadDemoCounty(
  db: Database,
  tables: CountyTables,
  onProgress: (done: number, of: number, kind: string) => void = () => undefined,
): Promise<Ids> {
  const ids = new Ids()
  const facts = factsOf(tables, ids)
  for (let at = 0; at < facts.length; at += FACTS_PER_TRANSACTION) {
    const batch = facts.slice(at, at + FACTS_PER_TRANSACTION)
    await db.transaction(async (tx) => {
      for (const { record } of batch) await record(tx)
    })
    onProgress(at + batch.length, facts.length, batch.at(-1)?.kind ?? '')
  }
  return ids
}

function factsOf(tables: CountyTables, ids: Ids): Fact[] {
  const facts = <N extends TableName>(
    kind: N,
    record: (tx: Writer, row: Row<N>) => Promise<unknown>,
  ): Fact[] =>
    (tables[kind] as Row<N>[]).map((row) => ({
      kind,
      record: (tx) => record(tx, row),
    }))
  const lines = rowsBy(tables['rent-lines'], ({ contract }) => contract)
  const linesOf = (contract: string) => lines.get(contract) ?? []
  return [
    ...facts('regions', putVillage),
    ...facts('grain-prices', putPrice),
    ...facts('operators', async (tx, row) =>
      ids.keep(row.key, await recorded(tx, operatorFact, fieldsOf(row, OPERATOR_FIELDS))),
    ),
    ...facts('conditions', (tx, { operator, ...row }) =>
      recorded(tx, conditionFact, fieldsOf(row), ids.of(operator)),
    ),
    ...facts('contracts', async (tx, row) => {
      const body = contractBody(row, linesOf(row.key), ids)
      ids.keep(row.key, await recorded(tx, contractFact, body))
    }),
    ...facts('amendments', (tx, row) => {
      const rent = amendedRentOf(row, linesOf(row.contract))
      const body = { ...fieldsOf(row, ['effectiveOn', 'reason', 'endOn']), ...(rent && { rent }) }
      return recorded(tx, amendmentFact, body, ids.of(row.contract))
    }),
    ...facts('ends', (tx, { contract, ...row }) =>
      recorded(tx, endFact, fieldsOf(row), ids.of(contract)),
    ),
    ...paymentFacts(tables, ids),
    ...facts('subsidies', async (tx, { key, ...row }) =>
      ids.keep(key, await recorded(tx, subsidyFact, namingFields(row, ids))),
    ),
    ...facts('subsidy-stages', (tx, { subsidy, ...row }) =>
      recorded(tx, stageFact, fieldsOf(row), ids.of(subsidy)),
    ),
    ...facts('disbursements', (tx, { subsidy, ...row }) =>
      recorded(tx, disbursementFact, fieldsOf(row), ids.of(subsidy)),
    ),
    ...facts('petitions', (tx, row) => recorded(tx, petitionFact, namingFields(row, ids))),
    ...facts('screenings', (tx, { contract, ...row }) =>
      recorded(tx, screeningFact, fieldsOf(row), ids.of(contract)),
    ),
  ]
}

const OPERATOR_FIELDS = COLUMNS.operators.filter((column) => column !== 'key')
const TERM_FIELDS = ['contractNo', 'villageCode', 'landUse', 'startOn', 'endOn', 'signedOn']
const SECURITY_FIELDS = ['riskDepositFen', 'insured', 'penaltyPer10kPerDay', 'toleranceDays']

function contractBody(row: Row<'contracts'>, lines: readonly Row<'rent-lines'>[], ids: Ids) {
  const { lessorKind: kind, lessorName } = row
  const name = given(lessorName)
  return {
    operatorId: ids.of(row.operator),
    ...fieldsOf(row, TERM_FIELDS),
    lessor: { kind, ...(name && { name }), ...fieldsOf(row, ['households', 'people']) },
    rent: rentOf(row, lines),
    ...fieldsOf(row, SECURITY_FIELDS),
  }
}

/** A receipt number that was entered wrongly is free again for the right entry that follows. */
function paymentFacts(tables: CountyTables, ids: Ids): Fact[] {
  const reversals = new Map(tables.reversals.map(({ payment, reason }) => [payment, reason]))
  return tables.payments.flatMap(({ key, contract, ...row }): Fact[] => {
    const reason = reversals.get(key)
    const payment: Fact = {
      kind: 'payments',
      record: async (tx) => {
        const body = paymentBody.parse(fieldsOf(row))
        const recordedPayment = await recordPayment(tx, SERVICE, ids.of(contract), body)
        ids.keep(key, recordedPayment.row.id)
      },
    }
    if (reason === undefined) return [payment]
    const reversal = (tx: Writer) =>
      reversePayment(tx, SERVICE, ids.of(key), reversalBody.parse({ reason }))
    return [payment, { kind: 'reversals', record: reversal }]
  })
}

function putVillage(tx: Writer, { code, name, secondRoundExpiresOn }: Row<'regions'>) {
  const body = { name, secondRoundExpiresOn: given(secondRoundExpiresOn) }
  return putRegion(tx, SERVICE, code, body, code.slice(0, 6))
}

function putPrice(tx: Writer, row: Row<'grain-prices'>) {
  const { grain, effectiveOn, fenPer50kg, source } = row
  return putGrainPrice(
    tx,
    SERVICE,
    { grain, effectiveOn },
    { fenPer50kg: Number(fenPer50kg), source },
  )
}

/** The fields of what may name an operator and a contract. */
export function namingFields(
  { operator, contract, ...row }: { operator: string; contract: string },
  ids: Ids,
): object {
  return {
    ...fieldsOf(row),
    ...(operator && { operatorId: ids.of(operator) }),
    ...(contract && { contractId: ids.of(contract) }),
  }
}

async function recorded<N extends FactTableName, Body extends object>(
  tx: Writer,
  kind: FactKind<N, Body>,
  fields: object,
  parentId?: string,
): Promise<string> {
  const { row } = await recordFact(tx, SERVICE, kind, kind.body.parse(fields) as Body, parentId)
  return row.id
}

/** The ids that the service gave to the fixture's keys. */
export class Ids {
  readonly #ids = new Map<string, string>()

  keep(key: string, id: string): void {
    this.#ids.set(key, id)
  }

  of(key: string): string {
    const id = this.#ids.get(key)
    if (id === undefined) throw new Error(`the fixture names ${key} before it is there`)
    return id
  }
}
