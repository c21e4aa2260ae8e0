import { quoted, unquoted } from './quoted-words.ts'
import { cellError, readText } from './read-text.ts'
import type { Reading, SourceCell } from './reading.ts'

const GRAIN_NAMES: Readonly<Record<string, string>> = {
  mid_late_indica: '中晚籼稻',
  early_indica: '早籼稻',
  japonica: '粳稻',
  wheat: '小麦',
  corn: '玉米',
  rapeseed: '油菜籽',
}
const GRAINS = new Map(Object.entries(GRAIN_NAMES).map(([grain, name]) => [name, grain]))

/** What leases call a grain that the state prices under another name. */
const ALSO_CALLED: Readonly<Record<string, string>> = {
  黄谷: 'mid_late_indica',
  黄谷子: 'mid_late_indica',
  稻谷: 'mid_late_indica',
  干稻谷: 'mid_late_indica',
  干谷: 'mid_late_indica',
  干谷子: 'mid_late_indica',
  谷子: 'mid_late_indica',
  水稻: 'mid_late_indica',
  中稻: 'mid_late_indica',
  中籼稻: 'mid_late_indica',
  晚籼稻: 'mid_late_indica',
  中籼谷: 'mid_late_indica',
  中晚稻: 'mid_late_indica',
  中晚稻谷: 'mid_late_indica',
  中晚籼稻谷: 'mid_late_indica',
  籼稻谷: 'mid_late_indica',
  籼稻: 'mid_late_indica',
  早稻: 'early_indica',
  早稻谷: 'early_indica',
  早籼稻谷: 'early_indica',
  粳稻谷: 'japonica',
  麦子: 'wheat',
  苞谷: 'corn',
  包谷: 'corn',
  油菜: 'rapeseed',
  菜籽: 'rapeseed',
}

/** Every Chinese word of a grain that is known, the longest first. For patterns. */
export const KNOWN_GRAIN = [...GRAINS.keys(), ...Object.keys(ALSO_CALLED)]
  .sort((a, b) => b.length - a.length)
  .join('|')

const PLAIN = /^[\p{L}\p{N}_-]+$/u
const TEXT_MAX = 50

/**
 * The grain that a cell names. Paddy rice without a variety is taken for the mid and late indica
 * that the hills grow, and says so; a word that is not known is kept as itself, and so, to the
 * letter, is what stands between “ and ”.
 *
 * Units: none. Source: the state minimum purchase prices go by variety (field.md); hill leases say
 * 黄谷 (field.md, Dirt that real files carry).
 * @example readGrain('黄谷') // { value: 'mid_late_indica', readAs: '中晚籼稻' }
 */
export function readGrain(cell: SourceCell): Reading<string> {
  const literal = typeof cell === 'string' ? unquoted(cell.trim()) : undefined
  if (literal !== undefined) return isName(literal) ? { value: literal } : notAGrain
  if (typeof cell === 'number' || typeof cell === 'boolean') return notAGrain
  const name = readText(cell)
  if (name === undefined) return undefined
  const error = cellError(name)
  if (error) return error
  if (!isName(name)) return notAGrain
  const grain = GRAINS.get(name)
  if (grain !== undefined) return { value: grain }
  const also = ALSO_CALLED[name]
  return also === undefined ? { value: name } : { value: also, readAs: grainName(also) }
}

/**
 * A grain as people call it; one without a Chinese name as it was recorded.
 *
 * Source: the state minimum purchase prices (field.md).
 * Example: grainName('mid_late_indica') is '中晚籼稻', grainName('魔芋') '魔芋'.
 */
export function grainName(grain: string): string {
  return GRAIN_NAMES[grain] ?? grain
}

/**
 * A grain as a clause writes it: its name, between quotes where the name alone would be read as
 * another grain or as more than one word.
 *
 * Source: design decision (what an export writes is read back to the letter).
 * Example: grainWords('wheat') is '小麦', grainWords('小麦') '“小麦”'.
 */
export function grainWords(grain: string): string {
  const name = grainName(grain)
  const read = PLAIN.test(name) ? readGrain(name) : undefined
  const same = read && 'value' in read && read.value === grain && read.readAs === undefined
  return same ? name : quoted(grain)
}

const isName = (text: string) => text.trim() !== '' && text.length <= TEXT_MAX

const notAGrain = { code: 'grain-unreadable', reason: '应为粮食品种,如 中晚籼稻、小麦' }
