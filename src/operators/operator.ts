import { and, eq, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { rowsFor } from '../access/bounds.ts'
import { operatorUnknown } from '../access/unknown-names.ts'
import { operatorCodeProblem } from '../domain/operator-code.ts'
import { Refusal, type Warning } from '../errors.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { ALL_KNOWN, findFact, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { prepared } from '../platform/database/prepared.ts'
import { text } from '../platform/http/fields.ts'

const body = z.strictObject({
  name: text(200),
  kind: z.enum(['company', 'cooperative', 'family_farm', 'individual', 'other']),
  uscc: text(40).optional(),
  representative: text(100).optional(),
  phone: text(40).optional(),
})

/** 业主: who leases the land and owes the rent. */
export const operatorFact: FactKind<'operators', z.output<typeof body>> = {
  facts: 'operators',
  may: { record: 'record', read: 'read' },
  words: { zh: '业主', en: 'operator' },
  table: 'operators',
  body,
  example: {
    name: '青溪晚熟柑桔专业合作社',
    kind: 'cooperative',
    uscc: '93519901MA00000000',
    representative: '李*',
  },
  ofCaller: ({ regionCode = null }) => ({ recordedIn: regionCode }),
  toRow: ({ uscc = null, representative = null, phone = null, ...rest }) => ({
    ...rest,
    uscc,
    representative,
    phone,
    phoneHash: phone,
  }),
  toBody: ({ name, kind, uscc, representative, phone }) => ({
    name,
    kind,
    uscc,
    representative,
    phone,
  }),
  async check(tx, row, _before, caller) {
    const warnings: Warning[] = []
    if (row.uscc === null) return warnings
    const problem = operatorCodeProblem(row.uscc)
    if (problem) warnings.push(CODE_PROBLEMS[problem])
    const { operators } = tx.tables
    const same = await tx
      .select({ id: operators.id })
      .from(operators)
      // That somebody elsewhere has it too is not for everybody to know.
      .where(
        and(
          eq(operators.uscc, row.uscc),
          standingFacts(operators, ALL_KNOWN),
          rowsFor(tx, 'operators', caller),
        ),
      )
    if (same.some(({ id }) => id !== row.id)) warnings.push(usccTaken)
    return warnings
  },
  async checkWithdrawal(tx, row) {
    const [join] = await joinsNaming(tx, { id: row.id })
    if (join) throw inJoin
    const { contracts } = tx.tables
    const [contract] = await tx
      .select({ id: contracts.id })
      .from(contracts)
      .where(and(eq(contracts.operatorId, row.id), standingFacts(contracts, ALL_KNOWN)))
      .limit(1)
    return contract ? [contractsRemain] : []
  },
  operatorsOf: async (_tx, row) => [row.id],
}

const CODE_PROBLEMS: Record<'uscc-checksum' | 'id-checksum', Warning> = {
  'uscc-checksum': {
    code: 'uscc-checksum',
    field: 'uscc',
    message: {
      zh: '统一社会信用代码校验位不符,请核对',
      en: 'the unified social credit code fails its check character',
    },
  },
  'id-checksum': {
    code: 'id-checksum',
    field: 'uscc',
    message: {
      zh: '身份证号校验位不符,请核对',
      en: 'the ID number fails its check character',
    },
  },
}
const contractsRemain: Warning = {
  code: 'contracts-remain',
  field: 'id',
  message: {
    zh: '该业主名下仍有合同,合同照常研判',
    en: 'the operator still has contracts, which are scored as before',
  },
}
const usccTaken: Warning = {
  code: 'uscc-already-recorded',
  field: 'uscc',
  message: {
    zh: '已有业主使用该统一社会信用代码',
    en: 'another operator has this unified social credit code',
  },
}

/** The standing joins of an operator, of which ever side. */
const joinsNaming = prepared((db) => {
  const { operatorJoins: t } = db.tables
  const id = sql.placeholder('id')
  return db
    .select({ operatorId: t.operatorId, sameAsId: t.sameAsId })
    .from(t)
    .where(and(or(eq(t.operatorId, id), eq(t.sameAsId, id)), standingFacts(t, ALL_KNOWN)))
})

/** Refuses: operator-unknown, operator-joined, for a field that newly names an operator. */
export async function requireOperator(db: Reader, id: string): Promise<void> {
  if (!(await findFact(db, 'operators', id))) throw operatorUnknown
  await refuseJoined(db, id)
}

/** Refuses: operator-joined; what is recorded of such a one belongs to the one it was joined to. */
export async function refuseJoined(db: Reader, id: string): Promise<void> {
  const joins = await joinsNaming(db, { id })
  const join = joins.find(({ operatorId }) => operatorId === id)
  if (join && (await findFact(db, 'operators', join.sameAsId))) throw joined
}

const joined = new Refusal(
  'conflict',
  'operator-joined',
  {
    zh: '该业主已并入另一业主,请登记到合并后的业主名下',
    en: 'the operator was joined to another one; record it for that one',
  },
  'operatorId',
)
const inJoin = new Refusal('conflict', 'operator-joined', {
  zh: '该业主已与另一业主合并,请先撤销合并',
  en: 'the operator is part of a join with another one; withdraw that first',
})
