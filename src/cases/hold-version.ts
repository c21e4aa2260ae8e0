import { Refusal } from '../errors.ts'
import type { CaseRow } from './case-store.ts'

/** A case's ETag: another one after every move. */
export const tagOf = ({ version }: Pick<CaseRow, 'version'>): string => `"${version}"`

/**
 * Refuses: case-changed, when the caller read an older version than the one to be moved. Without
 * `If-Match` the caller takes the case as it is.
 */
export function holdVersion(row: CaseRow, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (tags.includes('*') || tags.includes(tagOf(row))) return
  const words = {
    zh: '该风险已被他人更新,请重新读取后再提交',
    en: 'the case has been changed since it was read; read it again',
  }
  throw new Refusal('changed-since', 'case-changed', words, 'If-Match')
}
