import { mailText } from '../domain/mask-name.ts'
import { maskContractNo } from '../domain/mask-personal.ts'
import type { Column, Row } from '../platform/spreadsheet/sheet-rows.ts'

const CONTRACT_NUMBERS = new Set(['合同编号', '关联合同'])

/**
 * Rows of a ledger as they may leave the service: whatever somebody wrote into a text, a mobile or
 * ID number in it is masked.
 */
export async function* maskedRows(
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
): AsyncGenerator<Row> {
  const maskOf = columns.map(({ heading }) => (CONTRACT_NUMBERS.has(heading) ? eachNo : mailText))
  for await (const row of rows) {
    const cells = row.cells.map((cell, at) =>
      typeof cell === 'string' ? (maskOf[at] ?? mailText)(cell) : cell,
    )
    yield { ...row, cells }
  }
}

/** A case has several contracts, a line each. */
const eachNo = (contractNos: string) => contractNos.split('\n').map(maskContractNo).join('\n')
