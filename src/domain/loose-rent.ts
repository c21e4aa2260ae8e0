import { inFigures } from './chinese-numerals.ts'
import type { RentLine } from './contract-terms.ts'
import { KNOWN_GRAIN, readGrain } from './grain-words.ts'
import { readArea } from './read-area.ts'
import { readFen } from './read-money.ts'
import { readTwoDecimals } from './read-percent.ts'
import type { Unreadable } from './reading.ts'

/** A line of a rent clause of which the area may stand in another column. */
export type RentPart = Omit<RentLine, 'areaMu'> & { areaMu?: number | undefined }

export interface LooseRent {
  parts: RentPart[]
  guessed: boolean
}

const LENGTH_MAX = 300
/** Nobody leases a mu for more a year: such an amount is the whole rent, or in another unit. */
const LIKELY_FEN_PER_MU_MAX = 1_000_000
const LIKELY_JIN_PER_MU_MAX = 5000

const LANDS: Readonly<Record<string, RentLine['land']>> = {
  田土: 'all',
  水田: 'paddy',
  稻田: 'paddy',
  田: 'paddy',
  旱地: 'dry',
  旱土: 'dry',
  坡地: 'dry',
  坡土: 'dry',
  土: 'dry',
  地: 'dry',
}
const NUMBER = '(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?'
const LABEL = '(?:年?(?:流转费|租金|价格|单价))?:?为?按?'
const ABOUT = '(?<about>约|大约|大概)?'
const PER_MU = '/亩|每亩|[一1]亩|亩'
const YEARLY = '(?:[/·.]年|/?每年|一年)?'
const PIECE = new RegExp(
  '(?<land>土地|耕地|田土|水田|稻田|田|旱地|旱土|坡地|坡土|土|地)?:?' +
    `(?:(?<area>${NUMBER})亩)?:?` +
    LABEL +
    `(?<grainFirst>${KNOWN_GRAIN})?` +
    '(?<perMuFirst>每亩(?:每年)?|每年每亩|[一1]亩|亩均|亩)?' +
    `(?<grainThen>${KNOWN_GRAIN})?${LABEL}` +
    `${ABOUT}(?<number>${NUMBER})(?<unit>万元|元|吨|公斤|千克|kg|市斤|斤)?` +
    `(?<grainMiddle>${KNOWN_GRAIN})?(?<perMu>(?:${PER_MU})${YEARLY}|[/每]?年[/·.]?每?亩|[/每]年)?` +
    `(?<grainLast>${KNOWN_GRAIN}|(?!折|按|左右|实物|现金)\\p{Script=Han}{1,10}?(?=$|[;,、。折按(]))?` +
    '(?<priced>左右|实物|\\(?(?:折|按)\\p{Script=Han}{1,12}\\)?)?' +
    '[;,、。/]*',
  'uyi',
)

/**
 * The rates of a rent that somebody wrote in words of his own; undefined lands and areas are left
 * to the row's other columns.
 *
 * Units: fen per mu a year, jin (斤, 0.5 kg) per mu a year; 公斤 is 2 斤. `unit` is that of a number
 * without one. Source: field.md, Dirt that real files carry; product.md, What would embarrass us 5.
 * @example looseRent('黄谷400斤', undefined)
 * // { parts: [{ basis: 'grain', jinPerMu: 400, grain: 'mid_late_indica' }], guessed: true }
 */
export function looseRent(
  words: string,
  unit: 'yuan' | 'wan_yuan' | undefined,
): LooseRent | Unreadable {
  const close = words.replace(/ |¥|人民币/g, '')
  if (FREE.test(close)) return { parts: [{ basis: 'cash', fenPerMu: 0 }], guessed: false }
  const { text, colloquial } = figuresOf(close)
  if (text.length > LENGTH_MAX) return unreadable
  if (RANGE.test(text)) return range
  if (NOT_A_YEAR.test(text)) return notAYear
  const parts: RentPart[] = []
  let guessed = colloquial
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at
    const piece = PIECE.exec(text)
    if (!piece?.groups) return unreadable
    const rate = rateOf(piece.groups, unit)
    if ('reason' in rate) return rate
    const land = LANDS[piece.groups['land'] ?? '']
    const area = readArea(piece.groups['area'] ?? null)
    if (area && 'reason' in area) return area
    guessed ||=
      rate.guessed || piece.groups['about'] !== undefined || piece.groups['priced'] !== undefined
    parts.push({
      ...(land !== undefined && { land }),
      ...(area !== undefined && { areaMu: area.value }),
      ...rate.terms,
    })
  }
  return parts.length === 0 ? unreadable : { parts, guessed }
}

/** 一亩 and 一年 stay words beside figures. */
const figuresOf = (text: string) =>
  /\d/.test(text) ? { text, colloquial: false } : inFigures(text)

type Groups = Readonly<Record<string, string | undefined>>
type Rate = { terms: Omit<RentPart, 'land' | 'areaMu'>; guessed: boolean }

function rateOf(piece: Groups, columnUnit: 'yuan' | 'wan_yuan' | undefined): Rate | Unreadable {
  const perMu = [piece['perMuFirst'], piece['perMu']].some((words) => words?.includes('亩'))
  const grain =
    piece['grainFirst'] ?? piece['grainThen'] ?? piece['grainMiddle'] ?? piece['grainLast']
  const number = piece['number'] ?? ''
  const unit = piece['unit']?.toLowerCase()
  if (unit === undefined || unit === '元' || unit === '万元') {
    // 黄谷500 has no unit: nobody can tell money from grain.
    if (grain !== undefined) return unreadable
    const aYear = piece['perMu'] !== undefined
    return cashRate(number, unit, { perMu, aYear }, columnUnit)
  }
  return grainRate(number, unit, perMu, grain)
}

function cashRate(
  number: string,
  unit: string | undefined,
  { perMu, aYear }: { perMu: boolean; aYear: boolean },
  columnUnit: 'yuan' | 'wan_yuan' | undefined,
): Rate | Unreadable {
  if (!perMu && (unit === '万元' || aYear)) return perMuOrTotal
  const bare = unit === undefined && columnUnit === 'wan_yuan'
  const inWan = unit === '万元' || bare
  let read = readFen(number, inWan ? 'wan_yuan' : 'yuan')
  let guessed = unit === '万元'
  // 800 in a sheet kept in 万元 is a rate in 元: no mu costs 8,000,000 yuan.
  if (bare && read && 'value' in read && read.value >= 10 * LIKELY_FEN_PER_MU_MAX) {
    read = readFen(number, 'yuan')
    guessed = true
  }
  if (!read || 'reason' in read) return read ?? unreadable
  if (!perMu && read.value > LIKELY_FEN_PER_MU_MAX) return perMuOrTotal
  const bareYuan = unit === undefined && !perMu && columnUnit !== 'wan_yuan'
  if (bareYuan && read.value > 0 && read.value < 100) return yuanOrWan
  guessed ||= read.readAs !== undefined
  return { terms: { basis: 'cash', fenPerMu: read.value }, guessed }
}

function grainRate(
  number: string,
  unit: string,
  perMu: boolean,
  name: string | undefined,
): Rate | Unreadable {
  const jin = readTwoDecimals(number + unit, 'jin')
  if (!jin || 'reason' in jin) return jin ?? unreadable
  if (!perMu && jin.value > LIKELY_JIN_PER_MU_MAX) return perMuOrTotal
  const grain = name === undefined ? undefined : readGrain(name)
  if (grain && 'reason' in grain) return grain
  return {
    terms: { basis: 'grain', jinPerMu: jin.value, ...(grain && { grain: grain.value }) },
    guessed: !perMu || jin.readAs !== undefined || grain?.readAs !== undefined,
  }
}

const FREE =
  /^(?:全?免(?:收|交|缴)?(?:租金?|费)?|无偿|[零0]租金?|不收取?(?:租金?|费)?)(?:使用|流转)?$/u
const RANGE = /\d(?:元|斤|公斤|万元)?(?:\/亩)?[-~~—–至到]+\d/u
const NOT_A_YEAR = /月|季|半年|\d年|天|日/u

const unreadable = {
  code: 'rent-unreadable',
  reason: '应为每亩每年的租金,如 600元/亩、400斤/亩 中晚籼稻',
}
const range = { code: 'rent-range', reason: '租金写的是一个范围,应为一个数,如 600元/亩' }
const notAYear = {
  code: 'rent-not-yearly',
  reason: '租金不是一个按年的数,应为每亩每年的租金,如 600元/亩',
}
const perMuOrTotal = {
  code: 'rent-per-mu-or-total',
  reason: '无法判断是每亩租金还是租金总额,应写明每亩每年多少,如 600元/亩',
}
const yuanOrWan = {
  code: 'rent-unit-unknown',
  reason: '每亩不足 1 元,无法判断单位是元还是万元,应写明单位,如 600元/亩',
}
