import type { Cell, Column } from './sheet-rows.ts'

/** 合计 of rows: empty where these have no number to add up, as what nobody knows is not 0. */
export class ColumnSums {
  readonly #columns: readonly Column[]
  readonly #sums: (number | null)[]
  #rows = 0

  constructor(columns: readonly Column[]) {
    this.#columns = columns
    this.#sums = columns.map(() => null)
  }

  add(cells: readonly Cell[]): void {
    this.#rows += 1
    for (const [at, { total }] of this.#columns.entries()) {
      const cell = cells[at]
      if (total && typeof cell === 'number') this.#sums[at] = (this.#sums[at] ?? 0) + cell
    }
  }

  cells(): Cell[] {
    if (this.#rows > 0) return this.#sums
    return this.#columns.map(({ total }) => (total ? 0 : null))
  }
}
