import type { ColumnKit } from './kit-sqlite.ts'
import { defineAccessTables } from './tables-of-access.ts'
import { defineAlertTables } from './tables-of-alerts.ts'
import { defineCaseTables } from './tables-of-cases.ts'
import { defineFactTables } from './tables-of-facts.ts'
import { defineImportTables } from './tables-of-imports.ts'
import { defineRiskTables } from './tables-of-risk.ts'

/** Every table of the service, once, for both databases. */
export function defineTables(c: ColumnKit) {
  return {
    ...defineFactTables(c),
    ...defineRiskTables(c),
    ...defineCaseTables(c),
    ...defineAlertTables(c),
    ...defineImportTables(c),
    ...defineAccessTables(c),
    ...defineServiceTables(c),
  }
}
export type Tables = ReturnType<typeof defineTables>

/** What the service keeps about itself: its clock, the answers that it may repeat. */
function defineServiceTables(c: ColumnKit) {
  const idempotentReplies = c.table(
    'idempotent_replies',
    {
      callerId: c.ref('caller_id'),
      route: c.label('route'),
      key: c.label('key'),
      // Of what may hold a telephone, of which the masked reply tells all but four digits.
      bodyHash: c.sealed('body_hash'),
      status: c.count('status'),
      reply: c.json<unknown>('reply'),
      recordedAt: c.instant('recorded_at'),
    },
    (t) => [c.primaryKey({ columns: [t.callerId, t.route, t.key] })],
  )
  const ledgerClock = c.table('ledger_clock', { id: c.id('id'), instant: c.instant('instant') })
  return { idempotentReplies, ledgerClock }
}
