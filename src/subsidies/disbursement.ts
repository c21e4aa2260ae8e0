import { and, eq, ne } from 'drizzle-orm'
import { z } from 'zod'
import type { Warning } from '../errors.ts'
import type { FactKind, FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN, findFact, standingFacts } from '../facts/fact-store.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import type { Writer } from '../platform/database/database.ts'
import { day, positiveFen } from '../platform/http/fields.ts'
import { subsidyFact } from './subsidy.ts'
import { operatorsOfSubsidy } from './subsidy-stage.ts'
import { subsidiesOnDay } from './subsidy-store.ts'

const body = z.strictObject({ amountFen: positiveFen, paidOn: day })

/** 兑付: subsidy money that reached the operator. */
export const disbursementFact: FactKind<'disbursements', z.output<typeof body>> = {
  facts: 'disbursements',
  may: { record: 'subsidies', read: 'read' },
  words: { zh: '补助兑付', en: 'disbursement' },
  table: 'disbursements',
  parent: { column: 'subsidyId', table: 'subsidies', words: subsidyFact.words },
  body,
  example: { amountFen: 60_000_000, paidOn: '2024-07-15' },
  async check(tx, row) {
    refuseFuture(tx, 'paidOn', row.paidOn)
    const restFen = await outstandingBeside(tx, row)
    return restFen === undefined || row.amountFen <= restFen ? [] : [moreThanOutstanding]
  },
  operatorsOf: (tx, row) => operatorsOfSubsidy(tx, row.subsidyId),
}

/** What of a subsidy, as it stands today, is not paid by its other disbursements. */
async function outstandingBeside(
  tx: Writer,
  { id, subsidyId }: FactRow<'disbursements'>,
): Promise<number | undefined> {
  const subsidy = await findFact(tx, 'subsidies', subsidyId)
  if (!subsidy) return undefined
  const at = { asOf: tx.today, knownAt: ALL_KNOWN }
  const amountFen = (await subsidiesOnDay(tx, [subsidy], at)).get(subsidyId)?.amountFen ?? 0
  const { disbursements: t } = tx.tables
  const others = await tx
    .select({ amountFen: t.amountFen })
    .from(t)
    .where(and(eq(t.subsidyId, subsidyId), ne(t.id, id), standingFacts(t, ALL_KNOWN)))
  return others.reduce((restFen, paid) => restFen - paid.amountFen, amountFen)
}

const moreThanOutstanding: Warning = {
  code: 'more-than-outstanding',
  field: 'amountFen',
  message: {
    zh: '兑付金额超过该项补助未兑付的金额,请核对',
    en: 'more than what is outstanding of the subsidy',
  },
}
