import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { Refusal } from '../errors.ts'
import type { Reader, Writer } from '../platform/database/database.ts'
import type { Guess, KeptFact } from '../platform/database/tables-of-imports.ts'
import { fieldOf, issueWords } from '../platform/http/problem-words.ts'
import type { Known } from './known-facts.ts'

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
  fingerprint: string
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
  if (same || !known.claims.isOfAnother(id, fingerprint)) return
  const words = {
    zh: '同一文件中已有一行登记同一事项,但内容不同,请核对后合并或改正',
    en: 'another row of the file is about the same thing and says something else',
  }
  throw new Refusal('rule-broken', 'row-repeats', words, field)
}

/** Fields that are given; the others keep what was recorded. */
export const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>
