import { mailText } from '../domain/mask-name.ts'
import { maskContractNo, maskPerson, maskPhone } from '../domain/mask-personal.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import type { Cell, Column, Row } from '../platform/spreadsheet/sheet-rows.ts'

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

/** 法人、联系电话 of an operator. */
export function personCells(
  operator: FactRow<'operators'> | undefined,
  { revealed }: { revealed: boolean },
): Cell[] {
  const { representative = null, phone = null } = operator ?? {}
  if (revealed) return [representative, phone]
  return [representative && maskPerson(representative), phone && maskPhone(phone)]
}
