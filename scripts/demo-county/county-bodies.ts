import type { Frequency, Rent, RentLine } from '../../src/domain/contract-terms.ts'
import type { Row } from './county-tables.ts'
import type { Ids } from './ids-by-name.ts'

/** An empty cell says nothing. */
export const given = (cell: string): string | undefined => (cell === '' ? undefined : cell)
const numberIn = (cell: string): number | undefined => (cell === '' ? undefined : Number(cell))

/** The rent clause that a contract's row and its lines write down. */
export function rentOf(row: Row<'contracts'>, lines: readonly Row<'rent-lines'>[]): Rent {
  return withoutGaps({ lines: lines.map(lineOf), ...clauseOf(row) })
}

/** The clause of an amendment: the contract's land, all of it at one rate; undefined without a rate. */
export function amendedRentOf(
  row: Row<'amendments'>,
  lines: readonly Row<'rent-lines'>[],
): Rent | undefined {
  const fenPerMu = numberIn(row.fenPerMu)
  if (fenPerMu === undefined) return undefined
  const amended = lines.map((line) => {
    const { land, areaMu } = lineOf(line)
    return withoutGaps<RentLine>({ land, areaMu, basis: 'cash', fenPerMu })
  })
  return withoutGaps({ lines: amended, ...clauseOf(row) })
}

function lineOf(row: Row<'rent-lines'>): RentLine {
  return withoutGaps<RentLine>({
    land: given(row.land) as RentLine['land'],
    areaMu: Number(row.areaMu),
    basis: given(row.basis) as RentLine['basis'],
    fenPerMu: numberIn(row.fenPerMu),
    jinPerMu: numberIn(row.jinPerMu),
    grain: given(row.grain),
  })
}

function clauseOf(row: Row<'contracts'> | Row<'amendments'>): Omit<Rent, 'lines'> {
  const everyYears = numberIn(row.escalationEveryYears)
  const percent = numberIn(row.escalationPercent)
  return {
    escalation:
      everyYears === undefined || percent === undefined ? undefined : { everyYears, percent },
    frequency: given(row.frequency) as Frequency | undefined,
    firstDueOn: given(row.firstDueOn),
  }
}

const NUMBERS = new Set([
  'households',
  'people',
  'riskDepositFen',
  'penaltyPer10kPerDay',
  'toleranceDays',
  'fenPer50kg',
  'amountFen',
  'year',
])
const FLAGS = new Set(['insured', 'repeat'])

/** The cells of a row as the API takes them, without the empty ones; `findings` are parted by bars. */
export function fieldsOf(row: Record<string, string>, columns = Object.keys(row)): object {
  return withoutGaps(
    Object.fromEntries(columns.map((column) => [column, fieldOf(column, row[column] ?? '')])),
  )
}

/** The fields of what may name an operator and a contract. */
export function namingFields(
  { operator, contract, ...row }: Record<string, string>,
  ids: Ids,
): object {
  return {
    ...fieldsOf(row),
    ...(operator && { operatorId: ids.of(operator) }),
    ...(contract && { contractId: ids.of(contract) }),
  }
}

function fieldOf(column: string, cell: string): unknown {
  if (cell === '') return undefined
  if (NUMBERS.has(column)) return Number(cell)
  if (FLAGS.has(column)) return cell === 'true'
  return column === 'findings' ? cell.split('|') : cell
}

/** A body has no fields that say nothing. */
function withoutGaps<T extends object>(body: T): T {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T
}
