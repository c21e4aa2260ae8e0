import { Refusal } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'
import type { ReadRow } from './import-row.ts'
import type { Outcome } from './record-row.ts'

/** An outcome that undoes what its rows have written so far. */
class NotKept extends Error {
  readonly outcomes: Outcome[]
  constructor(outcomes: Outcome[]) {
    super('rows are reported')
    this.outcomes = outcomes
  }
}

/** Records rows that belong together: what they have written is undone when one is reported. */
export async function allOrNone(
  tx: Writer,
  rows: readonly ReadRow[],
  record: () => Promise<Outcome[]>,
): Promise<Outcome[]> {
  try {
    return await tx.part(async () => {
      const outcomes = await record()
      if (outcomes.some(({ status }) => status === 'reported')) throw new NotKept(outcomes)
      return outcomes
    })
  } catch (error) {
    if (error instanceof NotKept) return error.outcomes
    if (!(error instanceof Refusal)) throw error
    return rows.map((row) => refusedOutcome(row, error))
  }
}

function refusedOutcome(read: ReadRow, { code, words, field = '' }: Refusal): Outcome {
  const [top = ''] = field.split(/[.[]/)
  const column = read.columns?.[top] ?? field
  const problems = [{ column, value: '', code, reason: words.zh }]
  return {
    status: 'reported',
    problems,
    guessed: read.guessed,
    ...(read.record && { record: read.record }),
  }
}
