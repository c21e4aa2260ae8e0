import { describe, expect, it } from 'vitest'
import { caseNews, hearsOf, isProposed } from '../../src/domain/case-news.ts'
import type { CaseEvent } from '../../src/domain/case-stages.ts'
import { composeDigest, type DigestFacts, type DigestNews } from '../../src/domain/digest.ts'
import type { ChangedCase, ContractsDue } from '../../src/domain/digest-lines.ts'
import type { Level } from '../../src/domain/levels.ts'
import { type ToldDigest, toldUpTo } from '../../src/domain/told-up-to.ts'

const opened = (level: Level): CaseEvent => ({
  kind: 'opened',
  detail: { level, contracts: 1, arrearsFen: 1 },
})
const graded = (from: Level, to: Level): CaseEvent => ({ kind: 'graded', detail: { from, to } })
const relapsed: CaseEvent = {
  kind: 'relapsed',
  detail: { because: [{ contractId: 'c', arrears: { fromFen: 0, toFen: 5_000_000 } }] },
}
const reopened: CaseEvent = { kind: 'reopened', detail: { reason: '张三反映' } }
const proposed: CaseEvent = { kind: 'settlement_proposed', detail: {} }
const withdrawn: CaseEvent = { kind: 'settlement_withdrawn', detail: {} }

describe('what entries of one history come to', () => {
  it.each<[string, Level, CaseEvent[], string | undefined]>([
    ['opened at red', 'red', [opened('red')], 'urgent'],
    ['opened at orange', 'orange', [opened('orange')], 'urgent'],
    ['opened at yellow', 'yellow', [opened('yellow')], 'risen'],
    ['opened at yellow, red now', 'red', [opened('yellow'), graded('yellow', 'red')], 'urgent'],
    ['yellow to orange', 'orange', [graded('yellow', 'orange')], 'urgent'],
    ['orange to red', 'red', [graded('orange', 'red')], 'urgent'],
    ['blue to yellow', 'yellow', [graded('blue', 'yellow')], 'risen'],
    ['red to orange', 'orange', [graded('red', 'orange')], 'fallen'],
    ['yellow to none', 'none', [graded('yellow', 'none')], 'fallen'],
    ['up and back', 'yellow', [graded('yellow', 'red'), graded('red', 'yellow')], undefined],
    ['down and further up', 'red', [graded('orange', 'blue'), graded('blue', 'red')], 'urgent'],
    ['relapsed', 'yellow', [relapsed], 'relapsed'],
    ['reopened', 'yellow', [reopened], 'relapsed'],
    ['relapsed and red', 'red', [relapsed, graded('orange', 'red')], 'urgent'],
    ['relapsed and yellow', 'yellow', [relapsed, graded('blue', 'yellow')], 'relapsed'],
    ['proposed', 'blue', [proposed], undefined],
    ['nothing', 'red', [], undefined],
  ])('%s', (_what, level, events, kind) => {
    expect(caseNews(level, events)?.kind).toBe(kind)
  })

  it.each([
    [[proposed], true],
    [[proposed, withdrawn], false],
    [[withdrawn, proposed], true],
    [[graded('yellow', 'blue')], false],
  ])('%# a proposal stands until it is taken back', (events, is) => {
    expect(isProposed(events)).toBe(is)
  })
})

describe('who hears of a deadline', () => {
  const COUNTY = '519901'
  const TOWNSHIP = '519901101'
  const VILLAGE = '519901101201'
  it.each([
    ['person', '王站长', TOWNSHIP, true, true],
    ['person', '王站长', COUNTY, true, true],
    ['person', '李主任', TOWNSHIP, true, false],
    ['person', '李主任', TOWNSHIP, false, true],
    ['person', '李主任', VILLAGE, false, true],
    ['person', '李主任', COUNTY, false, false],
    ['township', '李主任', TOWNSHIP, true, true],
    ['township', '李主任', VILLAGE, true, true],
    ['township', '李主任', COUNTY, true, false],
    ['county', '李主任', COUNTY, true, true],
    ['county', '李主任', TOWNSHIP, true, true],
  ] as const)('%s: %s of %s, person known %s: %s', (step, name, regionCode, known, hears) => {
    expect(hearsOf(step, { name, regionCode }, '王站长', known)).toBe(hears)
  })
})

describe('up to when a recipient was told', () => {
  const at = (n: number) => `2021-10-0${n}T00:00:00.000Z`
  const sent = (n: number): ToldDigest => ({ state: 'sent', toldUpTo: at(n), endedAt: at(n) })
  const queued = (n: number): ToldDigest => ({ state: 'queued', toldUpTo: at(n), endedAt: null })
  const failed = (n: number, ended: number): ToldDigest => ({
    state: 'failed',
    toldUpTo: at(n),
    endedAt: at(ended),
  })
  it.each<[string, ToldDigest[], string | undefined]>([
    ['never', [], undefined],
    ['sent', [sent(1)], at(1)],
    ['one that waits counts as told', [sent(1), queued(2)], at(2)],
    ['in any order', [sent(3), sent(1), sent(2)], at(3)],
    ['a failed one does not', [sent(1), failed(2, 3)], at(1)],
    ['only failed ones', [failed(1, 2), failed(2, 3)], undefined],
    ['failed after its successor was composed', [sent(1), failed(2, 4), queued(3)], at(1)],
    ['failed before that', [sent(1), failed(2, 3), sent(4)], at(4)],
    ['two in a row', [sent(1), failed(2, 5), failed(3, 5), sent(4)], at(1)],
    ['a lost first message', [failed(1, 3), sent(2)], at(1)],
    ['made good by the next one', [sent(1), failed(2, 4), sent(3), sent(5)], at(5)],
    ['the one that made good failed', [sent(1), failed(2, 4), sent(3), failed(5, 6)], at(1)],
  ])('%s', (_what, digests, upTo) => {
    expect(toldUpTo(digests)).toBe(upTo)
  })
})

const NOTHING: DigestNews = { cases: [], broken: [], due: [], lateSubsidies: [], stale: [] }
const FACTS: DigestFacts = {
  asOf: '2021-10-31',
  place: ['柑源县', '青溪镇'],
  recipient: { name: '值班室', regionCode: '519901101' },
  counts: {
    byLevel: { red: 1 },
    byState: { unresolved: 1 },
    flagged: { contracts: 1, arrearsFen: 64_100_000 },
    overdueDeadlines: 0,
    staleTownships: 0,
    staleDays: 45,
    county: null,
  },
  festival: null,
  news: NOTHING,
  hasWorklist: false,
}
const changed = (n: number, over: Partial<ChangedCase> = {}): ChangedCase => ({
  caseId: `case-${n}`,
  caseNumber: `FX2021-${String(n).padStart(4, '0')}`,
  level: 'red',
  operator: '青溪合作社',
  township: '青溪镇',
  state: 'unresolved',
  arrearsFen: n * 1_000_000,
  oldestUnpaidDueOn: '2020-12-31',
  deadlineOn: null,
  responsiblePerson: null,
  personIsKnown: false,
  events: [graded('yellow', 'red')],
  ...over,
})
const due = (n: number): ContractsDue => ({
  caseId: `due-${n}`,
  caseNumber: `FX2021-9${n}`,
  level: 'orange',
  operator: '绿野公司',
  township: '青溪镇',
  contracts: n,
  amountFen: n * 10_000_000,
  earliestOn: '2021-11-15',
})
const many = (n: number, over: Partial<ChangedCase> = {}) =>
  Array.from({ length: n }, (_, at) => changed(at + 1, over))
const composed = (over: Partial<DigestFacts>) => composeDigest({ ...FACTS, ...over })
const withNews = (news: Partial<DigestNews>, over: Partial<DigestFacts> = {}) =>
  composed({ ...over, news: { ...NOTHING, ...news } })

describe('the subject', () => {
  const risen = changed(3, { level: 'yellow', events: [opened('yellow')] })
  const back = changed(4, { level: 'yellow', events: [relapsed] })
  it.each<[Partial<DigestFacts>, string]>([
    [{}, '[柑源县·青溪镇] 2021-10-31 欠租风险:无变化'],
    [{ news: null }, '[柑源县·青溪镇] 2021-10-31 欠租风险:首次研判'],
    [{ place: ['柑源县'] }, '[柑源县] 2021-10-31 欠租风险:无变化'],
    [
      { news: { ...NOTHING, cases: [...many(2), risen, back] } },
      '[柑源县·青溪镇] 2021-10-31 欠租风险:新增红橙 2 · 反弹 1 · 上升 1',
    ],
  ])('%#', (over, subject) => {
    expect(composed(over).subject).toBe(subject)
  })

  it('is never longer than 100 characters, whatever the names and the counts', () => {
    const place = ['很长的县名'.repeat(10), '很长的镇名'.repeat(20), '𠮷'.repeat(100)]
    const events = [graded('yellow', 'red'), proposed]
    const stale = [{ name: '高石乡', lastOn: null }]
    const { subject } = withNews(
      {
        cases: [
          ...many(12_345, { events }),
          changed(5, { level: 'blue', events: [graded('red', 'blue')] }),
          changed(6, { level: 'blue', events: [relapsed] }),
        ],
        broken: [due(1)],
        due: [due(2)],
        stale,
      },
      { place },
    )
    expect(subject.length).toBeLessThanOrEqual(100)
    expect(subject.isWellFormed()).toBe(true)
    expect(subject).toContain('新增红橙 12345')
  })
})

describe('30 lines at most', () => {
  const linesOf = (digest: ReturnType<typeof composeDigest>) =>
    [digest.festival, ...digest.sections].flatMap((section) => section?.lines ?? [])

  it.each([
    [30, 30, null],
    [31, 30, '… 另有 1 项(新增红橙 1)'],
    [45, 30, '… 另有 15 项(新增红橙 15)'],
  ])('%i newly red cases', (cases, lines, more) => {
    const digest = withNews({ cases: many(cases) })
    expect(linesOf(digest)).toHaveLength(lines)
    expect(digest.more).toBe(more)
    expect(digest.changes).toBe(cases)
  })

  it('over all sections together, the most urgent first, and says what is left out', () => {
    const falls = many(4, { level: 'blue', events: [graded('yellow', 'blue')] })
    const digest = withNews({ cases: [...falls, ...many(28)], due: [due(1)] })
    expect(digest.sections.map(({ title, count, lines }) => [title, count, lines.length])).toEqual([
      ['新增红橙', 28, 28],
      ['列管业主 30 天内到期租金', 1, 1],
      ['等级下降', 4, 1],
    ])
    expect(digest.more).toBe('… 另有 3 项(下降 3)')
    expect(digest.sections[0]?.lines[0]?.caseId).toBe('case-28')
  })

  it('the five largest rents before the Spring Festival count', () => {
    const ahead = { festivalOn: '2022-02-01', days: 45 }
    const flagged = [1, 2, 3, 4, 5, 6, 7].map(due)
    const rent = { ahead, contracts: 90, amountFen: 900_000_000, flaggedOperators: 7, flagged }
    const digest = withNews({ cases: many(40) }, { festival: rent })
    expect(digest.festival?.lines.map(({ caseId }) => caseId)).toEqual([
      'due-7',
      'due-6',
      'due-5',
      'due-4',
      'due-3',
    ])
    expect(linesOf(digest)).toHaveLength(30)
    expect(digest.changes).toBe(40)
    expect(digest.counts.at(-1)?.value).toBe(
      '距春节(2022-02-01)还有 45 天,节前到期租金 90 份合同 合计 900.00 万元,' +
        '其中列管业主 7 家 280.00 万元',
    )
    expect(withNews({}, { festival: rent }).subject).toContain('无变化')
  })
})

describe('a line', () => {
  const only = (news: Partial<DigestNews>, over: Partial<DigestFacts> = {}) => {
    const lines = withNews(news, over).sections.flatMap((section) => section.lines)
    return lines.map(({ level, who, what }) => [level, who, what])
  }
  const WHO = 'FX2021-0001 青溪合作社(青溪镇)'

  it.each<[string, Partial<ChangedCase>, string[]]>([
    ['newly red', {}, ['由黄变为红,欠租 1.00 万元,最长逾期 304 天']],
    ['opened', { events: [opened('red')] }, ['新列入风险台账,欠租 1.00 万元,最长逾期 304 天']],
    [
      'relapsed',
      { events: [relapsed], oldestUnpaidDueOn: '2021-10-31' },
      ['反弹:欠租比化解时增加 5.00 万元,欠租 1.00 万元'],
    ],
    [
      'reopened, without the reason',
      { events: [reopened], arrearsFen: 0, oldestUnpaidDueOn: null },
      ['重新打开,现无欠租'],
    ],
    [
      'risen and relapsed at once: one line',
      { events: [relapsed, graded('orange', 'red')] },
      ['由橙变为红,反弹:欠租比化解时增加 5.00 万元,欠租 1.00 万元,最长逾期 304 天'],
    ],
    ['settled by somebody meanwhile', { state: 'resolved' }, []],
  ])('of a case %s', (_what, over, whats) => {
    expect(only({ cases: [changed(1, over)] })).toEqual(whats.map((what) => ['red', WHO, what]))
  })

  const deadlineOn = (day: string, told = day): Partial<ChangedCase> => ({
    state: 'resolving',
    deadlineOn: day,
    arrearsFen: 0,
    events: [{ kind: 'deadline', detail: { deadlineOn: told, step: 'township' } }],
  })
  it.each([
    ['2021-11-07', deadlineOn('2021-11-07'), ['完成时限 2021-11-07,还有 7 天,化解中,现无欠租']],
    ['2021-10-31', deadlineOn('2021-10-31'), ['完成时限 2021-10-31,今天到期,化解中,现无欠租']],
    ['2021-10-24', deadlineOn('2021-10-24'), ['完成时限 2021-10-24,已超过 7 天,化解中,现无欠租']],
    ['put off', deadlineOn('2021-12-31', '2021-10-31'), []],
    ['resolved', { ...deadlineOn('2021-10-31'), state: 'resolved' as const }, []],
  ])('of a deadline: %s', (_what, over, whats) => {
    expect(only({ cases: [changed(1, over)] })).toEqual(whats.map((what) => ['red', WHO, what]))
  })

  it('of late subsidies never calls a claim a debt', () => {
    const late = { ...due(1), count: 1, outstandingFen: 9_000_000, days: 12 }
    const lateSubsidies = [
      { ...late, standing: 'claimed' as const, coverageFen: 0 },
      { ...late, standing: 'recognised' as const, coverageFen: 3_000_000 },
    ]
    expect(only({ lateSubsidies }).map(([, , what]) => what)).toEqual([
      '认定应付补助 1 笔共 9.00 万元,已逾期 12 天,可覆盖欠租 3.00 万元',
      '业主主张补助 1 笔共 9.00 万元,未认定,所称应付日已过 12 天',
    ])
  })

  it('of a township tells since when nothing was recorded', () => {
    const stale = [
      { name: '高石乡', lastOn: '2021-09-01' },
      { name: '云台镇', lastOn: null },
    ]
    expect(only({ stale })).toEqual([
      [null, '高石乡', '已 60 天没有新记录(最近 2021-09-01),等级为暂定'],
      [null, '云台镇', '尚无收款、摸排或导入记录,等级为暂定'],
    ])
  })
})
