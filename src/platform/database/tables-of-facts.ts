import type { Frequency, LandUse, Rent } from '../../domain/contract-terms.ts'
import type { ColumnKit } from './kit-sqlite.ts'

/**
 * The facts. A row is one version of a fact and is never changed: a correction or a withdrawal
 * appends the next version of the same id. A payment has one version and at most one reversal.
 */
export function defineFactTables(c: ColumnKit) {
  return { ...parties(c), ...contractTables(c), ...moneyTables(c), ...fieldTables(c) }
}

const recorded = (c: ColumnKit) => ({
  recordedAt: c.instant('recorded_at'),
  recordedBy: c.label('recorded_by'),
})

const versioned = (c: ColumnKit) => ({
  id: c.ref('id'),
  version: c.count('version'),
  withdrawn: c.flag('withdrawn'),
  changeReason: c.maybeLabel('change_reason'),
  ...recorded(c),
})

function parties(c: ColumnKit) {
  const regions = c.table(
    'regions',
    {
      id: c.ref('code'),
      version: c.count('version'),
      name: c.label('name'),
      secondRoundExpiresOn: c.maybeDay('second_round_expires_on'),
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
      uscc: c.maybeLabel('uscc'),
      representative: c.maybeLabel('representative'),
      phone: c.maybeLabel('phone'),
    },
    (t) => [c.primaryKey({ columns: [t.id, t.version] })],
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

function contractTables(c: ColumnKit) {
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
      areaHundredths: c.count('area_hundredths'),
      rent: c.json<Rent>('rent'),
      riskDepositFen: c.fen('risk_deposit_fen'),
      insured: c.flag('insured'),
      penaltyPer10kPerDay: c.json<number>('penalty_per_10k_per_day'),
      toleranceDays: c.maybeCount('tolerance_days'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('contracts_operator').on(t.operatorId, t.id),
      c.index('contracts_village').on(t.villageCode, t.id),
    ],
  )
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
    (t) => [c.primaryKey({ columns: [t.id, t.version] }), c.index('ends_contract').on(t.contractId)],
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
      ...recorded(c),
    },
    (t) => [c.primaryKey({ columns: [t.id, t.version] })],
  )
  return { contracts, contractAmendments, contractEnds, grainPrices }
}

function moneyTables(c: ColumnKit) {
  const payments = c.table(
    'payments',
    {
      id: c.id('id'),
      contractId: c.ref('contract_id'),
      amountFen: c.fen('amount_fen'),
      paidOn: c.day('paid_on'),
      receiptNo: c.maybeLabel('receipt_no'),
      designatedDueOn: c.maybeDay('designated_due_on'),
      method: c.maybeLabel('method'),
      note: c.maybeLabel('note'),
      ...recorded(c),
    },
    (t) => [c.index('payments_contract').on(t.contractId, t.paidOn)],
  )
  const paymentReversals = c.table(
    'payment_reversals',
    {
      id: c.id('id'),
      paymentId: c.ref('payment_id').references(() => payments.id),
      reason: c.label('reason'),
      ...recorded(c),
    },
    (t) => [c.uniqueIndex('reversals_payment').on(t.paymentId)],
  )
  const subsidies = c.table(
    'subsidies',
    {
      ...versioned(c),
      operatorId: c.ref('operator_id'),
      contractId: c.maybeRef('contract_id'),
      programme: c.label('programme'),
      year: c.count('year'),
      standing: c.word<'recognised' | 'claimed'>('standing'),
      amountFen: c.fen('amount_fen'),
      documentNo: c.maybeLabel('document_no'),
      fundingSource: c.maybeLabel('funding_source'),
      acceptedOn: c.maybeDay('accepted_on'),
      payableOn: c.maybeDay('payable_on'),
      stage: c.maybeLabel('stage'),
      reasonUnpaid: c.maybeLabel('reason_unpaid'),
      responsibleUnit: c.maybeLabel('responsible_unit'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('subsidies_operator').on(t.operatorId, t.id),
    ],
  )
  const subsidyStages = c.table(
    'subsidy_stages',
    {
      ...versioned(c),
      subsidyId: c.ref('subsidy_id'),
      stage: c.label('stage'),
      occurredOn: c.day('occurred_on'),
      standing: c.maybeWord<'recognised' | 'claimed'>('standing'),
      payableOn: c.maybeDay('payable_on'),
      amountFen: c.maybeFen('amount_fen'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('stages_subsidy').on(t.subsidyId),
    ],
  )
  const disbursements = c.table(
    'disbursements',
    {
      ...versioned(c),
      subsidyId: c.ref('subsidy_id'),
      amountFen: c.fen('amount_fen'),
      paidOn: c.day('paid_on'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('disbursements_subsidy').on(t.subsidyId),
    ],
  )
  return { payments, paymentReversals, subsidies, subsidyStages, disbursements }
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
