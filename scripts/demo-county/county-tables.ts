/** The tables of the county as it is drawn, in the names of the API; `key` and the like are their own. */
export const COLUMNS = {
  regions: ['code', 'name', 'secondRoundExpiresOn'],
  'grain-prices': ['grain', 'effectiveOn', 'fenPer50kg', 'source'],
  operators: ['key', 'name', 'kind', 'uscc', 'representative', 'phone'],
  conditions: ['operator', 'condition', 'observedOn', 'source', 'note'],
  contracts: [
    'key',
    'contractNo',
    'operator',
    'villageCode',
    'lessorKind',
    'lessorName',
    'households',
    'people',
    'landUse',
    'startOn',
    'endOn',
    'signedOn',
    'frequency',
    'firstDueOn',
    'escalationEveryYears',
    'escalationPercent',
    'riskDepositFen',
    'insured',
    'penaltyPer10kPerDay',
    'toleranceDays',
  ],
  'rent-lines': ['contract', 'land', 'areaMu', 'basis', 'fenPerMu', 'jinPerMu', 'grain'],
  amendments: [
    'contract',
    'effectiveOn',
    'reason',
    'endOn',
    'fenPerMu',
    'frequency',
    'firstDueOn',
    'escalationEveryYears',
    'escalationPercent',
  ],
  ends: ['contract', 'endedOn', 'reason'],
  payments: [
    'key',
    'contract',
    'amountFen',
    'paidOn',
    'receiptNo',
    'designatedDueOn',
    'method',
    'note',
  ],
  reversals: ['payment', 'reason'],
  subsidies: [
    'key',
    'operator',
    'contract',
    'programme',
    'year',
    'standing',
    'amountFen',
    'documentNo',
    'fundingSource',
    'acceptedOn',
    'payableOn',
    'stage',
    'reasonUnpaid',
    'responsibleUnit',
  ],
  'subsidy-stages': ['subsidy', 'stage', 'occurredOn', 'standing', 'payableOn', 'amountFen'],
  disbursements: ['subsidy', 'amountFen', 'paidOn'],
  petitions: [
    'villageCode',
    'occurredOn',
    'channel',
    'people',
    'contract',
    'operator',
    'repeat',
    'summary',
  ],
  screenings: ['contract', 'visitedOn', 'findings', 'note', 'nextVisitOn'],
} as const

export type TableName = keyof typeof COLUMNS
type Column<N extends TableName> = (typeof COLUMNS)[N][number]
/** A row: every column is there, an empty one is ''. */
export type Row<N extends TableName> = Record<Column<N>, string>
/** A row as it is drawn: what is undefined is left empty. */
export type Draft<N extends TableName> = Partial<
  Record<Column<N>, string | number | boolean | undefined>
>

export type CountyTables = { [N in TableName]: Row<N>[] }
export type CountyDrafts = { [N in TableName]: Draft<N>[] }

export const TABLES = Object.keys(COLUMNS) as TableName[]

/** Files of facts that no ledger carries; `operator`, `contract` and `subsidy` are named as people do. */
export const FACT_COLUMNS = {
  conditions: COLUMNS.conditions,
  payments: withoutKey(COLUMNS.payments),
  'reversed-payments': [...withoutKey(COLUMNS.payments), 'reason'],
  subsidies: withoutKey(COLUMNS.subsidies),
  'subsidy-stages': COLUMNS['subsidy-stages'],
  disbursements: COLUMNS.disbursements,
  petitions: COLUMNS.petitions,
  screenings: COLUMNS.screenings,
} satisfies Record<string, readonly string[]>
export type FactFile = keyof typeof FACT_COLUMNS

function withoutKey(columns: readonly string[]): readonly string[] {
  return columns.filter((column) => column !== 'key')
}
