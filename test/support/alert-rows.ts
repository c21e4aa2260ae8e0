import type { Tables } from '../../src/platform/database/tables.ts'

export type Alert = Tables['alerts']['$inferInsert']

/** A message to one township, due as soon as it is queued. */
export function alertRow(id: string, queuedAt: string, over: Partial<Alert>): Alert {
  const { email = 'qingxi@x.cn', asOf = '2025-03-03' } = over
  return {
    id,
    asOf,
    email,
    kind: 'digest',
    name: '青溪镇专班',
    regionCode: '519901101',
    messageId: `${email}.${asOf}@county.example`,
    subject: `欠租风险日报 ${asOf}`,
    text: '新增红色 2 户',
    html: '<p>新增红色 2 户</p>',
    attachmentId: null,
    changes: 2,
    caseIds: [],
    toldUpTo: queuedAt,
    state: 'queued',
    attempts: 0,
    queuedAt,
    nextAttemptAt: over.queuedAt ?? queuedAt,
    endedAt: null,
    problem: null,
    ...over,
  }
}

/** A case of an operator that has no other. */
export function caseRow(id: string, episode: number): Tables['cases']['$inferInsert'] {
  return {
    id,
    number: `QX-${id}`,
    operatorId: `operator of ${id}`,
    townshipCode: '519901101',
    state: 'unresolved',
    episode,
    version: 1,
    openedOn: '2025-03-01',
    episodeOn: '2025-03-01',
    level: 'red',
    deadlineTold: 0,
  }
}
