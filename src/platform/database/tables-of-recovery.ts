import { versioned } from './fact-columns.ts'
import type { ColumnKit } from './kit-sqlite.ts'

/** What is done to get unpaid rent paid: plans agreed, demands delivered, mediation asked for. */
export function defineRecoveryTables(c: ColumnKit) {
  const repaymentPlans = c.table(
    'repayment_plans',
    {
      ...versioned(c),
      contractId: c.ref('contract_id'),
      agreedOn: c.day('agreed_on'),
      instalments: c.json<{ dueOn: string; amountFen: number }[]>('instalments'),
      evidence: c.label('evidence'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('plans_contract').on(t.contractId),
    ],
  )
  const demands = c.table(
    'demands',
    {
      ...versioned(c),
      contractId: c.ref('contract_id'),
      deliveredOn: c.day('delivered_on'),
      manner: c.label('manner'),
      evidence: c.label('evidence'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('demands_contract').on(t.contractId),
    ],
  )
  const mediations = c.table(
    'mediations',
    {
      ...versioned(c),
      contractId: c.ref('contract_id'),
      requestedOn: c.day('requested_on'),
      institution: c.label('institution'),
      evidence: c.maybeLabel('evidence'),
    },
    (t) => [
      c.primaryKey({ columns: [t.id, t.version] }),
      c.index('mediations_contract').on(t.contractId),
    ],
  )
  return { repaymentPlans, demands, mediations }
}
