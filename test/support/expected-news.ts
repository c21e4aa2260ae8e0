import { CASE_STATES, type CaseEvent, type CaseState } from '../../src/domain/case-stages.ts'
import { LEVELS, type Level } from '../../src/domain/levels.ts'
import type { Reader } from '../../src/platform/database/database.ts'

/** Sections about a case's grade and state: each case stands in one of them at the most. */
const MOVED = ['新增红橙', '等级上升', '反弹', '等级下降']

interface Standing {
  state: CaseState | undefined
  level: Level
  isProposed: boolean
}

/** What a message says, read back out of its text: the cases that it names, by section. */
export function newsIn(text: string): Record<string, string[]> {
  const news: Record<string, string[]> = {}
  for (const block of text.split('\n\n')) {
    const [, title = '', count] = /^■ (.+)\((\d+)\)$/m.exec(block) ?? []
    if (title === '') continue
    const lines = block.split('\n').filter((line) => line.startsWith('- '))
    if (lines.length !== Number(count)) throw new Error(`${title}: ${count}, not ${lines.length}`)
    const name = MOVED.includes(title) ? 'moved' : title
    const named = lines.map((line) => /FX\d{4}-\d{4}/.exec(line)?.[0] ?? '')
    news[name] = [...(news[name] ?? []), ...named].sort()
  }
  return news
}

/**
 * What messages have to say of what was recorded after `from` and by `to`: folds each case's whole
 * history up to both instants and compares; findings by operator and township.
 */
export async function newsBetween(db: Reader, from: string, to: string) {
  const { cases: c, caseEvents, nightFindings, subsidies } = db.tables
  const cases = await db.select().from(c)
  const events = (await db.select().from(caseEvents)).sort((a, b) => (a.id < b.id ? -1 : 1))
  const inTime = (one: { recordedAt: string }) => one.recordedAt > from && one.recordedAt <= to
  const findings = (await db.select().from(nightFindings)).filter(inTime)
  const standingOf = new Map((await db.select().from(subsidies)).map((s) => [s.id, s.standing]))
  const numberAt = new Map(cases.map((o) => [`${o.operatorId} ${o.townshipCode}`, o.number]))
  return (region: string): Record<string, string[]> => {
    const news: Record<string, string[]> = {}
    const say = (section: string, number: string) => {
      news[section] = [...(news[section] ?? []), number].sort()
    }
    for (const { id, number, townshipCode } of cases) {
      if (!townshipCode.startsWith(region)) continue
      const ofCase = events.filter(({ caseId }) => caseId === id)
      const before = fold(ofCase.filter(({ recordedAt }) => recordedAt <= from))
      const after = fold(ofCase.filter(({ recordedAt }) => recordedAt <= to))
      if (after.state === 'resolved' || after.state === undefined) continue
      const fresh = ofCase.filter(inTime).map(({ kind }) => kind)
      const proposed = !before.isProposed && after.isProposed
      const fell = LEVELS.indexOf(after.level) > LEVELS.indexOf(before.level)
      // That it fell goes without saying where it is proposed to be settled.
      const moved = before.level !== after.level && !(fell && proposed)
      if (moved || fresh.includes('relapsed')) say('moved', number)
      if (proposed) say('建议核实化解', number)
      if (region.length > 6 && fresh.includes('deadline')) say('完成时限', number)
    }
    const groups = new Set<string>()
    for (const { kind, regionCode, operatorId, subjectId } of findings) {
      if (!regionCode.startsWith(region)) continue
      const standing = kind === 'late_subsidy' ? standingOf.get(subjectId ?? '') : ''
      const place = kind === 'late_subsidy' ? '' : regionCode.slice(0, 9)
      const group = [kind, operatorId, place, standing].join(' ')
      if (groups.has(group)) continue
      groups.add(group)
      if (kind === 'late_subsidy') say('新逾期补助', firstNumber(cases, operatorId))
      else say(TITLES[kind], numberAt.get(`${operatorId} ${place}`) ?? '')
    }
    return news
  }
}

const TITLES = {
  promise_broken: '还款计划违约',
  rent_due: '列管业主 30 天内到期租金',
  stale_township: '久未填报乡镇',
}

const firstNumber = (cases: { operatorId: string; number: string }[], operatorId: string | null) =>
  cases.find((one) => one.operatorId === operatorId)?.number ?? ''

/** Where a case stands after a part of its history. */
function fold(history: readonly { kind: string; detail: unknown }[]): Standing {
  const standing: Standing = { state: undefined, level: 'none', isProposed: false }
  for (const entry of history) {
    const event = entry as CaseEvent
    if (event.kind === 'opened') {
      standing.state = 'unresolved'
      standing.level = event.detail.level
    } else if (event.kind === 'graded') standing.level = event.detail.to
    else if (event.kind === 'fixed') standing.state = 'resolving'
    else if (event.kind === 'reopened') standing.state = 'relapsed'
    else if (event.kind === 'settlement_proposed') standing.isProposed = true
    else if (event.kind === 'settlement_withdrawn') standing.isProposed = false
    else if (CASE_STATES.some((state) => state === event.kind))
      standing.state = event.kind as CaseState
  }
  return standing
}
