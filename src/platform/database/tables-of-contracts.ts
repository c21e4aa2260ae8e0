import type { Frequency, LandUse, Rent } from '../../domain/contract-terms.ts'
import { recorded, versioned, withdrawable } from './fact-columns.ts'
import type { ColumnKit } from './kit-sqlite.ts'

/** Contracts, what changes their terms, and the prices that their rents depend on. */
export function defineContractTables(c: ColumnKit) {
  return { ...contractTable(c), ...termTables(c) }
}

function contractTable(c: ColumnKit) {
  const contracts = c.table(
    'contracts',
    {
      ...versioned(c),
      contractNo: c.maybeLabel('contract_no'),
      operatorId: c.ref('operator_id'),
      villageCode: c.label('village_code'),
      lessorKind: c.label('lessor_kind'),
      lessorName: c.maybeLabel('lessor_name'),
      households: c.maybeCount('households'),
      people: c.maybeCount('people'),
      landUse: c.word<LandUse>('land_use'),
      startOn: c.day('start_on'),
      endOn: c.day('end_on'),
      signedOn: c.maybeDay('signed_on'),
      frequency: c.word<Frequency>('frequency'),
      areaHundredths: c.hundredths('area_hundredths'),
      rent: c.json<Rent>('rent'),
      riskDepositFen: c.fen('risk_deposit_fen'),
      insured: c.flag('insured'),
      penaltyPer10kPerDay: c.json<number>('penalty_per_10k_per_day'),
      toleranceDays: c.maybeCount('tolerance_days'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      // Covers what the night asks of all contracts, operator by operator.
      c
        .index('contracts_operator')
        .on(
          t.operatorId,
          t.id,
          t.version,
          t.recordedAt,
          t.withdrawn,
          t.villageCode,
          t.landUse,
          t.lessorKind,
          t.households,
          t.startOn,
          t.endOn,
          t.frequency,
          t.areaHundredths,
          t.riskDepositFen,
          t.insured,
        ),
      c.index('contracts_village').on(t.villageCode, t.id),
      // Finds the contracts that a hundred rows of a ledger name.
      c.index('contracts_no').on(t.contractNo),
      // Finds what others have recorded since an import last looked.
      c.index('contracts_recorded').on(t.recordedAt),
    ],
  )
  return { contracts }
}

function termTables(c: ColumnKit) {
  const contractAmendments = c.table(
    'contract_amendments',
    {
      ...versioned(c),
      contractId: c.ref('contract_id'),
      effectiveOn: c.day('effective_on'),
      reason: c.label('reason'),
      rent: c.maybeJson<Rent>('rent'),
      endOn: c.maybeDay('end_on'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('amendments_contract').on(t.contractId),
    ],
  )
  const contractEnds = c.table(
    'contract_ends',
    {
      ...versioned(c),
      contractId: c.ref('contract_id'),
      endedOn: c.day('ended_on'),
      reason: c.label('reason'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('ends_contract').on(t.contractId),
    ],
  )
  const grainPrices = c.table(
    'grain_prices',
    {
      /** `grain/effectiveOn`: what a later PUT of the same path replaces. */
      id: c.ref('id'),
      version: c.count('version'),
      grain: c.label('grain'),
      effectiveOn: c.day('effective_on'),
      fenPer50kg: c.fen('fen_per_50kg'),
      source: c.label('source'),
      ...withdrawable(c),
      ...recorded(c),
    },
    (t) => [c.primaryKey({ columns: [t.id, t.version] })],
  )
  return { contractAmendments, contractEnds, grainPrices }
}
