import type { RentLine } from './contract-terms.ts'
import { grainWords, readGrain } from './grain-words.ts'
import { type LooseRent, looseRent, type RentPart } from './loose-rent.ts'
import { hundredthsOfMu } from './mu.ts'
import { QUOTED } from './quoted-words.ts'
import { cellError, readText } from './read-text.ts'
import type { Reading, SourceCell, Unreadable } from './reading.ts'

const LAND_WORDS = { paddy: '田', dry: '土', all: '田土' } as const
const LANDS = { 田: 'paddy', 土: 'dry', 田土: 'all' } as const

const NUMBER = '\\d+(?:\\.\\d{2})?'
const GRAIN = `(?:${QUOTED}|[\\p{L}\\p{N}_-]+)`
const CASH = `${NUMBER}元/亩`
const IN_GRAIN = `${NUMBER}斤/亩(?: ${GRAIN})?`
const COUNTED = `${CASH}|${IN_GRAIN}|租金未约定|现金未约定|实物未约定(?: ${GRAIN})?`
const ASIDE = `(?:\\(另记(${CASH}|${IN_GRAIN}|${GRAIN})\\))?`
const LINE = `(?:(田土|田|土) )?(?:(\\d+\\.\\d{2})亩 )?(按?)(${COUNTED})${ASIDE}`
/** As `rentWords` writes it. For patterns, whose own groups must be named. */
export const RENT_PATTERN = `${LINE}(?:;${LINE})*`
const EXACT = new RegExp(`^${RENT_PATTERN}$`, 'u')
const EACH_LINE = new RegExp(`${LINE}(?:;|$)`, 'guy')
const RATE = new RegExp(`^(?:(${NUMBER})(元|斤)/亩)? ?(.*)$`, 'su')
const NO_RATE = /^(?:租金|现金|实物)未约定/

const AREA_MAX_MU = 1_000_000
const FEN_PER_MU_MAX = 100_000_000
const JIN_PER_MU_MAX = 100_000

/** What the other columns of the row say, and the unit of the column if its heading has one. */
export interface RentGiven {
  areaMu?: number | undefined
  paddyMu?: number | undefined
  dryMu?: number | undefined
  unit?: 'yuan' | 'wan_yuan' | undefined
}

/**
 * The lines of a rent clause as a ledger writes them. A single line without a land of its own
 * leaves its area to the column 面积. 按 marks a rate of which nobody wrote whether it is cash or
 * kind, 另记 what was recorded and does not count.
 *
 * Units: 亩 with two decimals, 元/亩 and 斤/亩 (0.5 kg) a year. Throws RangeError on areas beyond two
 * decimals. Source: field.md, Columns (流转台账); form GF-2021-2606 (cash, or in kind by variety).
 * @example rentWords([{ land: 'paddy', areaMu: 320.5, basis: 'cash', fenPerMu: 60000 }])
 * // '田 320.50亩 600元/亩'
 */
export function rentWords(lines: readonly RentLine[]): string {
  const [line] = lines
  const alone = lines.length === 1 && line && line.land !== 'paddy' && line.land !== 'dry'
  return alone ? landWords(line) + termsWords(line) : rentWordsWithAreas(lines)
}

/**
 * The lines of a rent clause with every area, for where no other column says it.
 *
 * Units: as `rentWords`. Throws RangeError on areas beyond two decimals.
 * Source: field.md, Columns (流转台账); design decision.
 * @example rentWordsWithAreas([{ areaMu: 500.5, basis: 'cash', fenPerMu: 69000 }])
 * // '500.50亩 690元/亩'
 */
export function rentWordsWithAreas(lines: readonly RentLine[]): string {
  return lines.map((line) => `${landWords(line)}${areaWords(line)} ${termsWords(line)}`).join(';')
}

const landWords = ({ land }: RentLine) => (land ? `${LAND_WORDS[land]} ` : '')
const areaWords = ({ areaMu }: RentLine) => `${(hundredthsOfMu(areaMu) / 100).toFixed(2)}亩`

function termsWords({ basis, fenPerMu, jinPerMu, grain }: RentLine): string {
  const counted = basis ?? (jinPerMu === undefined ? 'cash' : 'grain')
  const cash = fenPerMu === undefined ? undefined : `${amount(fenPerMu / 100)}元/亩`
  const gap = grain === undefined ? '' : ` ${grainWords(grain)}`
  const inGrain = jinPerMu === undefined ? undefined : `${amount(jinPerMu)}斤/亩${gap}`
  const by = basis === undefined && (cash ?? inGrain) !== undefined ? '按' : ''
  if (counted === 'grain') {
    return by + (inGrain ?? `实物未约定${gap}`) + aside(cash)
  }
  const none = basis === undefined ? '租金未约定' : '现金未约定'
  return by + (cash ?? none) + aside(inGrain ?? (grain === undefined ? undefined : gap.trim()))
}

const amount = (n: number) => (Number.isInteger(n) ? String(n) : n.toFixed(2))
const aside = (words: string | undefined) => (words === undefined ? '' : `(另记${words})`)

/**
 * The lines of the rent clause that a cell agrees, over the areas that the row gives: one rate for
 * 田 and 土 makes a line of each. A rate is a year's for one mu; an amount that may as well be the
 * whole rent is refused, and so are ranges and rents that only a market will tell.
 *
 * Units: mu, fen per mu a year, jin (斤, 0.5 kg) per mu a year.
 * Source: field.md, What real contracts contain and Dirt that real files carry; product.md, What
 * would embarrass us 5.
 * @example readRent('500斤黄谷', { areaMu: 30 }) // { value: [{ areaMu: 30, basis: 'grain',
 * //   jinPerMu: 500, grain: 'mid_late_indica' }], readAs: '500斤/亩 中晚籼稻' }
 */
export function readRent(cell: SourceCell, given: RentGiven): Reading<RentLine[]> {
  const text = readText(cell)
  if (text === undefined) return undefined
  const error = cellError(text)
  if (error) return error
  const written = typeof cell === 'string' ? exactRent(cell.trim()) : undefined
  const read = written ?? looseRent(text, given.unit)
  if ('reason' in read) return read
  const lines = placed(read.parts, given)
  if ('reason' in lines) return lines
  if (lines.some(beyondLimits)) return outOfRange
  return read.guessed ? { value: lines, readAs: rentWords(lines) } : { value: lines }
}

function exactRent(text: string): LooseRent | Unreadable | undefined {
  if (!EXACT.test(text)) return undefined
  let guessed = false
  const parts: RentPart[] = []
  for (const [, land, areaMu, by, counted = '', noted = ''] of text.matchAll(EACH_LINE)) {
    const part: RentPart = {
      ...(land !== undefined && { land: LANDS[land as keyof typeof LANDS] }),
      ...(areaMu !== undefined && { areaMu: Number(areaMu) }),
      ...(by !== '按' && basisOf(counted)),
    }
    for (const words of [counted.replace(NO_RATE, ''), noted]) {
      const [, number, unit, grainWord = ''] = RATE.exec(words) ?? []
      if (unit === '元') part.fenPerMu = Math.round(Number(number) * 100)
      if (unit === '斤') part.jinPerMu = Number(number)
      const grain = readGrain(grainWord)
      if (grain && 'reason' in grain) return grain
      if (grain) part.grain = grain.value
      guessed ||= grain?.readAs !== undefined
    }
    parts.push(part)
  }
  return { parts, guessed }
}

function basisOf(counted: string): Pick<RentLine, 'basis'> {
  if (counted === '租金未约定') return {}
  return { basis: /^\d+(?:\.\d\d)?元|^现金/.test(counted) ? 'cash' : 'grain' }
}

function beyondLimits({ areaMu, fenPerMu = 0, jinPerMu = 0 }: RentLine): boolean {
  return areaMu > AREA_MAX_MU || fenPerMu > FEN_PER_MU_MAX || jinPerMu > JIN_PER_MU_MAX
}

/** Each rate on the land it is for, as far as the row says how much that is. */
function placed(parts: readonly RentPart[], given: RentGiven): RentLine[] | Unreadable {
  const [part] = parts
  if (parts.length === 1 && part && part.land === undefined && part.areaMu === undefined) {
    const lands = landsOf(given)
    if (lands.length === 0) return areaMissing
    return lands.map((land) => ({ ...part, ...land }))
  }
  const whole = given.areaMu ?? sumMu([given.paddyMu, given.dryMu])
  const lines: RentLine[] = []
  for (const each of parts) {
    const areaMu = each.areaMu ?? areaOf(each, given) ?? (parts.length === 1 ? whole : undefined)
    if (areaMu === undefined) return parts.length === 1 ? areaMissing : areasMissing
    lines.push({ ...each, areaMu })
  }
  const sum = sumMu(lines.map(({ areaMu }) => areaMu))
  // One hundredth of a mu is what rounding two areas on their own may lose.
  if (whole === undefined || Math.abs(hundredthsOfMu(sum ?? 0) - hundredthsOfMu(whole)) <= 1)
    return lines
  return {
    code: 'areas-differ',
    reason: `租金标准所及面积 ${(sum ?? 0).toFixed(2)} 亩与面积 ${whole.toFixed(2)} 亩不一致`,
  }
}

function landsOf({ areaMu, paddyMu = 0, dryMu = 0 }: RentGiven) {
  const lands = [
    ...(paddyMu > 0 ? [{ land: 'paddy' as const, areaMu: paddyMu }] : []),
    ...(dryMu > 0 ? [{ land: 'dry' as const, areaMu: dryMu }] : []),
  ]
  if (areaMu === undefined) return lands
  const apart = sumMu(lands.map((land) => land.areaMu))
  return apart === areaMu ? lands : [{ areaMu }]
}

function areaOf({ land }: RentPart, { paddyMu, dryMu }: RentGiven): number | undefined {
  if (land === 'paddy') return paddyMu
  return land === 'dry' ? dryMu : undefined
}

function sumMu(areas: readonly (number | undefined)[]): number | undefined {
  const known = areas.filter((areaMu) => areaMu !== undefined)
  if (known.length === 0) return undefined
  return known.reduce((sum, areaMu) => sum + hundredthsOfMu(areaMu), 0) / 100
}

const outOfRange = { code: 'out-of-range', reason: '租金标准或其面积超出可登记的范围' }
const areaMissing = { code: 'area-missing', reason: '有租金标准,缺面积(亩)' }
const areasMissing = {
  code: 'area-missing',
  reason: '写有几种租金,应只留一种,或写明各自的面积,如 田 320.50亩 600元/亩;土 180.00亩 400斤/亩',
}
