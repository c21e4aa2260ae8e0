import { gt } from 'drizzle-orm'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, describe, expect, it } from 'vitest'
import { LEVEL_NAMES, type Level } from '../../src/domain/levels.ts'
import { storedRiskPages } from '../../src/exports/risk-pages.ts'
import { worklistRows } from '../../src/exports/worklist-sheet.ts'
import { type WorklistWish, worklistWorkbook } from '../../src/exports/worklist-workbook.ts'
import { ALL_KNOWN } from '../../src/facts/fact-store.ts'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'
import {
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'
import { type DatabaseKind, databaseKinds } from '../support/test-service.ts'

const NIGHT = '2022-03-01'
const HEADINGS = [
  ...['序号', '等级', '分值', '业主', '合同编号', '乡镇', '村', '产业', '面积(亩)', '涉及户数'],
  ...['欠租金额(元)', '欠租年数', '逾期天数', '可覆盖补助(元)', '依据'],
]
/** What people wrote or are called: nothing of it may leave by mail. */
const PRIVATE = ['张三丰', '李四海', '王小二', '赵六', '钱七', '13800001234', '孙八']

let county: TestCounty
afterEach(() => county.close())

/** Two townships: a person, a farm and a company in arrears, a cooperative that has paid. */
async function openCounty(kind: DatabaseKind = 'sqlite') {
  county = await openTestCounty('2022-02-01', kind)
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '=红岩村' })
  const person = await county.operator({
    name: '张三丰',
    kind: 'individual',
    phone: '13800001234',
    representative: '张三丰',
  })
  const farm = await county.operator({ name: '李四海家庭农场', kind: 'family_farm' })
  const company = await county.operator({ name: '=柑源果业有限公司', kind: 'company' })
  const payer = await county.operator({ name: '守约合作社' })
  const lessor = { kind: 'household', name: '王小二', households: 1 }
  await county.contract(person.id, { contractNo: '519901101201', lessor })
  await county.contract(farm.id, { contractNo: '+2020', landUse: 'sericulture' })
  await county.contract(company.id, { contractNo: undefined, villageCode: OTHER_VILLAGE })
  const paid = await county.contract(payer.id, { contractNo: '2020-0009' })
  await county.record(`/contracts/${paid.id}/payments`, {
    amountFen: 1_200_000,
    paidOn: '2022-01-05',
  })
  await county.record(`/operators/${person.id}/conditions`, {
    condition: 'unreachable',
    observedOn: '2022-01-10',
    source: '村民赵六 13800001234',
    note: '钱七说的',
  })
  await county.record('/petitions', {
    villageCode: VILLAGE,
    occurredOn: '2022-01-12',
    channel: 'visit',
    people: 6,
    operatorId: farm.id,
    summary: '孙八等人反映',
  })
  county.clockOf.goTo(NIGHT)
  return { run: await county.night(NIGHT), person, farm, company }
}

function wishOf(over: Partial<WorklistWish> = {}): WorklistWish {
  return {
    asOf: NIGHT,
    knownAt: '2022-03-01T01:00:00.005Z',
    region: '519901',
    regionName: '柑源县',
    countyName: '柑源县',
    policy: '2026-1',
    rowsMax: 2000,
    ...over,
  }
}

async function workbook(over: Partial<WorklistWish> = {}) {
  const file = await worklistWorkbook(county.db.read, wishOf(over))
  const { sheets } = await readXlsx(file.content)
  const [list, notes] = sheets.map(({ rows }) => rows)
  const rows = list?.slice(3, -1) ?? []
  return { file, list, rows, sums: list?.at(-1), notes: notes?.map(([line]) => line) ?? [] }
}

const column = (rows: unknown[][], heading: string) => {
  const at = HEADINGS.indexOf(heading)
  return rows.map((row) => row[at])
}

describe.each(databaseKinds)('the worklist as a workbook on %s', (kind) => {
  it('has what the worklist has, in its order, for the eyes of mail readers', async () => {
    await openCounty(kind)
    const { file, list, rows, sums } = await workbook()
    expect(file).toMatchObject({ fileName: '工作清单_柑源县_2022-03-01.xlsx', rows: 3, left: 0 })
    expect(list?.[0]?.[0]).toBe('柑源县欠租风险工作清单(内部研判等级)')
    expect(list?.[1]?.[0]).toBe('范围:柑源县 · 研判日:2022-03-01 · 单位:亩、户、元')
    expect(list?.[2]).toEqual(HEADINGS)
    const { items } = await county.read('/risk/worklist')
    expect(column(rows, '序号')).toEqual([1, 2, 3])
    expect(column(rows, '等级')).toEqual(
      items.map(({ level }: { level: Level }) => LEVEL_NAMES[level]),
    )
    for (const [heading, field] of [
      ['分值', 'score'],
      ['面积(亩)', 'areaMu'],
      ['涉及户数', 'households'],
      ['欠租年数', 'yearsOwed'],
      ['逾期天数', 'daysOverdue'],
    ] as const)
      expect(column(rows, heading)).toEqual(
        items.map((item: Record<string, unknown>) => item[field]),
      )
    expect(column(rows, '业主')).toEqual(['张*丰', '李*海家庭农场', '=柑源果业有限公司'])
    expect(column(rows, '合同编号')).toEqual(['519901101201', '+2020', null])
    expect(column(rows, '乡镇')).toEqual(['青溪镇', '青溪镇', '519901102'])
    expect(column(rows, '村')).toEqual(['=红岩村', '=红岩村', OTHER_VILLAGE])
    expect(column(rows, '产业')).toEqual(['晚熟柑桔', '蚕桑', '晚熟柑桔'])
    expect(column(rows, '欠租金额(元)')).toEqual([12_000, 12_000, 12_000])
    expect(column(rows, '可覆盖补助(元)')).toEqual([0, 0, 0])
    expect(column(rows, '依据')[0]).toBe(
      '2 个租金年度全额未付,欠租 1.20 万元,自 2020-12-31 起;业主欠租合同共涉及 1 户;' +
        '业主自 2022-01-10 起失联;业主失联且欠租满 1 年,分值不低于 60 分',
    )
    expect(sums?.slice(0, 11)).toEqual(['合计', ...Array(7).fill(null), 30, 25, 36_000])
    expect(sums?.[13]).toBeNull()
  })
})

describe('the worklist as a workbook', () => {
  it('carries no name of a person, no number and no word that somebody wrote', async () => {
    await openCounty()
    const { file } = await workbook()
    const parts = unzipped(Buffer.from(file.content))
    const text = parts.map(({ content }) => content.toString()).join()
    for (const words of PRIVATE) expect(text).not.toContain(words)
    expect(text).not.toMatch(/预警|跑路|已过时效|柑橘|台帐/)
    expect(text).toContain('李*海家庭农场')
  })

  it('is that of the region asked for', async () => {
    await openCounty()
    const township = await workbook({ region: TOWNSHIP, regionName: '青溪镇' })
    expect(township.file).toMatchObject({ fileName: '工作清单_青溪镇_2022-03-01.xlsx', rows: 2 })
    expect(township.list?.[0]?.[0]).toBe('柑源县青溪镇欠租风险工作清单(内部研判等级)')
    const village = await workbook({ region: VILLAGE, regionName: '红岩村' })
    expect(column(village.rows, '乡镇')).toEqual(['青溪镇', '青溪镇'])
    const empty = await workbook({ region: '519901103', regionName: '空山乡' })
    expect(empty.file).toMatchObject({ rows: 0, left: 0 })
    expect(empty.sums?.slice(8, 11)).toEqual([0, 0, 0])
  })

  it('ends where it must, and says what is left and where', async () => {
    await openCounty()
    const { file, rows, sums, notes } = await workbook({ rowsMax: 2 })
    expect(file).toMatchObject({ rows: 2, left: 1 })
    expect(rows).toEqual((await workbook()).rows.slice(0, 2))
    expect(sums?.[10]).toBe(24_000)
    expect(notes.join('\n')).toContain(
      '有等级的合同共 3 份,本表列最紧迫的 2 份,其余 1 份未列入,' +
        '可在系统中逐页查询:/api/v1/risk/worklist?region=519901',
    )
  })

  it('says what it speaks for and how its sums were made', async () => {
    await openCounty()
    const { notes } = await workbook({ region: TOWNSHIP, regionName: '青溪镇' })
    const text = notes.join('\n')
    for (const words of [
      '研判日:2022-03-01',
      '登记截至:2022-03-01T01:00:00.005Z',
      '规则版本:2026-1',
      '范围:柑源县青溪镇(519901101)',
      '内部研判等级',
      '有等级的合同共 2 份,全部列入',
      '合计:只加总本表所列合同',
      '不抵扣租金',
    ])
      expect(text).toContain(words)
  })

  it.each([
    ['青溪镇/../a:b*?"<>|', '工作清单_青溪镇ab_2022-03-01.xlsx'],
    ['  ', '工作清单_519901_2022-03-01.xlsx'],
    ['青溪\r\n镇', '工作清单_青溪镇_2022-03-01.xlsx'],
    ['长'.repeat(200), `工作清单_${'长'.repeat(40)}_2022-03-01.xlsx`],
  ])('of %j has a file name that mail and file systems take', async (regionName, fileName) => {
    county = await openTestCounty(NIGHT)
    expect((await workbook({ regionName })).file.fileName).toBe(fileName)
  })

  it('has the same bytes for the same risks', async () => {
    await openCounty()
    const [one, other] = [await workbook(), await workbook()]
    expect(Buffer.from(other.file.content).equals(one.file.content)).toBe(true)
  })

  it('speaks for the later day of what was refreshed since, with names recorded since', async () => {
    const { person } = await openCounty()
    county.clockOf.goTo('2022-03-06')
    const late = await county.operator({ name: '周九', kind: 'individual' })
    await county.contract(late.id, { contractNo: '2022-0001', villageCode: OTHER_VILLAGE })
    const { rows } = await workbook()
    const days = new Map(rows.map((row) => [row[4], row[12]]))
    expect(days.get('519901101201')).toBe(425)
    expect(days.get('2022-0001')).toBe(430)
    expect(column(rows, '业主')).toContain('周*')
    expect(person.id).not.toBe(late.id)
  })

  it('says of a township that has long recorded nothing that its levels are provisional', async () => {
    await openCounty()
    const { rows } = await workbook()
    const stale = rows.map((row) => String(row[14]).endsWith('本乡镇久未填报,等级为暂定'))
    expect(stale).toEqual([false, false, true])
  })

  describe('longer than a page', () => {
    const COPIES = 1200
    async function openLongList() {
      county = await openTestCounty(NIGHT)
      await county.night(NIGHT)
      const operator = await county.operator({ name: '大业有限公司', kind: 'company' })
      await county.contract(operator.id)
      const { risks } = county.db.read.tables
      const [risk] = await county.db.read.select().from(risks)
      if (!risk) throw new Error('no risk to copy')
      const copies = Array.from({ length: COPIES }, (_, no) => {
        return { ...risk, contractId: `copy-${no}`, arrearsFen: 100 + (no % 40) }
      })
      await county.db.transaction(async (tx) => {
        for (let at = 0; at < COPIES; at += 200)
          await tx.insert(risks).values(copies.slice(at, at + 200))
      })
      return { risks, arrearsFen: risk.arrearsFen }
    }

    it('goes on over all of it', async () => {
      const { arrearsFen } = await openLongList()
      const { file, rows, sums } = await workbook()
      expect(file).toMatchObject({ rows: COPIES + 1, left: 0 })
      expect(column(rows, '序号')).toEqual(Array.from({ length: COPIES + 1 }, (_, at) => at + 1))
      expect(sums?.[10]).toBe((arrearsFen + 30 * (40 * 100 + 780)) / 100)
      expect((await workbook({ rowsMax: 700 })).file).toMatchObject({ rows: 700, left: 501 })
    })

    it('has a contract once that moved down while it was read', async () => {
      const { risks } = await openLongList()
      const amounts: unknown[] = []
      const pages = storedRiskPages(county.db.read, { region: '519901' })
      const view = { ...wishOf(), namesAt: ALL_KNOWN, forMail: true }
      for await (const { cells } of worklistRows(county.db.read, pages, view)) {
        amounts.push(cells[10])
        if (amounts.length !== 1) continue
        await county.db.transaction(async (tx) => {
          await tx.update(risks).set({ arrearsFen: 1 }).where(gt(risks.arrearsFen, 200))
        })
      }
      expect(amounts).toHaveLength(COPIES + 1)
      expect(amounts).not.toContain(1)
    })
  })
})
