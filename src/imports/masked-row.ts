import { maskLessor } from '../domain/mask-lessor.ts'
import { mailText } from '../domain/mask-name.ts'
import { maskCode, maskContractNo, maskPerson, maskPhone } from '../domain/mask-personal.ts'
import { maskedView } from '../domain/masked-view.ts'
import type { KeptRow } from './import-store.ts'
import { ABOVE_IS_EMPTY, AS_ABOVE, DITTO_UNCLEAR } from './row-cells.ts'

const maskLessorCell = (cell: string) => maskLessor(undefined, cell)
/** Cells of columns about people, by the field that they are read for. */
const OF_FIELDS: Readonly<Record<string, (cell: string) => string>> = {
  phone: maskPhone,
  representative: maskPerson,
  lessor: maskLessorCell,
  lessorKind: maskLessorCell,
  uscc: maskCode,
  idNumber: maskCode,
  contractNo: maskContractNo,
  linkedContract: maskContractNo,
  documentNo: maskContractNo,
}
/** Columns that are not read, by what they are called. */
const OF_HEADINGS: [RegExp, (cell: string) => string][] = [
  [/电话|手机|联系方式/, maskPhone],
  [/身份证|证件号/, maskCode],
  [/姓名|户主|农户|法人|代表人|负责人|联系人|经办人|收款人|户名/, maskPerson],
]

/**
 * A row of a file as it is kept and reported: the file itself, which is sealed, has it in full.
 * `columns` has the heading of each field.
 */
export function maskedRow(row: KeptRow, columns: Readonly<Record<string, string>>): KeptRow {
  const maskOf = (column: string) => {
    const field = Object.keys(OF_FIELDS).find((one) => columns[one] === column)
    if (field !== undefined) return OF_FIELDS[field] ?? mailText
    const [, mask = mailText] = OF_HEADINGS.find(([words]) => words.test(column)) ?? []
    return Object.values(columns).includes(column) ? mailText : mask
  }
  return {
    ...row,
    record: maskedView(row.record),
    guessed: row.guessed.map(({ column, value, readAs }) => {
      const mask = maskOf(column)
      if (readAs === ABOVE_IS_EMPTY) return { column, value, readAs }
      if (readAs.startsWith(AS_ABOVE))
        return { column, value, readAs: AS_ABOVE + mask(readAs.slice(AS_ABOVE.length)) }
      return { column, value: mask(value), readAs: (mask === maskPhone ? mask : mailText)(readAs) }
    }),
    problems: row.problems.map((problem) => ({
      ...problem,
      // 同上 is nobody's name.
      value: (problem.code === DITTO_UNCLEAR ? mailText : maskOf(problem.column))(problem.value),
      reason: mailText(problem.reason),
    })),
  }
}
