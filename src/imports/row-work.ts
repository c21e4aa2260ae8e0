import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { Refusal } from '../errors.ts'
import { hashOf } from '../facts/idempotent.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Guess, KeptFact } from '../platform/database/tables-of-imports.ts'
import { fieldOf, issueWords } from '../platform/http/problem-words.ts'
import { isClaimed, type Known } from './known-facts.ts'

/** Why a fact has a further version when a file says something else of it. */
export const IMPORT_CORRECTION = '导入更正'

/** What a row says, and what it is looked up in. */
export interface RowAsked<R extends object> {
  tx: Reader
  known: Known
  record: R
  /** The column of the file that a field was read from. */
  columns: Readonly<Record<string, string>>
  guessed: Guess[]
}

/** One row on its way into the ledger. */
export interface RowWork<R extends object> extends RowAsked<R> {
  tx: Writer
  caller: Caller
  countyCode: string
  /** The sheet that the row stands on. */
  sheet: string
  fingerprint: string
  /** What stands in cells that were read as something else, by heading. */
  written: Readonly<Record<string, string>>
  /** An earlier import had this very row: what people have made of it since stays. */
  seenBefore: boolean
  /** What the row has recorded, in order. */
  facts: KeptFact[]
  /** What is to be remembered for later rows when this one is kept. */
  remember: (() => void)[]
}

/** Says how something was read that a row does not write in so many words. */
export function guess(work: RowAsked<object>, field: string, value: string, readAs: string): void {
  work.guessed.push({ column: work.columns[field] ?? '', value, readAs })
}

/** The cell that a field of a fact was read from: which column, what stands there. */
export function cellOf({ record, columns, written }: RowWork<object>, field: string) {
  const [top = ''] = field.split(/[.[]/)
  const source = [field, top, ...(NAMED_BY[top] ?? [])].find((name) => columns[name] !== undefined)
  if (source === undefined) return { column: '', value: '' }
  const column = columns[source] ?? ''
  // By headings, which strangers choose: every object has a "constructor".
  const cell = Object.hasOwn(written, column) ? written[column] : undefined
  const value = (record as Record<string, unknown>)[source] ?? ''
  return { column, value: cell ?? (typeof value === 'object' ? '' : String(value)) }
}

/** What a file names where the ledger has an id, or one field for several columns. */
const NAMED_BY: Record<string, readonly string[]> = {
  operatorId: ['operatorName'],
  name: ['operatorName'],
  villageCode: ['villageName'],
  contractId: ['contractNo'],
  lessor: ['lessorKind', 'households', 'people'],
}

/** Says that a row corrects what is recorded, on the column of each field that it changes. */
export function tellCorrected(work: RowWork<object>, recorded: object, fact: object): void {
  const now = fact as Record<string, unknown>
  // Another operator is told where it is found.
  for (const [field, before] of Object.entries(recorded))
    if (field !== 'operatorId' && hashOf([before]) !== hashOf([now[field]]))
      work.guessed.push({ ...cellOf(work, field), readAs: corrected(field, before) })
}

/** What people wrote themselves is not repeated. */
function corrected(field: string, before: unknown): string {
  if (before === undefined) return '已登记的没有这一项,按本行更正'
  const isMoney = field.endsWith('Fen') && typeof before === 'number'
  const shown = isMoney
    ? ` ${(before / 100).toFixed(2)} 元`
    : field.endsWith('On')
      ? ` ${before} `
      : ''
  return `与已登记的${shown}不同,按本行更正`
}

/** A body as the API takes it. Refuses: malformed, naming the first field that does not fit. */
export function fitting<Body>(schema: z.ZodType<Body>, body: object): Body {
  const parsed = schema.safeParse(body, { reportInput: true })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues as [z.core.$ZodIssue]
  throw new Refusal('malformed', 'malformed', issueWords(issue), fieldOf(issue.path))
}

/** Refuses: row-repeats, when another row of this file says something else of the same fact. */
export function refuseSecondWord(
  { known, fingerprint }: RowWork<object>,
  id: string,
  same: boolean,
  field: string,
): void {
  if (same || !isClaimed(known, id, fingerprint)) return
  const words = {
    zh: '同一文件中已有一行登记同一事项,但内容不同,请核对后合并或改正',
    en: 'another row of the file is about the same thing and says something else',
  }
  throw new Refusal('rule-broken', 'row-repeats', words, field)
}

/** Fields that are given; the others keep what was recorded. */
export function given<T extends object>(fields: T): Partial<T> {
  const some: Partial<T> = {}
  for (const key in fields)
    if (fields[key] !== undefined && fields[key] !== null) some[key] = fields[key]
  return some
}
