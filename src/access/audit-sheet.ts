import type { Day } from '../domain/calendar-day.ts'
import { businessTime } from '../platform/business-day.ts'
import type { Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { type CsvCharset, writeCsv } from '../platform/spreadsheet/write-csv.ts'
import { writeWorkbook } from '../platform/spreadsheet/write-workbook.ts'
import type { AuditRow } from './audit-trail.ts'
import { actionWords, detailWords, roleWords, subjectWords } from './audit-words.ts'

const COLUMNS: readonly Column[] = [
  { heading: '序号', kind: 'count', width: 9 },
  { heading: '时间', kind: 'text', width: 21 },
  { heading: '操作人', kind: 'text', width: 16 },
  { heading: '角色', kind: 'text', width: 9 },
  { heading: '区划', kind: 'text', width: 14 },
  { heading: '来源地址', kind: 'text', width: 17 },
  { heading: '操作', kind: 'text', width: 16 },
  { heading: '对象', kind: 'text', width: 12 },
  { heading: '编号', kind: 'text', width: 22 },
  { heading: '说明', kind: 'prose', width: 44 },
  { heading: '上一条校验值', kind: 'text', width: 38 },
  { heading: '校验值', kind: 'text', width: 38 },
]
const TITLE = '操作审计记录'

export interface AuditSheet {
  place: string
  timeZone: string
  day: Day
  /** From when to when, in words. */
  span: string
  exportedBy: string
}

/** Entries as a file: a workbook, or with a charset a CSV file, while they are read. */
export function auditFile(
  pages: AsyncIterable<AuditRow[]>,
  sheet: AuditSheet,
  charset: CsvCharset | undefined,
): AsyncGenerator<Uint8Array> {
  const rows = sheetRows(pages, sheet.timeZone)
  if (charset !== undefined) return writeCsv(COLUMNS, rows, charset)
  const { place, day, span, exportedBy } = sheet
  const title = `${place}${TITLE}`
  const about = `填报单位:${place} · 导出日期:${day} · 时间范围:${span}`
  const notes = [
    `时间范围:${span}`,
    `时区:${sheet.timeZone}`,
    `导出人:${exportedBy}`,
    '每条记录的校验值(SHA-256)由该条全部内容和上一条校验值计算;删改任何一条,其后即不再相接',
    '完整性以 npm run cli -- audit verify 的结果为准',
  ]
  const one = { name: TITLE, title, about, columns: COLUMNS, keptColumns: 2, rows }
  return writeWorkbook({ title, day, sheets: [one], notes })
}

export const auditFileName = (day: Day, ending: string) => ({
  fileName: `${TITLE}_${day}.${ending}`,
  asciiName: `audit_${day}.${ending}`,
})

async function* sheetRows(pages: AsyncIterable<AuditRow[]>, timeZone: string): AsyncGenerator<Row> {
  for await (const page of pages)
    for (const entry of page) {
      const { no, at, actor, role, regionCode, address, action, subject, subjectId } = entry
      const cells = [
        no,
        businessTime(at, timeZone),
        actor,
        roleWords(role),
        regionCode,
        address,
        actionWords(action),
        subjectWords(subject),
        subjectId,
        detailWords(entry.detail),
        entry.previousHash,
        entry.hash,
      ]
      yield { cells }
    }
}
