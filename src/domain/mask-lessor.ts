import { readLessor } from './lessor-words.ts'
import { mailText } from './mask-name.ts'
import { maskHousehold } from './mask-personal.ts'

/**
 * The name of whoever leases out as it is shown: that of a household is masked, and so is that of a
 * collective that is called after the one who signs for it.
 *
 * Source: field.md, Masks; product.md, Promises 4 (PIPL 51, de-identification).
 * @example maskLessor('household', '张三等35户') // '张*等35户'
 * @example maskLessor('village_collective', '青龙村3组') // '青龙村3组'
 */
export function maskLessor(kind: string | undefined, name: string): string {
  return isPerson(kind, name) ? maskHousehold(name) : mailText(name)
}

function isPerson(kind: string | undefined, name: string): boolean {
  if (kind === 'household') return true
  const read = readLessor(name)
  return read !== undefined && 'value' in read && read.value.kind === 'household'
}
