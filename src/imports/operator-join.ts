import { and, eq, inArray, or } from 'drizzle-orm'
import { z } from 'zod'
import { carryBaselines, casesAt } from '../cases/cases-at.ts'
import { Refusal, type Warning } from '../errors.ts'
import type { FactKind, FactRow } from '../facts/fact-kind.ts'
import { ALL_KNOWN, findFact, standingFacts } from '../facts/fact-store.ts'
import { operatorFact } from '../operators/operator.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import { text, uuid } from '../platform/http/fields.ts'

const body = z.strictObject({ sameAsId: uuid, reason: text(500) })
type Join = FactRow<'operatorJoins'>

/**
 * 同一业主: an operator that was recorded twice. What it has goes over to the one that it is the
 * same as, and comes back when the join is withdrawn.
 */
export const operatorJoinFact: FactKind<'operatorJoins', z.output<typeof body>> = {
  facts: 'operator-joins',
  may: { record: 'county', read: 'read-county' },
  words: { zh: '同一业主合并', en: 'join of operators' },
  table: 'operatorJoins',
  parent: { column: 'operatorId', table: 'operators', words: operatorFact.words },
  body,
  example: { sameAsId: '01926d3e-7c00-7000-8000-000000000001', reason: '同一合作社的不同写法' },
  toRow: (join) => ({ ...join, moved: [] }),
  async check(tx, row, before) {
    if (before) throw notCorrectable
    await refuseWrongJoin(tx, row)
    // Kept in the row itself: it is not changed once it is written.
    row.moved = await factsOf(tx, row.operatorId)
    return casesTouched(tx, row)
  },
  checkWithdrawal: casesTouched,
  async settle(tx, row) {
    await moveFacts(tx, row)
    // Back where they came from, they meet what that operator's cases were resolved with.
    if (row.withdrawn) return
    await carryBaselines(tx, { from: row.operatorId, to: row.sameAsId }, contractsOf(row))
  },
  operatorsOf: async (_tx, { operatorId, sameAsId }) => [operatorId, sameAsId],
}

const contractsOf = ({ moved }: Join) =>
  moved.flatMap(({ kind, id }) => (kind === 'contracts' ? [id] : []))

/** Cases keep their measures, persons and deadlines, whoever has the contracts now. */
async function casesTouched(tx: Writer, join: Join): Promise<Warning[]> {
  const cases = await casesAt(tx, [join.operatorId, join.sameAsId], contractsOf(join))
  if (cases.length === 0) return []
  const numbers = cases.map(({ number }) => number)
  const zh = `请核对案件 ${numbers.join('、')} 的四定`
  const en = `check measure, unit, person and deadline of the cases ${numbers.join(', ')}`
  return [{ code: 'cases-touched', field: 'sameAsId', message: { zh, en } }]
}

/** Each operator that was joined to another, with the one that it stands for. */
export async function operatorsStandingFor(db: Reader): Promise<Map<string, string>> {
  const { operatorJoins: t } = db.tables
  const joins = await db
    .select({ operatorId: t.operatorId, sameAsId: t.sameAsId })
    .from(t)
    .where(standingFacts(t, ALL_KNOWN))
  return new Map(joins.map(({ operatorId, sameAsId }) => [operatorId, sameAsId]))
}

/** Refuses: join-with-itself, operator-unknown, operator-already-joined, join-chain. */
async function refuseWrongJoin(tx: Writer, { operatorId, sameAsId }: Join): Promise<void> {
  if (operatorId === sameAsId) throw withItself
  if (!(await findFact(tx, 'operators', sameAsId))) throw unknownOperator
  const { operatorJoins: t } = tx.tables
  const ofEither = or(
    eq(t.operatorId, operatorId),
    eq(t.operatorId, sameAsId),
    eq(t.sameAsId, operatorId),
  )
  const joins = await tx
    .select()
    .from(t)
    .where(and(ofEither, standingFacts(t, ALL_KNOWN)))
  if (joins.some((join) => join.operatorId === operatorId)) throw alreadyJoined
  if (joins.length > 0) throw inChain
}

const MOVED_OVER = '同一业主合并'
const MOVED_BACK = '撤销同一业主合并'

/** Whether a version was written by a join or its withdrawal: only the operator differs. */
export const isMove = ({ changeReason }: { changeReason: string | null }): boolean =>
  changeReason === MOVED_OVER || changeReason === MOVED_BACK

/** Where facts are kept that name an operator, by the plural of their paths. */
const MOVED = {
  contracts: 'contracts',
  subsidies: 'subsidies',
  conditions: 'operatorConditions',
  petitions: 'petitions',
} as const
const KINDS = Object.entries(MOVED)

async function factsOf(db: Reader, operatorId: string): Promise<Join['moved']> {
  const found: Join['moved'] = []
  for (const [kind, name] of KINDS) {
    const table = db.tables[name]
    const rows = await db
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.operatorId, operatorId), standingFacts(table, ALL_KNOWN)))
      .orderBy(table.id)
    found.push(...rows.map(({ id }) => ({ kind, id })))
  }
  return found
}

const ROWS_PER_STATEMENT = 200

/** Appends to each moved fact a version of the other operator, unless it has gone elsewhere. */
async function moveFacts(tx: Writer, join: Join): Promise<void> {
  const { operatorId, sameAsId, withdrawn, recordedAt, recordedBy } = join
  const [from, to] = withdrawn ? [sameAsId, operatorId] : [operatorId, sameAsId]
  const changeReason = withdrawn ? MOVED_BACK : MOVED_OVER
  for (const [kind, name] of KINDS) {
    const table = tx.tables[name]
    const ids = join.moved.flatMap((fact) => (fact.kind === kind ? [fact.id] : []))
    for (let at = 0; at < ids.length; at += ROWS_PER_STATEMENT) {
      const part = inArray(table.id, ids.slice(at, at + ROWS_PER_STATEMENT))
      const rows = await tx
        .select()
        .from(table)
        .where(and(part, eq(table.operatorId, from), standingFacts(table, ALL_KNOWN)))
      const moved = rows.map((row) => ({
        ...row,
        version: row.version + 1,
        operatorId: to,
        changeReason,
        recordedAt,
        recordedBy,
      }))
      if (moved.length > 0) await tx.insert(table).values(moved as never)
    }
  }
}

const notCorrectable = new Refusal('conflict', 'join-not-correctable', {
  zh: '合并不能更正,请撤销后重新登记',
  en: 'a join is not corrected; withdraw it and record the right one',
})
const withItself = new Refusal(
  'rule-broken',
  'join-with-itself',
  { zh: '不能与自身合并', en: 'an operator cannot be joined with itself' },
  'sameAsId',
)
const unknownOperator = new Refusal(
  'rule-broken',
  'operator-unknown',
  { zh: '没有这个业主', en: 'no such operator' },
  'sameAsId',
)
const alreadyJoined = new Refusal('conflict', 'operator-already-joined', {
  zh: '该业主已并入另一业主,请先撤销原合并',
  en: 'the operator is joined to another one; withdraw that first',
})
const inChain = new Refusal(
  'conflict',
  'join-chain',
  {
    zh: '两者之一已与其他业主合并:请直接并入最终保留的业主,或先撤销原合并',
    en: 'one of the two is part of another join: join with the one that stays, or withdraw that',
  },
  'sameAsId',
)
