/** A cell of somebody's spreadsheet; shown dates come as text 'YYYY-MM-DD'. */
export type SourceCell = string | number | boolean | null

/** What a cell of somebody's spreadsheet was read as; `readAs` says a guess in Chinese. */
export interface ReadValue<T> {
  value: T
  readAs?: string
}

/** Why a cell cannot be read; `reason` is Chinese, for the person who filled it in. */
export interface Unreadable {
  code: string
  reason: string
}

/** undefined: the cell is empty, or says in words that there is nothing (`无`, `/`, `—`). */
export type Reading<T> = ReadValue<T> | Unreadable | undefined
