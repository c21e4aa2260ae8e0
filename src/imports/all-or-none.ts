import { Refusal } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'
import { type Outcome, reported } from './record-row.ts'
import type { RowWork } from './row-work.ts'

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
  works: readonly RowWork<object>[],
  record: () => Promise<Outcome[]>,
): Promise<Outcome[]> {
  const [first] = works
  const waiting = first?.known.waiting
  try {
    return await tx.part(async () => {
      const outcomes = await record()
      if (outcomes.some(({ status }) => status === 'reported')) throw new NotKept(outcomes)
      return outcomes
    })
  } catch (error) {
    if (first && waiting) first.known.waiting = waiting
    if (error instanceof NotKept) return error.outcomes
    if (!(error instanceof Refusal)) throw error
    return works.map((work) => reported(work, error))
  }
}
