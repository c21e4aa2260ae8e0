import { Refusal } from '../../errors.ts'

export type CursorPart = string | number
/** Points are whole numbers of a column that holds no large ones. */
type PartType = 'string' | 'number' | 'points'
const POINTS_MAX = 1000

/**
 * A page out of one row more than it shows: that one tells whether there is a next page. `placeOf`
 * is what the next page starts after.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => CursorPart[],
): { shown: Row[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (last === undefined || rows.length <= limit) return { shown, nextCursor: null }
  return { shown, nextCursor: Buffer.from(JSON.stringify(placeOf(last))).toString('base64url') }
}

/** Reads a cursor back. Refuses: invalid-cursor, also when its parts are not of `types`. */
export function readCursor(cursor: string, types: readonly PartType[]): CursorPart[] {
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown
    if (Array.isArray(parts) && parts.length === types.length)
      if (types.every((type, i) => isPart(parts[i], type))) return parts as CursorPart[]
  } catch {
    // Not ours: refused below like any other text.
  }
  const words = { zh: '分页游标无效', en: 'the cursor is not one of ours' }
  throw new Refusal('malformed', 'invalid-cursor', words, 'cursor')
}

function isPart(part: unknown, type: PartType): boolean {
  if (type === 'string') return typeof part === 'string' && /^[\w-]*$/.test(part)
  if (!Number.isSafeInteger(part)) return false
  return type === 'number' || Math.abs(part as number) <= POINTS_MAX
}
