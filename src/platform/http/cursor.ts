import { Refusal } from '../../errors.ts'

export type CursorPart = string | number

/** An opaque mark of the last item of a page. */
export function cursorAfter(...parts: CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** Reads a cursor back. Refuses: invalid-cursor, also when its parts are not of `types`. */
export function readCursor(cursor: string, types: readonly ('string' | 'number')[]): CursorPart[] {
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

const isPart = (part: unknown, type: 'string' | 'number') =>
  type === 'number' ? Number.isSafeInteger(part) : typeof part === 'string' && /^[\w-]*$/.test(part)
