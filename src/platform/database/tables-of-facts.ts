import { recorded, versioned, withdrawable } from './fact-columns.ts'
import type { ColumnKit } from './kit-sqlite.ts'
import { defineContractTables } from './tables-of-contracts.ts'
import { defineMoneyTables } from './tables-of-money.ts'
import { defineRecoveryTables } from './tables-of-recovery.ts'

/**
 * The facts. A row is one version of a fact and is never changed: a correction or a withdrawal
 * appends the next version of the same id. A payment has one version and at most one reversal.
 */
export function defineFactTables(c: ColumnKit) {
  return {
    ...parties(c),
    ...defineContractTables(c),
    ...defineMoneyTables(c),
    ...fieldTables(c),
    ...defineRecoveryTables(c),
  }
}

function parties(c: ColumnKit) {
  const regions = c.table(
    'regions',
    {
      id: c.ref('code'),
      version: c.count('version'),
      name: c.label('name'),
      secondRoundExpiresOn: c.maybeDay('second_round_expires_on'),
      ...withdrawable(c),
      ...recorded(c),
    },
    (t) => [c.primaryKey({ columns: [t.id, t.version] })],
  )
  const operators = c.table(
    'operators',
    {
      ...versioned(c),
      name: c.label('name'),
      kind: c.label('kind'),
      uscc: c.maybeCode('uscc'),
      representative: c.maybeLabel('representative'),
      phone: c.maybeSealed('phone'),
      /** Finds an operator by its telephone, which itself cannot be compared. */
      phoneHash: c.maybeKeyedHash('phone_hash'),
      /** The region of whoever recorded it first; null for the whole county. */
      recordedIn: c.maybeLabel('recorded_in'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('operators_phone_hash').on(t.phoneHash),
    ],
  )
  const operatorConditions = c.table(
    'operator_conditions',
    {
      ...versioned(c),
      operatorId: c.ref('operator_id'),
      condition: c.label('condition'),
      observedOn: c.day('observed_on'),
      source: c.label('source'),
      note: c.maybeLabel('note'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('conditions_operator').on(t.operatorId),
    ],
  )
  return { regions, operators, operatorConditions }
}

function fieldTables(c: ColumnKit) {
  const petitions = c.table(
    'petitions',
    {
      ...versioned(c),
      villageCode: c.label('village_code'),
      occurredOn: c.day('occurred_on'),
      channel: c.label('channel'),
      people: c.count('people'),
      contractId: c.maybeRef('contract_id'),
      operatorId: c.maybeRef('operator_id'),
      repeat: c.flag('repeat'),
      summary: c.maybeLabel('summary'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('petitions_operator').on(t.operatorId),
      c.index('petitions_contract').on(t.contractId),
    ],
  )
  const screenings = c.table(
    'screenings',
    {
      ...versioned(c),
      contractId: c.ref('contract_id'),
      visitedOn: c.day('visited_on'),
      findings: c.json<string[]>('findings'),
      note: c.maybeLabel('note'),
      nextVisitOn: c.maybeDay('next_visit_on'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('screenings_contract').on(t.contractId),
    ],
  )
  return { petitions, screenings }
}
