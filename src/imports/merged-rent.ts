import type { Rent, RentLine } from '../domain/contract-terms.ts'
import { Refusal } from '../errors.ts'
import { hashOf } from '../facts/idempotent.ts'

/**
 * The recorded rent clause with what a row says of it: its lines when it says what a mu costs, else
 * only their area; frequency and first due day together; the escalation.
 * Refuses: areas-differ, when an area cannot be laid on several lines.
 */
export function mergedRent(recorded: Rent, row: Rent): Rent {
  const due = row.frequency === undefined ? recorded : row
  const escalation = row.escalation ?? recorded.escalation
  return {
    lines: mergedLines(recorded.lines, row.lines),
    ...(escalation && { escalation }),
    frequency: due.frequency,
    ...(due.firstDueOn !== undefined && { firstDueOn: due.firstDueOn }),
  }
}

function mergedLines(recorded: readonly RentLine[], row: readonly RentLine[]) {
  if (hashOf(recorded.map(meaning)) === hashOf(row.map(meaning))) return recorded
  if (row.some(({ fenPerMu, jinPerMu }) => fenPerMu !== undefined || jinPerMu !== undefined))
    return row
  const areaMu = sumOf(row)
  const [line] = recorded
  if (line && recorded.length === 1) return [{ ...line, areaMu }]
  if (sumOf(recorded) === areaMu) return recorded
  throw new Refusal('rule-broken', 'areas-differ', differs, 'rent.lines')
}

const sumOf = (lines: readonly RentLine[]) =>
  Math.round(lines.reduce((sum, { areaMu }) => sum + areaMu, 0) * 100) / 100

/** What a line says, whichever of the ways it is written in. */
const meaning = (line: RentLine) => {
  const { areaMu, fenPerMu, jinPerMu, grain } = line
  const basis = line.basis ?? (jinPerMu === undefined ? 'cash' : 'grain')
  return { land: line.land ?? 'all', areaMu, basis, fenPerMu, jinPerMu, grain }
}

const differs = {
  zh: '面积与已登记的各类土地面积合计不符,请分田、土填写或写明租金标准',
  en: 'the area differs from that of the recorded lines; give each line, or the rent',
}
