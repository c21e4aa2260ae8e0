import { hasMaskedNumber } from './mask-personal.ts'
import { QUOTED, quoted, unquoted } from './quoted-words.ts'
import { readCount } from './read-count.ts'
import { cellError, readText } from './read-text.ts'
import type { Reading, SourceCell } from './reading.ts'

interface Lessor {
  kind: 'village_collective' | 'household'
  name?: string
  households?: number
}

const KIND_WORDS = { village_collective: '村集体', household: '农户' } as const
const KINDS: Readonly<Record<string, Lessor['kind']>> = {
  村集体: 'village_collective',
  集体: 'village_collective',
  村集体经济组织: 'village_collective',
  农村集体经济组织: 'village_collective',
  农户: 'household',
  承包农户: 'household',
  承包户: 'household',
  村民: 'household',
  个人: 'household',
}
const NAMELESS = new RegExp(`^(${Object.keys(KINDS).join('|')})(${QUOTED})?(?:(\\d+)户)?$`)

const COLLECTIVE = /(?:经济合作(?:联合)?(?:总)?社|经济联合(?:总)?社|集体经济组织)(?:\(.*\))?$/u
const PLACE =
  /村委|村民委员会|居委|居民委员会|集体|合作社|公司|政府|管委会|办事处|社区|小组|[村组队](?:\(.*\))?$|[一二三四五六七八九十\d]社$/u
const HOUSEHOLDS = /([\d,]+|[一二三四五六七八九十百千零〇两]+)(?:余|多)?(?:家|农)?户/u
const ABOUT = /约|余户|多户|左右/u
const NAMES_APART = /[、,]/u
const PERSON = /^\p{Script=Han}{1,3}(?!等)\p{Script=Han}$|^\p{Script=Han}+·\p{Script=Han}+$/u
const MASKED_PERSON = /^\p{Script=Han}\*\p{Script=Han}?$/u
const MASKED = /\*/
const NAME_MAX = 200
const COUNT_ALONE = new RegExp(`^约?${HOUSEHOLDS.source}(?:农户|村民)?$`, 'u')

/**
 * The lessor of a lease in one cell: the name where it says the kind by itself, else the kind
 * first. The columns beside it carry the households of a collective.
 *
 * Units: households (户). Source: field.md, Columns (出租方); Rural Land Contracting Law 36 (the
 * contracting household leases, or its collective by mandate).
 * @example lessorWords({ kind: 'household', households: 35 }) // '农户35户'
 */
export function lessorWords(lessor: {
  kind: Lessor['kind']
  name?: string | undefined
  households?: number | undefined
}): string {
  const { kind, name, households } = lessor
  const inFull = `${KIND_WORDS[kind]}${name === undefined ? '' : quoted(name)}`
  const counted = households === undefined ? '' : `${households}户`
  if (name === undefined) return inFull + counted
  const read = readLessor(name)
  const same =
    read &&
    'value' in read &&
    read.readAs === undefined &&
    read.value.kind === kind &&
    read.value.name === name &&
    (read.value.households === undefined || read.value.households === households)
  return same ? name : inFull + counted
}

/**
 * Who leases out, as a cell says it: a collective by its name, a household by a person's name, or
 * one who signs for many (张三等35户). The name stays as written; a masked one is no name.
 *
 * Units: households (户). No reason repeats a name. Source: product.md, What would embarrass us 1
 * (one village signing for many households); field.md, Glossary (农村集体经济组织).
 * @example readLessor('张三等35户')
 * // { value: { kind: 'household', name: '张三等35户', households: 35 } }
 */
export function readLessor(cell: SourceCell): Reading<Lessor> {
  const text = readText(cell)
  if (text === undefined) return undefined
  const error = cellError(text)
  if (error) return error
  // A guard that csv puts before - or = is no part of the name.
  const written = String(cell)
    .trim()
    .replace(/^'(?=[=+\-@])/, '')
  const inFull = NAMELESS.exec(written)
  if (inFull) return fullLessor(inFull)
  if (!/\p{L}/u.test(text) || typeof cell !== 'string' || written.length > NAME_MAX)
    return unreadable
  const name = MASKED.test(text) || COUNT_ALONE.test(text) ? {} : { name: written }
  const { kind, guessed } = kindOf(text)
  const households = HOUSEHOLDS.exec(text)?.[1]
  if (households === undefined) {
    const several = text.split(NAMES_APART).length
    if (kind === 'household' && several > 1) return told({ kind, ...name, households: several })
    const value = { kind, ...name }
    return guessed ? told(value) : { value }
  }
  const count = readCount(households)
  if (!count || 'reason' in count) return count ?? unreadable
  const value = { kind, ...name, households: count.value }
  return guessed || ABOUT.test(text) ? told(value) : { value }
}

function fullLessor([, kindWord = '', inQuotes, counted]: RegExpExecArray): Reading<Lessor> {
  const written = inQuotes === undefined ? undefined : unquoted(inQuotes)
  const name = hasMaskedNumber(written ?? '') ? undefined : written
  const households = readCount(counted ?? null)
  if (households && 'reason' in households) return households
  return {
    value: {
      kind: KINDS[kindWord] ?? 'household',
      ...(name !== undefined && { name }),
      ...(households && { households: households.value }),
    },
  }
}

function kindOf(text: string): { kind: Lessor['kind']; guessed: boolean } {
  if (COLLECTIVE.test(text)) return { kind: 'village_collective', guessed: false }
  // 村委会代35户: the households lease, the committee signs.
  const forMany = HOUSEHOLDS.test(text)
  if (forMany && /[等代]|委托|^[^(]*户$/u.test(text)) {
    return { kind: 'household', guessed: /代|委托/u.test(text) }
  }
  if (PLACE.test(text)) return { kind: 'village_collective', guessed: true }
  const isPerson = PERSON.test(text) || MASKED_PERSON.test(text)
  return { kind: 'household', guessed: !forMany && !isPerson }
}

/** Without the name: what is told about a guess may be read by many. */
function told(value: Lessor): Reading<Lessor> {
  const counted = value.households === undefined ? '' : ` ${value.households} 户`
  return { value, readAs: KIND_WORDS[value.kind] + counted }
}

const unreadable = {
  code: 'lessor-unreadable',
  reason: '应为出租方名称,如 青溪村股份经济合作联合社、某某等35户',
}
