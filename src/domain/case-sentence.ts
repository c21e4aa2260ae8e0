import type {
  CaseEvent,
  CaseOutcome,
  CaseState,
  DeadlineStep,
  RelapseCause,
} from './case-stages.ts'
import { wan } from './fen.ts'
import { LEVEL_NAMES } from './levels.ts'

export const CASE_STATE_NAMES: Readonly<Record<CaseState, string>> = {
  unresolved: '未化解',
  resolving: '化解中',
  resolved: '已化解',
  relapsed: '反弹',
}

export const OUTCOME_NAMES: Readonly<Record<CaseOutcome, string>> = {
  paid: '已付清',
  agreed: '达成协议',
  land_returned: '土地已退还',
  judicial: '进入司法程序',
  other: '其他',
}

const STEP_NAMES: Readonly<Record<DeadlineStep, string>> = {
  person: '责任人',
  township: '乡镇',
  county: '县级',
}

/**
 * One entry of a case's history as a short Chinese sentence: what happened, with its figures.
 *
 * Units: 万元 with two decimals. Source: domain.md, Cases; words of field.md.
 * @example caseSentence({ kind: 'graded', detail: { from: 'yellow', to: 'red' } })
 * // '内部研判等级由黄变为红'
 */
export function caseSentence(event: CaseEvent): string {
  switch (event.kind) {
    case 'opened': {
      const { level, contracts, arrearsFen } = event.detail
      return `列入风险台账:${LEVEL_NAMES[level]},关联合同 ${contracts} 份,欠租 ${wan(arrearsFen)} 万元`
    }
    case 'graded':
      return `内部研判等级由${LEVEL_NAMES[event.detail.from]}变为${LEVEL_NAMES[event.detail.to]}`
    case 'fixed': {
      const { measure, responsibleUnit, leadOfficial, responsiblePerson, deadlineOn } = event.detail
      return (
        `四定:措施 ${measure};责任单位 ${responsibleUnit},包案领导 ${leadOfficial};` +
        `责任人 ${responsiblePerson};完成时限 ${deadlineOn}`
      )
    }
    case 'progressed': {
      const { note, occurredOn } = event.detail
      return occurredOn === undefined ? `进展:${note}` : `进展(${occurredOn}):${note}`
    }
    case 'resolved': {
      const { outcome, evidence, arrearsFen } = event.detail
      const left = arrearsFen > 0 ? `,当时欠租 ${wan(arrearsFen)} 万元` : ''
      return `化解:${OUTCOME_NAMES[outcome]}${left};依据 ${evidence}`
    }
    case 'relapsed':
      return `反弹:${event.detail.because.map(causeSentence).join(';')}`
    case 'reopened':
      return `重新打开:${event.detail.reason}`
    case 'settlement_proposed':
      return '关联合同均已低于列管等级,建议核实后化解'
    case 'settlement_withdrawn':
      return '关联合同再次达到列管等级,撤回化解建议'
    case 'deadline':
      return `完成时限 ${event.detail.deadlineOn},提醒${STEP_NAMES[event.detail.step]}`
    case 'promise_broken':
      return `还款计划自 ${event.detail.breachedOn} 起违约`
    case 'seen':
      return '查看'
    case 'told': {
      const { asOf, name } = event.detail
      return `${asOf} 的提醒已发送给${name}`
    }
  }
}

function causeSentence({ arrears, level, breach }: RelapseCause): string {
  const parts: string[] = []
  if (arrears) parts.push(`欠租由 ${wan(arrears.fromFen)} 万元增至 ${wan(arrears.toFen)} 万元`)
  if (level) parts.push(`等级由${LEVEL_NAMES[level.from]}升为${LEVEL_NAMES[level.to]}`)
  if (breach) parts.push(`还款计划自 ${breach.breachedOn} 起违约`)
  return parts.join(',')
}
