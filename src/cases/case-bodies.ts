import { z } from 'zod'
import { CASE_OUTCOMES } from '../domain/case-stages.ts'
import { day, prose, text } from '../platform/http/fields.ts'

const said = prose.refine((value) => value.trim() !== '', {
  params: { zh: '不能为空白', en: 'must not be blank' },
})
const name = prose.max(200).optional()

/** The four fixes: which of them is missing is said by the rule, not by the schema. */
export const fixesBody = z
  .strictObject({
    measure: prose.optional(),
    responsibleUnit: name,
    leadOfficial: name,
    responsiblePerson: name,
    deadlineOn: day.optional(),
  })
  .meta({
    examples: [
      {
        measure: '督促业主落实还款计划,协调补助资金兑付',
        responsibleUnit: '青溪镇人民政府',
        leadOfficial: '分管副镇长',
        responsiblePerson: '农业服务中心主任',
        deadlineOn: '2030-06-30',
      },
    ],
  })

export const progressBody = z.strictObject({ note: said, occurredOn: day.optional() })

export const resolutionBody = z.strictObject({ outcome: z.enum(CASE_OUTCOMES), evidence: said })

export const reopeningBody = z.strictObject({ reason: text(500) })
