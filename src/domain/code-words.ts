import { cellError, lineOf, readText } from './read-text.ts'
import type { Reading, SourceCell, Unreadable } from './reading.ts'

type OperatorKind = 'company' | 'cooperative' | 'family_farm' | 'individual' | 'other'
type FundingSource = 'central' | 'province' | 'city' | 'county'
type SubsidyStanding = 'recognised' | 'claimed'

const NAME_LENGTH_MAX = 200

const YES = /^(?:是|有|已|已?(?:投保|参保|购买|办理|缴纳)|√|✓|✔|☑|y|yes|true|1)$/i
const NO =
  /^(?:否|无|没有|未|不|[未没](?:有)?(?:投保|参保|购买|办理|缴纳)|×|✗|✘|☐|x|n|no|false|0)$/i

/**
 * Yes or no. Unlike everywhere else 无 is a word of its own here: there is none.
 *
 * Units: none. Throws nothing.
 * Source: field.md, Columns (履约保险); design decision.
 * @example readYesNo('已投保') // { value: true }
 * @example readYesNo('无') // { value: false }
 */
export function readYesNo(cell: SourceCell): Reading<boolean> {
  if (typeof cell === 'boolean') return { value: cell }
  const line = lineOf(cell)
  if (YES.test(line)) return { value: true }
  if (NO.test(line)) return { value: false }
  return unlessNothing(line, '应为 是 或 否')
}

const LEVEL_ENDING =
  /(?:级|本级|财政|专项|补助|奖补|补贴|配套|统筹|整合|预算|衔接|拨款|安排|下达|资金|经费)+$/
const FUNDING_SOURCES = new Map<string, FundingSource>(
  Object.entries({
    中央: 'central',
    国家: 'central',
    省: 'province',
    市: 'city',
    县: 'county',
    区: 'county',
  }),
)
/** What a county may call by another name: 区 is a county too, but also a part of a name. */
const LOOSE_SOURCES = new Set(['国家', '区'])

/**
 * Whose money a subsidy is: 中央, 省级, 市级, 县级.
 *
 * Units: none. Throws nothing. Two sources in one cell are unreadable.
 * Source: field.md, Columns (资金来源).
 * @example readFundingSource('省级财政资金') // { value: 'province' }
 */
export function readFundingSource(cell: SourceCell): Reading<FundingSource> {
  const line = lineOf(cell)
  const level = line.slice(0, NAME_LENGTH_MAX).replaceAll(' ', '').replace(LEVEL_ENDING, '')
  const value = FUNDING_SOURCES.get(level)
  if (value === undefined) return unlessNothing(line, '应为 中央、省级、市级 或 县级')
  return LOOSE_SOURCES.has(level) ? { value, readAs: SOURCE_NAMES[value] } : { value }
}

export const SOURCE_NAMES = {
  central: '中央',
  province: '省级',
  city: '市级',
  county: '县级',
} as const

const STANDINGS = new Map<string, SubsidyStanding>(
  Object.entries({
    认定应付: 'recognised',
    认定: 'recognised',
    已认定: 'recognised',
    政府认定: 'recognised',
    应付: 'recognised',
    业主主张: 'claimed',
    主张: 'claimed',
    业主申报: 'claimed',
    业主反映: 'claimed',
    未认定: 'claimed',
    待认定: 'claimed',
  }),
)
/** What a ledger writes for a contract that it names and that has no number. */
export const UNNUMBERED = '无编号'
export const STANDING_NAMES = { recognised: '认定应付', claimed: '业主主张' } as const

/**
 * Whether a subsidy is recognised (认定应付) or only claimed (业主主张). Nothing else is taken for
 * the one or the other.
 *
 * Units: none. Throws nothing.
 * Source: product.md, What would embarrass us 4.
 * @example readSubsidyStanding('业主主张') // { value: 'claimed' }
 * @example readSubsidyStanding('待认定') // { value: 'claimed', readAs: '业主主张' }
 */
export function readSubsidyStanding(cell: SourceCell): Reading<SubsidyStanding> {
  const line = lineOf(cell)
  const value = STANDINGS.get(line)
  if (value === undefined) return unlessNothing(line, '应为 认定应付 或 业主主张')
  const readAs = STANDING_NAMES[value]
  return readAs.includes(line) && line !== '应付' ? { value } : { value, readAs }
}

const KIND_WORDS = new Map<string, OperatorKind>(
  Object.entries({
    公司: 'company',
    企业: 'company',
    农业企业: 'company',
    龙头企业: 'company',
    农业公司: 'company',
    有限公司: 'company',
    国企: 'company',
    国有企业: 'company',
    集体企业: 'company',
    民企: 'company',
    合作社: 'cooperative',
    专业合作社: 'cooperative',
    农民合作社: 'cooperative',
    农民专业合作社: 'cooperative',
    家庭农场: 'family_farm',
    个人: 'individual',
    自然人: 'individual',
    农户: 'individual',
    大户: 'individual',
    种植大户: 'individual',
    养殖大户: 'individual',
    种养大户: 'individual',
    专业大户: 'individual',
    其他: 'other',
    其它: 'other',
  }),
)
export const KIND_NAMES: Readonly<Record<OperatorKind, string>> = {
  company: '公司',
  cooperative: '合作社',
  family_farm: '家庭农场',
  individual: '个人',
  other: '其他',
}
/** Words that are no kind of their own, but name one. */
const KINDS_BY_WORD: readonly (readonly [RegExp, OperatorKind])[] = [
  [/农场/, 'family_farm'],
  [/合作社|联合社/, 'cooperative'],
  [/公司|企业|集团/, 'company'],
  [/大户|个人|个体|农户|自然人|农民/, 'individual'],
]
/** In this order: a 家庭农场有限公司 keeps a person's name, and is masked as a farm. */
const KINDS_BY_NAME: readonly (readonly [RegExp, OperatorKind])[] = [
  [/经济合作|经济联合|村(?:民)?委员?会|居委会|人民政府|村民小组|集体/, 'other'],
  [/家庭农场|农场(?:\(.*\))?$/, 'family_farm'],
  [/公司|集团|企业|厂$/, 'company'],
  [/合作社|联合社|合作联社/, 'cooperative'],
  [/[场园部店站社队会院所室行]$|个体工商户|园区|基地|中心|协会|学校/, 'other'],
  [/^\p{Script=Han}{2,4}(?:\(.*\))?$|^\p{Script=Han}{1,10}·\p{Script=Han}{1,10}$/u, 'individual'],
]

/**
 * What an operator is, from the word of its column, else from its name, which is a guess. So is a
 * word that is not one of the five kinds: no row is left out for it.
 *
 * Units: none. Throws nothing. undefined only without a name and a word that helps.
 * Source: domain.md, Facts (operator); product.md, What would embarrass us 1.
 * @example readOperatorKind('家庭农场', '') // { value: 'family_farm' }
 * @example readOperatorKind(null, '青溪果业有限公司') // { value: 'company', readAs: '公司' }
 */
export function readOperatorKind(cell: SourceCell, name: string): Reading<OperatorKind> {
  const word = readText(cell)?.slice(0, NAME_LENGTH_MAX) ?? ''
  const known = KIND_WORDS.get(word)
  if (known !== undefined) return { value: known }
  const error = cellError(word)
  if (error) return error
  const called = readText(name)?.slice(0, NAME_LENGTH_MAX)
  const value =
    kindOf(word, KINDS_BY_WORD) ?? (called && (kindOf(called, KINDS_BY_NAME) ?? 'other'))
  return value ? { value, readAs: KIND_NAMES[value] } : undefined
}

const kindOf = (text: string, kinds: typeof KINDS_BY_WORD) =>
  kinds.find(([pattern]) => pattern.test(text))?.[1]

/** A word that is not known, unless it says that there is nothing, or is an error. */
function unlessNothing(line: string, reason: string): Unreadable | undefined {
  return readText(line) === undefined ? undefined : (cellError(line) ?? unknown(reason))
}

const unknown = (reason: string): Unreadable => ({ code: 'word-unknown', reason })
