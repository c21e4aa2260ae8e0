import { z } from 'zod'
import { contractFact } from '../contracts/contract.ts'
import { noteActivity } from '../contracts/note-activity.ts'
import { operatorOfContract } from '../contracts/require-contract.ts'
import type { Warning } from '../errors.ts'
import type { FactKind } from '../facts/fact-kind.ts'
import { findFact } from '../facts/fact-store.ts'
import { refuseFuture } from '../facts/refuse-future.ts'
import { day, prose } from '../platform/http/fields.ts'

const FINDINGS = [
  'land_abandoned',
  'use_changed',
  'crop_failed',
  'facility_idle',
  'operator_absent',
  'no_problem',
] as const

const body = z.strictObject({
  visitedOn: day,
  findings: z.array(z.enum(FINDINGS)).max(FINDINGS.length),
  note: prose.optional(),
  nextVisitOn: day.optional(),
})

/** 摸排走访: what the township's team saw on the land. */
export const screeningFact: FactKind<'screenings', z.output<typeof body>> = {
  facts: 'screenings',
  may: { record: 'record', read: 'read' },
  words: { zh: '摸排记录', en: 'screening visit' },
  table: 'screenings',
  parent: { column: 'contractId', table: 'contracts', words: contractFact.words },
  body,
  example: {
    visitedOn: '2024-03-05',
    findings: ['facility_idle', 'operator_absent'],
    nextVisitOn: '2024-04-05',
  },
  async check(tx, row) {
    refuseFuture(tx, 'visitedOn', row.visitedOn)
    const { visitedOn, nextVisitOn } = row
    return nextVisitOn !== null && nextVisitOn <= visitedOn ? [nextVisitPassed] : []
  },
  async settle(tx, row) {
    // Correcting or withdrawing a visit is no news from the township.
    if (row.version > 1) return
    const contract = await findFact(tx, 'contracts', row.contractId)
    if (contract) await noteActivity(tx, contract.villageCode)
  },
  operatorsOf: (tx, row) => operatorOfContract(tx, row.contractId),
}

const nextVisitPassed: Warning = {
  code: 'next-visit-not-later',
  field: 'nextVisitOn',
  message: { zh: '下次走访日不晚于本次走访', en: 'the next visit is not later than this one' },
}
