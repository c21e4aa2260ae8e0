import { z } from 'zod'
import { FREQUENCIES, LAND_USES } from '../domain/contract-terms.ts'
import { hundredthsOfMu, muOfHundredths } from '../domain/mu.ts'
import type { Warning } from '../errors.ts'
import type { FactKind, FactRow } from '../facts/fact-kind.ts'
import { requireOperator } from '../operators/operator.ts'
import { count, day, fen, text, twoDecimals, uuid, villageCode } from '../platform/http/fields.ts'
import { contractWarnings } from './contract-warnings.ts'
import { hasPayments, refuseStrandedPayments } from './designated-days.ts'
import { reschedule, schedule } from './reschedule.ts'

const AREA_MAX_MU = 1_000_000
const FEN_PER_MU_MAX = 100_000_000

const line = z.strictObject({
  land: z.enum(['paddy', 'dry', 'all']).optional(),
  areaMu: twoDecimals(AREA_MAX_MU).meta({ description: '面积(亩)' }),
  basis: z.enum(['cash', 'grain']).optional(),
  fenPerMu: z.int().min(0).max(FEN_PER_MU_MAX).optional(),
  jinPerMu: twoDecimals(100_000).optional(),
  grain: text(50).optional(),
})

/** The rent clause, of a contract or an amendment. */
export const rentBody = z.strictObject({
  lines: z.array(line).min(1).max(100),
  escalation: z
    .strictObject({ everyYears: z.int().min(1).max(100), percent: twoDecimals(1000) })
    .optional(),
  frequency: z.enum(FREQUENCIES).default('annual'),
  firstDueOn: day.optional(),
})

const body = z.strictObject({
  contractNo: text(100).optional(),
  operatorId: uuid,
  villageCode,
  lessor: z.strictObject({
    kind: z.enum(['village_collective', 'household']),
    name: text(200).optional(),
    households: count.optional(),
    people: count.optional(),
  }),
  landUse: z.enum(LAND_USES),
  startOn: day,
  endOn: day,
  signedOn: day.optional(),
  rent: rentBody,
  riskDepositFen: fen.default(0),
  insured: z.boolean().default(false),
  penaltyPer10kPerDay: twoDecimals(10_000).default(0),
  toleranceDays: count.optional(),
})
export type ContractBody = z.output<typeof body>

/** 流转合同: land of a village leased to an operator. */
export const contractFact: FactKind<'contracts', ContractBody> = {
  facts: 'contracts',
  may: { record: 'record', read: 'read' },
  words: { zh: '合同', en: 'contract' },
  table: 'contracts',
  body,
  example: {
    contractNo: '2015-0012',
    operatorId: '01926d3e-7c00-7000-8000-000000000001',
    villageCode: '519901101201',
    lessor: {
      kind: 'village_collective',
      name: '青溪村股份经济合作联合社',
      households: 120,
      people: 380,
    },
    landUse: 'late_citrus',
    startOn: '2015-01-01',
    endOn: '2034-12-31',
    signedOn: '2014-12-20',
    rent: {
      lines: [
        { land: 'paddy', areaMu: 320.5, basis: 'cash', fenPerMu: 60000 },
        { land: 'dry', areaMu: 180, basis: 'grain', jinPerMu: 400, grain: 'mid_late_indica' },
      ],
      escalation: { everyYears: 3, percent: 5 },
      frequency: 'annual',
      firstDueOn: '2015-12-31',
    },
    riskDepositFen: 0,
    insured: false,
    penaltyPer10kPerDay: 5,
    toleranceDays: 30,
  },
  // Column by column: a spread of each of some hundred thousand contracts is felt.
  toRow: (body) => ({
    contractNo: body.contractNo ?? null,
    operatorId: body.operatorId,
    villageCode: body.villageCode,
    landUse: body.landUse,
    startOn: body.startOn,
    endOn: body.endOn,
    signedOn: body.signedOn ?? null,
    riskDepositFen: body.riskDepositFen,
    insured: body.insured,
    penaltyPer10kPerDay: body.penaltyPer10kPerDay,
    toleranceDays: body.toleranceDays ?? null,
    lessorKind: body.lessor.kind,
    lessorName: body.lessor.name ?? null,
    households: body.lessor.households ?? null,
    people: body.lessor.people ?? null,
    frequency: body.rent.frequency,
    areaHundredths: body.rent.lines.reduce((sum, { areaMu }) => sum + hundredthsOfMu(areaMu), 0),
    rent: body.rent,
  }),
  toBody: (row) => ({
    contractNo: row.contractNo,
    operatorId: row.operatorId,
    villageCode: row.villageCode,
    lessor: lessorOf(row),
    landUse: row.landUse,
    startOn: row.startOn,
    endOn: row.endOn,
    signedOn: row.signedOn,
    rent: row.rent,
    riskDepositFen: row.riskDepositFen,
    insured: row.insured,
    penaltyPer10kPerDay: row.penaltyPer10kPerDay,
    toleranceDays: row.toleranceDays,
    areaMu: muOfHundredths(row.areaHundredths),
  }),
  computed: ['areaMu'],
  async check(tx, row, before) {
    if (row.operatorId !== before?.operatorId) await requireOperator(tx, row.operatorId)
    // Nothing is paid on a new one yet; its schedule is refused when it is stored.
    if (before) await refuseStrandedPayments(tx, row.id, { contract: row })
    return contractWarnings(tx, row)
  },
  async checkWithdrawal(tx, row) {
    return (await hasPayments(tx, row.id)) ? [paymentsRemain] : []
  },
  settle: (tx, row) => (row.version === 1 ? schedule(tx, row) : reschedule(tx, row.id)),
  operatorsOf: async (_tx, row) => [row.operatorId],
}

const paymentsRemain: Warning = {
  code: 'payments-remain',
  field: 'id',
  message: {
    zh: '该合同有未冲销的收款,撤销后不再计入任何合同',
    en: 'the contract has payments that are not reversed; they count on no contract now',
  },
}

function lessorOf(row: FactRow<'contracts'>): ContractBody['lessor'] {
  return {
    kind: row.lessorKind as ContractBody['lessor']['kind'],
    ...(row.lessorName !== null && { name: row.lessorName }),
    ...(row.households !== null && { households: row.households }),
    ...(row.people !== null && { people: row.people }),
  }
}
