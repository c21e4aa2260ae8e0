import { maskLessor } from './mask-lessor.ts'
import { mailText } from './mask-name.ts'
import { maskCode, maskContractNo, maskPerson, maskPhone } from './mask-personal.ts'

/** What is written by hand: mobile, ID and card numbers in it are masked. */
const WRITTEN_BY_HAND =
  'name operatorName fileName reason changeReason note summary source evidence manner measure ' +
  'institution responsibleUnit leadOfficial responsiblePerson reasonUnpaid programme stage ' +
  'method receiptNo sentence reasons value readAs words township townshipName villageName grain ' +
  'column'

/** How a field is shown, by its name: one name means the same everywhere. */
const MASKS: ReadonlyMap<string, Mask> = new Map([
  ...WRITTEN_BY_HAND.split(' ').map((field) => [field, mailText] as const),
  ['representative', maskPerson],
  ['phone', maskPhone],
  ['uscc', maskCode],
  ['contractNo', maskContractNo],
  ['documentNo', maskContractNo],
  ['hiddenContract', maskContractNo],
])
type Mask = (text: string) => string

/**
 * What is answered, kept for later or reported, as everybody may see it: fields about people are
 * masked wherever they stand. The same again when it is masked already.
 *
 * Source: field.md, Masks (PIPL 51, de-identification).
 * @example maskedView({ name: '青溪合作社', representative: '李四海', phone: '13812341234' })
 * // { name: '青溪合作社', representative: '李*海', phone: '138****1234' }
 */
export function maskedView<T>(view: T): T {
  return masked(view, undefined) as T
}

/** What has nothing to mask is answered as it is, not as a copy. */
function masked(value: unknown, mask: Mask | undefined): unknown {
  if (typeof value === 'string') return mask ? mask(value) : value
  if (Array.isArray(value)) {
    const shown = value.map((one) => masked(one, mask))
    return shown.some((one, at) => one !== value[at]) ? shown : value
  }
  if (!isPlain(value)) return value
  let changed: Map<string, unknown> | undefined
  for (const [field, inner] of Object.entries(value)) {
    const shown = field === 'lessor' ? lessor(inner) : masked(inner, MASKS.get(field))
    if (shown === inner) continue
    changed ??= new Map()
    changed.set(field, shown)
  }
  if (!changed) return value
  const shown = Object.entries(value).map(([field, inner]) => [
    field,
    changed.has(field) ? changed.get(field) : inner,
  ])
  return Object.fromEntries(shown)
}

function lessor(value: unknown): unknown {
  if (!isPlain(value)) return masked(value, mailText)
  const { kind, name } = value as { kind?: string; name?: unknown }
  return typeof name === 'string' ? { ...value, name: maskLessor(kind, name) } : value
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * What somebody sends back who was shown a fact: what still reads as it was shown is what was
 * recorded, unless it would no longer be masked now.
 *
 * Example: who was shown the phone 138****1234 and sends it back means 13812341234.
 */
export function unmaskedAs<T>(sent: T, recorded: unknown): T {
  const meant = restored(sent, recorded, maskedView(recorded))
  return restored(sent, meant, maskedView(meant)) as T
}

function restored(sent: unknown, recorded: unknown, shown: unknown): unknown {
  if (typeof sent === 'string') return sent === shown ? recorded : sent
  if (typeof sent !== 'object' || sent === null) return sent
  const at = (value: unknown, key: string) => (value as Record<string, unknown> | undefined)?.[key]
  const entries = Object.entries(sent).map(([key, inner]) => [
    key,
    restored(inner, at(recorded, key), at(shown, key)),
  ])
  return Array.isArray(sent) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}
