import { and, count, ne } from 'drizzle-orm'
import { within } from '../access/bounds.ts'
import type { Day } from '../domain/calendar-day.ts'
import { ALL_KNOWN } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { writeWorkbook } from '../platform/spreadsheet/write-workbook.ts'
import { storedRiskPages } from './risk-pages.ts'
import { WORKLIST_COLUMNS, WORKLIST_NOTES, worklistRows } from './worklist-sheet.ts'

export interface WorklistWish {
  asOf: Day
  /** Up to when facts were recorded that the run of `asOf` read. */
  knownAt: string
  /** A code of 6, 9 or 12 digits. */
  region: string
  regionName: string
  countyName: string
  /** The version of the policy. */
  policy: string
  rowsMax: number
}

export interface WorkbookFile {
  fileName: string
  content: Uint8Array
  rows: number
  /** How many contracts the worklist has beyond `rows`. */
  left: number
}

/**
 * The stored worklist of a region as a workbook that may go by mail: most urgent first, without a
 * lessor, a phone or free text, the names of persons masked.
 */
export async function worklistWorkbook(db: Reader, wish: WorklistWish): Promise<WorkbookFile> {
  const { asOf, region, regionName, countyName } = wish
  const place = region.length === 6 ? countyName : `${countyName}${regionName}`
  const title = `${place}欠租风险工作清单(内部研判等级)`
  const contracts = await countWorklist(db, region)
  let rows = 0
  const pages = storedRiskPages(db, { region })
  const view = { asOf, knownAt: wish.knownAt, namesAt: ALL_KNOWN, forMail: true }
  const counted = async function* () {
    for await (const row of worklistRows(db, pages, view)) {
      if (rows === wish.rowsMax) return
      rows += 1
      yield row
    }
  }
  const about = `范围:${place} · 研判日:${asOf} · 单位:亩、户、元`
  const sheet = { name: '工作清单', title, about, columns: WORKLIST_COLUMNS, rows: counted() }
  const notes = notesOf(wish, place, contracts)
  const chunks: Uint8Array[] = []
  for await (const chunk of writeWorkbook({ title, day: asOf, sheets: [sheet], notes }))
    chunks.push(chunk)
  return {
    fileName: `工作清单_${inFileName(regionName) || region}_${asOf}.xlsx`,
    content: Buffer.concat(chunks),
    rows,
    left: Math.max(0, contracts - rows),
  }
}

async function countWorklist(db: Reader, region: string): Promise<number> {
  const { risks: t } = db.tables
  const [found] = await db
    .select({ contracts: count() })
    .from(t)
    .where(and(ne(t.level, 'none'), within(t.villageCode, region)))
  return found?.contracts ?? 0
}

function notesOf(wish: WorklistWish, place: string, contracts: number): string[] {
  const { asOf, knownAt, policy, region, rowsMax } = wish
  const left = contracts - rowsMax
  return [
    `研判日:${asOf}`,
    `登记截至:${knownAt}(协调世界时);此后又有登记的合同,按登记后的最新结果列示`,
    `规则版本:${policy}`,
    `范围:${place}(${region})`,
    left > 0
      ? `有等级的合同共 ${contracts} 份,本表列最紧迫的 ${rowsMax} 份,其余 ${left} 份未列入,` +
        `可在系统中逐页查询:/api/v1/risk/worklist?region=${region}`
      : `有等级的合同共 ${contracts} 份,全部列入`,
    '等级为内部研判等级,由分值得出,供内部摸排使用',
    '排序:分值高的在前,分值相同的欠租金额大的在前;等级为无的合同不列',
    ...WORKLIST_NOTES,
    '个人和家庭农场的名称已隐去中间的字,本表不含农户姓名、电话',
  ]
}

/** Without what file systems and mail programs take for something else. */
const inFileName = (name: string) => name.replace(/[^\p{L}\p{N}]/gu, '').slice(0, 40)
