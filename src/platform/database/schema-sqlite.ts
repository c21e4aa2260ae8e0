import { sqliteKit } from './kit-sqlite.ts'
import { defineTables } from './tables.ts'

export const {
  regions,
  operators,
  operatorConditions,
  grainPrices,
  contracts,
  contractAmendments,
  contractEnds,
  instalments,
  payments,
  paymentReversals,
  subsidies,
  subsidyStages,
  disbursements,
  petitions,
  screenings,
  policies,
  risks,
  scoreChanges,
  runs,
  townshipActivity,
  tokens,
  idempotentReplies,
  ledgerClock,
} = defineTables(sqliteKit)
