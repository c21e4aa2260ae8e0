import { z } from 'zod'
import { requireContract } from '../contracts/require-contract.ts'
import type { Warning } from '../errors.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { findFact } from '../facts/fact-store.ts'
import { requireOperator } from '../operators/operator.ts'
import { day, fen, prose, text, uuid } from '../platform/http/fields.ts'
import { subsidiesOnDay } from './subsidy-store.ts'

/** 认定应付 · 业主主张: different facts, never added together. */
export const SUBSIDY_STANDINGS = ['recognised', 'claimed'] as const

const body = z.strictObject({
  operatorId: uuid,
  contractId: uuid.optional(),
  programme: text(200),
  year: z.int().min(1980).max(2199),
  standing: z.enum(SUBSIDY_STANDINGS),
  amountFen: fen,
  documentNo: text(100).optional(),
  fundingSource: z.enum(['central', 'province', 'city', 'county']).optional(),
  acceptedOn: day.optional(),
  payableOn: day.optional(),
  stage: text(50).optional(),
  reasonUnpaid: prose.optional(),
  responsibleUnit: text(200).optional(),
})

/** 补助: owed to the operator, never netted against the rent that it owes. */
export const subsidyFact: FactKind<'subsidies', z.output<typeof body>> = {
  facts: 'subsidies',
  may: { record: 'subsidies', read: 'read' },
  words: { zh: '补助', en: 'subsidy' },
  table: 'subsidies',
  body,
  example: {
    operatorId: '01926d3e-7c00-7000-8000-000000000001',
    programme: '晚熟柑桔标准园建设补助',
    year: 2023,
    standing: 'recognised',
    amountFen: 120_000_000,
    fundingSource: 'province',
    payableOn: '2024-06-30',
  },
  async onDay(db, rows, at) {
    const states = await subsidiesOnDay(db, rows, at)
    return new Map([...states].map(([id, state]) => [id, { onDay: { asOf: at.asOf, ...state } }]))
  },
  async check(tx, row, before) {
    if (row.operatorId !== before?.operatorId) await requireOperator(tx, row.operatorId)
    const warnings = row.payableOn === null ? [withoutPayableOn] : []
    if (row.contractId === null || row.contractId === before?.contractId) return warnings
    const contract = await requireContract(tx, row.contractId)
    return contract.operatorId === row.operatorId ? warnings : [...warnings, otherOperator]
  },
  operatorsOf: async (tx, row) => {
    const contract = row.contractId && (await findFact(tx, 'contracts', row.contractId))
    return contract ? [row.operatorId, contract.operatorId] : [row.operatorId]
  },
}

/** A subsidy that no clock runs for: said when it is recorded, and listed under checks. */
export const withoutPayableOn: Warning = {
  code: 'payable-on-missing',
  field: 'payableOn',
  message: { zh: '没有应付日期,不计逾期', en: 'without a payable day there is no delay' },
}
const otherOperator: Warning = {
  code: 'contract-of-another-operator',
  field: 'contractId',
  message: { zh: '该合同属于另一业主', en: 'the contract is of another operator' },
}
