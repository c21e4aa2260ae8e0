/** What each recipient is told in a night, out of a real database. */
import { and, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { attachWorklists, forgetAttachments } from '../../src/alerts/attach-worklists.ts'
import { composeDigests, queueMessages } from '../../src/alerts/compose-digests.ts'
import { addDays } from '../../src/domain/calendar-day.ts'
import type { CaseEvent } from '../../src/domain/case-stages.ts'
import type { Level } from '../../src/domain/levels.ts'
import { POLICY_2026_1 } from '../../src/domain/policy-2026-1.ts'
import { springFestivalAhead } from '../../src/domain/spring-festival.ts'
import { ALL_KNOWN } from '../../src/facts/fact-store.ts'
import type { Tables } from '../../src/platform/database/tables.ts'
import { rentsDue } from '../../src/risk/rents-due.ts'
import {
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'
import { type DatabaseKind, databaseKinds } from '../support/test-service.ts'

const TODAY = '2021-10-31'
const COUNTY = '519901'
const OTHER_TOWNSHIP = OTHER_VILLAGE.slice(0, 9)
const NEIGHBOUR = '519901101202'
const people = {
  county: { email: 'county@example.org', name: '李主任', regionCode: COUNTY },
  township: { email: 'township@example.org', name: '值班室', regionCode: TOWNSHIP },
  person: { email: 'person@example.org', name: '王站长', regionCode: TOWNSHIP },
  village: { email: 'village@example.org', name: '村文书', regionCode: VILLAGE },
  neighbour: { email: 'neighbour@example.org', name: '邻村文书', regionCode: NEIGHBOUR },
  other: { email: 'other@example.org', name: '另一镇', regionCode: OTHER_TOWNSHIP },
}
type Who = keyof typeof people
type Alert = Tables['alerts']['$inferSelect']
type Case = Tables['cases']['$inferInsert']
type Finding = Tables['nightFindings']['$inferInsert']

let county: TestCounty
let asOf = TODAY
const ids = { company: '', person: '', contract: '', elsewhere: '', green: '', yellow: '' }

async function openCounty(kind: DatabaseKind = 'sqlite') {
  county = await openTestCounty(TODAY, kind)
  asOf = TODAY
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  await county.put(`/regions/${NEIGHBOUR}`, { name: '柑山村' })
  await county.put(`/regions/${OTHER_TOWNSHIP}`, { name: '柳坝乡' })
  await put(Object.values(people))
  ids.company = (await county.operator({ name: '绿野公司', kind: 'company' })).id
  const person = { name: '张三丰', kind: 'individual', phone: '13812345678' }
  ids.person = (await county.operator({ ...person, representative: '张三丰' })).id
  // Each owes 600,000 fen, due on 2020-12-31, and has the same to pay at the end of this year.
  const lessor = { kind: 'household', name: '赵钱孙', households: 1 }
  ids.contract = (await county.contract(ids.company, { lessor })).id
  const over = { villageCode: OTHER_VILLAGE, contractNo: '2020-0002' }
  ids.elsewhere = (await county.contract(ids.person, over)).id
  ids.green = await newCase(ids.company, { number: 'FX2021-0001' })
  ids.yellow = await newCase(ids.person, { number: 'FX2021-0002', townshipCode: OTHER_TOWNSHIP })
}

const put = (items: object[]) => county.put('/alert-recipients', { items })

function newCase(operatorId: string, over: Partial<Case> = {}): Promise<string> {
  return county.db.transaction(async (tx) => {
    const id = tx.newId()
    const place = { operatorId, townshipCode: TOWNSHIP }
    const stage = { state: 'unresolved' as const, episode: 1, version: 1, level: 'yellow' as const }
    const days = { openedOn: TODAY, episodeOn: TODAY, deadlineTold: 0 }
    await tx
      .insert(tx.tables.cases)
      .values({ id, number: id, ...place, ...stage, ...days, ...over })
    return id
  })
}

const change = (id: string, over: Partial<Case>) =>
  county.db.transaction((tx) =>
    tx.update(tx.tables.cases).set(over).where(eq(tx.tables.cases.id, id)),
  )

const happen = (caseId: string, { kind, detail }: CaseEvent) =>
  county.db.transaction(async (tx) => {
    const stamp = { recordedAt: tx.recordedAt, recordedBy: 'service' }
    const entry = { id: tx.newId(), caseId, episode: 1, kind, asOf, detail }
    await tx.insert(tx.tables.caseEvents).values({ ...entry, ...stamp })
  })

const find = (kind: Finding['kind'], over: Partial<Finding> = {}) =>
  county.db.transaction(async (tx) => {
    const id = tx.newId()
    const { recordedAt } = tx
    const about = { operatorId: ids.company, contractId: ids.contract }
    const finding = { id, key: id, kind, asOf, regionCode: VILLAGE, ...about, recordedAt }
    await tx.insert(tx.tables.nightFindings).values({ ...finding, ...over })
  })

const nightOf = (over = {}) => ({
  asOf,
  county: { code: COUNTY, name: '柑源县' },
  failures: 0,
  policy: POLICY_2026_1,
  festivalRents: [],
  late: [],
  attachments: new Map<string, string>(),
  ...over,
})

/** Composes the messages of the next day. */
async function compose(over = {}): Promise<number> {
  asOf = addDays(asOf, 1)
  const festivalOn = springFestivalAhead(asOf)?.festivalOn ?? null
  const { read } = county.db
  const flaggedScore = POLICY_2026_1.levels.yellow
  const job = { asOf, knownAt: ALL_KNOWN, flaggedScore, soonUntil: asOf, festivalOn }
  const { beforeFestival: festivalRents, late } = await rentsDue(read, job)
  return queue(nightOf({ festivalRents, late, ...over }))
}

/** Answers how many. */
async function queue(night: ReturnType<typeof nightOf>): Promise<number> {
  const messages = await composeDigests(county.db.read, night)
  await county.db.transaction((tx) => queueMessages(tx, messages))
  return messages.length
}

async function messageTo(who: Who): Promise<Alert> {
  const { alerts: t } = county.db.read.tables
  const [alert] = await county.db.read
    .select()
    .from(t)
    .where(and(eq(t.email, people[who].email), eq(t.asOf, asOf)))
  if (!alert) throw new Error(`no message to ${who}`)
  return alert
}

const settle = (who: Who, state: 'sent' | 'failed', ofDay = asOf) =>
  county.db.transaction((tx) => {
    const { alerts: t } = tx.tables
    const ended = { state, endedAt: tx.recordedAt, nextAttemptAt: null }
    return tx
      .update(t)
      .set(ended)
      .where(and(eq(t.email, people[who].email), eq(t.asOf, ofDay)))
  })

/** The lines of news of a message, as `section: line`. */
async function news(who: Who): Promise<string[]> {
  const { text } = await messageTo(who)
  const [, ...sections] = text.split('\n■ ')
  return sections.flatMap((section) => {
    const [title = '', ...lines] = (section.split('\n\n')[0] ?? '').split('\n')
    const items = lines.join('\n').split(/^- /m).slice(1)
    return items.map(
      (item) => `${title.replace(/\(\d+\)$/, '')}: ${item.trim().replace(/\n +/, ' ')}`,
    )
  })
}

const opened = (level: Level): CaseEvent => ({
  kind: 'opened',
  detail: { level, contracts: 1, arrearsFen: 600_000 },
})
const graded = (from: Level, to: Level): CaseEvent => ({ kind: 'graded', detail: { from, to } })
const GREEN = 'FX2021-0001 绿野公司(青溪镇)'

describe.each(databaseKinds)('on %s', (kind) => {
  beforeAll(() => openCounty(kind))
  afterAll(() => county.close())

  it('a first message has counts, and no list of changes', async () => {
    await happen(ids.green, opened('yellow'))
    expect(await compose()).toBe(6)
    const { subject, text, html, changes, caseIds } = await messageTo('township')
    expect(subject).toBe('[柑源县·青溪镇] 2021-11-01 欠租风险:首次研判')
    expect([changes, caseIds, await news('township')]).toEqual([0, [], []])
    expect(text).toContain('在管风险:1 件 · 红 0 · 橙 0 · 黄 1')
    expect(text).toContain('办理状态:未化解 1 · 化解中 0 · 反弹 0 · 已化解 0')
    expect(html).toContain('首次研判')
    expect((await messageTo('county')).text).toContain('在管风险:2 件 · 红 0 · 橙 0 · 黄 2')
  })

  it('a night without news says so, with the counts', async () => {
    await compose()
    const { subject, text, html, changes } = await messageTo('township')
    expect([subject, changes]).toEqual(['[柑源县·青溪镇] 2021-11-02 欠租风险:无变化', 0])
    for (const form of [text, html]) expect(form).toContain('无变化,服务运行正常')
    expect(text).toContain('在管风险:1 件')
  })

  it('has every section', async () => {
    const subsidy = { operatorId: ids.company, programme: '宜机化改造', year: 2020 }
    const owed = { ...subsidy, amountFen: 40_000_000, payableOn: '2021-10-20' }
    const late = await county.record('/subsidies', { ...owed, standing: 'recognised' })
    const claim = await county.record('/subsidies', { ...owed, standing: 'claimed' })
    await change(ids.green, { level: 'red', deadlineOn: '2021-10-27', responsiblePerson: '某' })
    await happen(ids.green, graded('yellow', 'red'))
    await happen(ids.green, {
      kind: 'deadline',
      detail: { deadlineOn: '2021-10-27', step: 'county' },
    })
    await happen(ids.yellow, { kind: 'settlement_proposed', detail: {} })
    await happen(ids.yellow, graded('yellow', 'blue'))
    await change(ids.yellow, { level: 'blue' })
    await find('promise_broken', { day: '2021-10-20' })
    await find('rent_due', { day: '2021-11-20', amountFen: 600_000 })
    await find('rent_due', { day: '2021-11-10', amountFen: 500_000 })
    await find('rent_due', { day: '2021-11-02', amountFen: 900_000 })
    for (const { id } of [late, claim])
      await find('late_subsidy', { subjectId: id, regionCode: COUNTY, contractId: null })
    await find('stale_township', { regionCode: OTHER_TOWNSHIP, operatorId: null, day: null })
    await compose({ failures: 2 })
    const owing = '欠租 0.60 万元,最长逾期 307 天'
    expect(await news('county')).toEqual([
      `新增红橙: 【红】${GREEN} 由黄变为红,${owing}`,
      `完成时限: 【红】${GREEN} 完成时限 2021-10-27,已超过 7 天,未化解,${owing}`,
      `还款计划违约: 【红】${GREEN} 1 份合同的还款计划自 2021-10-20 起违约`,
      `列管业主 30 天内到期租金: 【红】${GREEN} 1 份合同租金 1.10 万元,最早 2021-11-10 到期`,
      `新逾期补助: 【红】${GREEN} 认定应付补助 1 笔共 40.00 万元,已逾期 14 天,可覆盖欠租 0.60 万元`,
      `新逾期补助: 【红】${GREEN} 业主主张补助 1 笔共 40.00 万元,未认定,所称应付日已过 14 天`,
      '久未填报乡镇: 柳坝乡 尚无收款、摸排或导入记录,等级为暂定',
      `建议核实化解: 【蓝】FX2021-0002 张*丰(柳坝乡) 关联合同均已低于列管等级,建议核实后化解,${owing}`,
    ])
    const { subject, text, changes, caseIds } = await messageTo('county')
    expect(subject).toBe(
      '[柑源县] 2021-11-03 欠租风险:新增红橙 1 · 时限 1 · 违约 1 · 将到期 1 · 补助逾期 2 · 久未填报 1 · ' +
        '建议化解 1',
    )
    expect([changes, caseIds.toSorted()]).toEqual([8, [ids.green, ids.yellow].toSorted()])
    expect(text).toContain('! 超过完成时限:1 件')
    expect(text).toContain('! 久未填报乡镇:2 个')
    expect(text).toContain('! 本次未能研判:2 份合同')
    expect(text).toContain('认定应付补助逾期:1 笔,未兑付 40.00 万元,可覆盖欠租 1.20 万元')
  })

  it('a township hears of itself only, and of no subsidy', async () => {
    expect((await news('township')).map((line) => line.split(':')[0])).toEqual([
      '新增红橙',
      '完成时限',
      '还款计划违约',
      '列管业主 30 天内到期租金',
    ])
    expect((await news('other')).map((line) => line.split(':')[0])).toEqual([
      '久未填报乡镇',
      '建议核实化解',
    ])
    for (const who of ['township', 'other'] as const)
      expect((await messageTo(who)).text).not.toMatch(/补助|未能研判|未送达/)
    expect((await messageTo('other')).text).toContain('本乡镇超过 45 天没有新记录,等级为暂定')
  })

  it('a village hears of operators with a contract there', async () => {
    expect((await news('village')).length).toBe(4)
    expect((await messageTo('village')).text).toContain('柑源县·青溪镇·青溪村')
    expect(await news('neighbour')).toEqual([])
    expect((await messageTo('neighbour')).text).toContain('在管风险:0 件')
  })

  it('all is told once', async () => {
    await compose()
    for (const who of Object.keys(people) as Who[])
      expect((await messageTo(who)).subject).toContain('无变化')
  })

  it('worklists go with it, are made again after a crash, and are forgotten a month later', async () => {
    asOf = addDays(asOf, 1)
    expect(await attachWorklists(county.db, nightOf())).toEqual(new Map())
    await county.night(TODAY)
    asOf = TODAY
    await county.db.transaction((tx) => tx.delete(tx.tables.alerts))
    await county.db.transaction((tx) => tx.delete(tx.tables.alertAttachments))
    const attachments = await attachWorklists(county.db, nightOf())
    expect(attachments.get(TOWNSHIP)).toBe(`${TODAY}/${TOWNSHIP}`)
    expect(new Set(attachments.keys())).toEqual(
      new Set([COUNTY, TOWNSHIP, VILLAGE, NEIGHBOUR, OTHER_TOWNSHIP]),
    )
    expect(await attachWorklists(county.db, nightOf())).toEqual(attachments)
    await queue(nightOf({ attachments }))
    expect(await attachWorklists(county.db, nightOf())).toEqual(new Map())
    expect((await messageTo('township')).attachmentId).toBe(`${TODAY}/${TOWNSHIP}`)
    expect((await messageTo('township')).text).toContain('工作清单见附件')
    const kept = async () => {
      await county.db.transaction((tx) => forgetAttachments(tx))
      const { alertAttachments = [] } = await county.rows('alertAttachments')
      return alertAttachments.map(({ id }) => id)
    }
    expect(await kept()).toHaveLength(5)
    for (const who of Object.keys(people) as Who[]) if (who !== 'other') await settle(who, 'sent')
    expect(await kept()).toHaveLength(5)
    county.clockOf.goTo('2021-12-02')
    expect(await kept()).toEqual([`${TODAY}/${OTHER_TOWNSHIP}`])
    await settle('other', 'failed')
    expect(await kept()).toEqual([])
  })
})

describe('against what each recipient was last told', () => {
  beforeEach(() => openCounty())
  afterEach(() => county.close())

  it('nets what went up and down, over nights that were not told', async () => {
    await compose()
    await happen(ids.green, graded('yellow', 'red'))
    await compose()
    await settle('county', 'failed')
    await happen(ids.green, graded('red', 'yellow'))
    await compose()
    expect(await news('county')).toEqual([])
    expect((await messageTo('township')).text).toContain('由红变为黄')
  })

  it('a message that failed tells nothing, one that waits does', async () => {
    await compose()
    await happen(ids.green, graded('yellow', 'orange'))
    await compose()
    await settle('county', 'failed')
    await compose()
    expect(await news('county')).toHaveLength(1)
    expect(await news('township')).toEqual([])
  })

  it('one that failed after the next was composed is made up for', async () => {
    await compose()
    await happen(ids.green, graded('yellow', 'orange'))
    await compose()
    const lost = asOf
    await compose()
    expect(await news('county')).toEqual([])
    await settle('county', 'failed', lost)
    await compose()
    expect(await news('county')).toHaveLength(1)
    await compose()
    expect(await news('county')).toEqual([])
  })

  it('a first message that failed is a first message again', async () => {
    await compose()
    await settle('county', 'failed')
    await happen(ids.green, graded('yellow', 'orange'))
    await compose()
    expect((await messageTo('county')).subject).toContain('首次研判')
    expect((await messageTo('township')).subject).toContain('新增红橙 1')
  })

  it('the same night again leaves every message as it is, and tells who is new', async () => {
    await put([people.county])
    expect(await compose()).toBe(1)
    const before = await county.rows('alerts')
    await happen(ids.green, graded('yellow', 'orange'))
    asOf = addDays(asOf, -1)
    expect(await compose()).toBe(0)
    expect(await county.rows('alerts')).toEqual(before)
    await put([people.county, people.township])
    asOf = addDays(asOf, -1)
    expect(await compose()).toBe(1)
    expect((await county.rows('alerts')).alerts).toHaveLength(2)
  })

  it('who is not active gets nothing, and begins with a first message', async () => {
    await put([people.county, { ...people.township, active: false }])
    expect(await compose()).toBe(1)
    await happen(ids.green, graded('yellow', 'orange'))
    await put([people.county, people.township])
    expect(await compose()).toBe(2)
    expect((await messageTo('township')).subject).toContain('首次研判')
    expect((await messageTo('county')).subject).toContain('新增红橙 1')
  })

  it('nobody to tell is nothing to do', async () => {
    await put([])
    expect(await compose()).toBe(0)
  })

  it('another region, or a year of silence, begins anew', async () => {
    await compose()
    await put([people.county, { ...people.township, regionCode: OTHER_TOWNSHIP }])
    await compose()
    expect((await messageTo('township')).subject).toContain('首次研判')
    asOf = addDays(asOf, 365)
    await compose()
    expect((await messageTo('county')).subject).toContain('无变化')
    asOf = addDays(asOf, 366)
    await compose()
    expect((await messageTo('county')).subject).toContain('首次研判')
  })

  it('the Message-ID is of the day and the address, whatever is composed', async () => {
    await compose()
    const { messageId } = await messageTo('county')
    await county.db.transaction((tx) => tx.delete(tx.tables.alerts))
    asOf = addDays(asOf, -1)
    await happen(ids.green, graded('yellow', 'orange'))
    await compose()
    expect((await messageTo('county')).messageId).toBe(messageId)
    expect((await messageTo('township')).messageId).not.toBe(messageId)
  })

  it('an address that could not be reached is named to the county, once', async () => {
    await compose()
    await settle('village', 'failed')
    await compose()
    expect((await messageTo('county')).text).toContain('! 未送达的邮箱:village@example.org')
    expect((await messageTo('township')).text).not.toContain('village@example.org')
    await compose()
    expect((await messageTo('county')).text).not.toContain('未送达')
  })
})

describe('who hears of a deadline', () => {
  beforeAll(() => openCounty())
  afterAll(() => county.close())

  const hearers = async () => {
    const heard: string[] = []
    for (const who of Object.keys(people) as Who[])
      if ((await news(who)).some((line) => line.startsWith('完成时限'))) heard.push(who)
    return heard
  }
  it.each([
    ['person', '王站长', ['person']],
    ['person', '李主任', ['county']],
    ['person', '村文书', ['village']],
    // He is told of another village only: the township takes his place.
    ['person', '邻村文书', ['township', 'person', 'village']],
    ['person', '另一镇', ['township', 'person', 'village']],
    ['person', '没有这个人', ['township', 'person', 'village']],
    ['township', '王站长', ['township', 'person', 'village']],
    ['county', '王站长', ['county', 'township', 'person', 'village']],
  ] as const)('step %s, %s is responsible: %j', async (step, responsiblePerson, expected) => {
    if (asOf === TODAY) await compose()
    const deadlineOn = addDays(asOf, 7)
    await change(ids.green, { state: 'resolving', deadlineOn, responsiblePerson })
    await happen(ids.green, { kind: 'deadline', detail: { deadlineOn, step } })
    await compose()
    expect(await hearers()).toEqual(expected)
    expect((await messageTo('township')).text).not.toContain(responsiblePerson)
  })
})

describe('what a message must not say', () => {
  beforeAll(() => openCounty())
  afterAll(() => county.close())

  it('no free text, no farmer, no phone, no full name of a person, nothing that runs', async () => {
    await compose()
    const evil = '<script>alert(1)</script>&公司'
    const operator = await county.operator({ name: evil, kind: 'company', phone: '13900001111' })
    const secret = '511023197001011234'
    const lessor = { kind: 'household', name: '孙李周', households: 1 }
    await county.contract(operator.id, { lessor, contractNo: secret })
    await county.record(`/operators/${operator.id}/conditions`, {
      condition: 'unreachable',
      observedOn: '2021-10-01',
      source: '邻居吴郑王电话告知',
    })
    const subsidy = { operatorId: operator.id, programme: '秘密项目', year: 2020, amountFen: 5 }
    const owed = { ...subsidy, standing: 'recognised', payableOn: '2021-10-01' }
    const { id: subjectId } = await county.record('/subsidies', owed)
    const caseId = await newCase(operator.id, {
      number: 'FX2021-0003',
      level: 'red',
      state: 'relapsed',
      measure: '上门找冯陈褚',
      responsibleUnit: '某某站',
      leadOfficial: '卫蒋沈',
      responsiblePerson: '韩杨朱',
      deadlineOn: TODAY,
    })
    const fixes = { measure: '上门找冯陈褚', responsibleUnit: '某某站', leadOfficial: '卫蒋沈' }
    const events: CaseEvent[] = [
      opened('red'),
      { kind: 'fixed', detail: { ...fixes, responsiblePerson: '韩杨朱', deadlineOn: TODAY } },
      { kind: 'progressed', detail: { note: `致电 ${secret}` } },
      { kind: 'resolved', detail: { outcome: 'paid', evidence: '收据照片', arrearsFen: 0 } },
      { kind: 'reopened', detail: { reason: '何吕施反映' } },
      { kind: 'deadline', detail: { deadlineOn: TODAY, step: 'county' } },
    ]
    for (const event of events) await happen(caseId, event)
    await happen(ids.yellow, graded('blue', 'yellow'))
    await find('late_subsidy', { operatorId: operator.id, subjectId, regionCode: COUNTY })
    await find('rent_due', { operatorId: operator.id, day: '2021-11-20', amountFen: 5 })
    await compose()
    const { subject, text, html, changes } = await messageTo('county')
    expect(changes).toBe(5)
    expect(`${subject}${text}${html}`).not.toMatch(
      /赵钱孙|孙李周|张三丰|吴郑王|冯陈褚|卫蒋沈|韩杨朱|何吕施|某某站|秘密项目|收据|\d{11}|预警|信访|跑路|台帐|柑橘/,
    )
    expect(text).toContain('张*丰')
    expect(text).toContain(evil)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;公司')
    expect(html).not.toMatch(/<script/)
    expect(text).toContain('内部研判等级')
  })
})

describe('more than a message can hold', () => {
  beforeAll(() => openCounty())
  afterAll(() => county.close())

  it('has 30 lines and says how many more there are', async () => {
    await compose()
    for (let n = 0; n < 33; n++) {
      const operator = await county.operator({ name: `第${n}合作社` })
      const id = await newCase(operator.id, { number: `FX2021-1${n}`, level: 'red' })
      await happen(id, opened('red'))
    }
    await compose()
    const { subject, text, html, changes, caseIds } = await messageTo('township')
    expect(await news('township')).toHaveLength(30)
    for (const form of [text, html]) expect(form).toContain('… 另有 3 项(新增红橙 3)')
    expect([changes, caseIds.length]).toEqual([33, 30])
    expect(subject).toContain('新增红橙 33')
  })
})

describe('before the Spring Festival', () => {
  const countdown = /距春节\(2025-01-29\)还有 (\d+) 天,节前到期租金 (.*),其中列管业主 (.*)/
  beforeAll(async () => {
    await openCounty()
    // Yellow by the operator's condition; the other one owes nothing and is not flagged.
    const paid = { amountFen: 600_000, paidOn: TODAY }
    await county.record(`/contracts/${ids.elsewhere}/payments`, paid)
    const lost = { condition: 'unreachable', observedOn: '2021-10-01', source: '走访' }
    await county.record(`/operators/${ids.company}/conditions`, lost)
    await county.contract(ids.company, { contractNo: '2020-0003', villageCode: NEIGHBOUR })
  })
  afterAll(() => county.close())

  const composeFor = (day: string) => {
    asOf = addDays(day, -1)
    return compose()
  }
  it.each([
    ['2024-11-29', undefined],
    ['2024-11-30', '60'],
    ['2025-01-28', '1'],
    ['2025-01-29', undefined],
  ])('on %s it counts %s days', async (day, days) => {
    await composeFor(day)
    expect(countdown.exec((await messageTo('county')).text)?.[1]).toBe(days)
  })

  it.each<[Who, string, string]>([
    ['county', '3 份合同 合计 1.80 万元', '1 家 1.20 万元'],
    ['township', '2 份合同 合计 1.20 万元', '1 家 1.20 万元'],
    ['village', '1 份合同 合计 0.60 万元', '1 家 0.60 万元'],
    ['other', '1 份合同 合计 0.60 万元', '0 家 0.00 万元'],
  ])('to %s it tells of %s, of that %s', async (who, due, flagged) => {
    await composeFor('2024-12-10')
    const found = countdown.exec((await messageTo(who)).text)
    expect([found?.[2], found?.[3]]).toEqual([due, flagged])
  })

  it('lists the largest at flagged operators, which is no news', async () => {
    await composeFor('2024-12-11')
    expect(await news('township')).toEqual([
      `春节前到期租金最多的列管业主: 【黄】${GREEN} 2 份合同租金合计 1.20 万元,最早 2024-12-31 到期`,
    ])
    expect(await messageTo('township')).toMatchObject({ changes: 0, caseIds: [ids.green] })
    expect(await news('other')).toEqual([])
  })

  it('names a resolved case by the level that its contracts have now', async () => {
    await change(ids.green, { state: 'resolved', level: 'red' })
    await composeFor('2024-12-11')
    expect((await news('township')).join()).toContain(`【黄】${GREEN}`)
    await change(ids.green, { state: 'unresolved', level: 'yellow' })
  })

  it('leaves out what is paid in advance, arrears first, and what falls due after it', async () => {
    const pay = (amountFen: number) =>
      county.record(`/contracts/${ids.contract}/payments`, { amountFen, paidOn: TODAY })
    await pay(2_400_000)
    await composeFor('2024-12-12')
    expect((await messageTo('village')).text).toContain('1 份合同 合计 0.60 万元')
    const { id } = await pay(200_000)
    await composeFor('2024-12-13')
    expect((await messageTo('village')).text).toContain('1 份合同 合计 0.40 万元')
    await pay(400_000)
    await composeFor('2024-12-14')
    expect((await messageTo('village')).text).toContain('0 份合同 合计 0.00 万元')
    await county.record(`/payments/${id}/reversal`, { reason: '误' })
    await composeFor('2025-01-01')
    expect((await messageTo('village')).text).toContain('0 份合同 合计 0.00 万元')
  })

  it('leaves out what was paid of those very instalments, whatever is behind', async () => {
    const { id: yearly } = await county.contract(ids.company, { contractNo: '2020-0004' })
    const rent = {
      lines: [{ areaMu: 10, fenPerMu: 60_000 }],
      frequency: 'monthly',
      firstDueOn: '2020-01-15',
    }
    const { id: monthly } = await county.contract(ids.company, { contractNo: '2020-0005', rent })
    const pay = (id: string, amountFen: number, designatedDueOn: string) =>
      county.record(`/contracts/${id}/payments`, { amountFen, paidOn: TODAY, designatedDueOn })
    const rents = /节前到期租金 (\d+ 份合同 合计 [\d.]+ 万元)/
    const told = async (day: string) => {
      await composeFor(day)
      return rents.exec((await messageTo('village')).text)?.[1]
    }
    expect(await told('2024-12-05')).toBe('3 份合同 合计 0.90 万元')
    await pay(yearly, 300_000, '2024-12-31')
    await pay(monthly, 50_000, '2025-01-15')
    expect(await told('2024-12-06')).toBe('3 份合同 合计 0.55 万元')
    await pay(yearly, 300_000, '2024-12-31')
    expect(await told('2024-12-07')).toBe('2 份合同 合计 0.25 万元')
    await pay(monthly, 50_000, '2024-12-15')
    expect(await told('2024-12-08')).toBe('1 份合同 合计 0.20 万元')
  })
})
