import { expect, it } from 'vitest'
import { caseOnDay } from '../../src/domain/case-on-day.ts'
import type { CaseEvent } from '../../src/domain/case-stages.ts'

const FIXES = {
  measure: '督促还款',
  responsibleUnit: '青溪镇',
  leadOfficial: '副镇长',
  responsiblePerson: '主任',
  deadlineOn: '2022-06-30',
}
const HISTORY: (CaseEvent & { asOf: string })[] = [
  { kind: 'opened', asOf: '2022-03-01', detail: { level: 'red', contracts: 1, arrearsFen: 1 } },
  { kind: 'fixed', asOf: '2022-03-02', detail: FIXES },
  { kind: 'progressed', asOf: '2022-03-03', detail: { note: '已约谈', occurredOn: '2022-03-01' } },
  { kind: 'graded', asOf: '2022-03-04', detail: { from: 'red', to: 'orange' } },
  {
    kind: 'resolved',
    asOf: '2022-03-05',
    detail: { outcome: 'agreed', evidence: '协议', arrearsFen: 1 },
  },
  { kind: 'reopened', asOf: '2022-03-06', detail: { reason: '未到账' } },
]
const NEW = { fixes: undefined, progress: undefined, outcome: undefined }
const PROGRESS = { note: '已约谈', on: '2022-03-01' }

it.each([
  [0, undefined],
  [1, { state: 'unresolved', openedOn: '2022-03-01', ...NEW }],
  [2, { state: 'resolving', openedOn: '2022-03-01', ...NEW, fixes: FIXES }],
  [4, { state: 'resolving', openedOn: '2022-03-01', ...NEW, fixes: FIXES, progress: PROGRESS }],
  [
    5,
    {
      state: 'resolved',
      openedOn: '2022-03-01',
      fixes: FIXES,
      progress: PROGRESS,
      outcome: 'agreed',
    },
  ],
  [6, { state: 'relapsed', openedOn: '2022-03-01', ...NEW }],
])('after %i entries of its history a case is %j', (entries, found) => {
  expect(caseOnDay(HISTORY.slice(0, entries))).toEqual(found)
})
