import { type Day, isDay } from './calendar-day.ts'
import type { Amendment, Rent } from './contract-terms.ts'
import { DUE_PATTERN, dueWords, readDue } from './due-words.ts'
import { ESCALATION_PATTERN, escalationWords, readEscalation } from './escalation-words.ts'
import { QUOTED, quoted, unquoted } from './quoted-words.ts'
import { readDay } from './read-day.ts'
import { cellError, readText } from './read-text.ts'
import type { Reading, SourceCell, Unreadable } from './reading.ts'
import { RENT_PATTERN, readRent, rentWordsWithAreas } from './rent-words.ts'

type ReasonedAmendment = Amendment & { reason: string }
interface ContractEnd {
  endedOn: Day
  reason: string
}

const REASON_MAX = 500
const DAY = '(?:19|20|21)\\d{2}-\\d{2}-\\d{2}'
const REASON = `\\((?<reason>${QUOTED}|[^()“”]+)\\)`
const AMENDMENT =
  `(?<effectiveOn>${DAY})起(?: 租金 (?<rent>${RENT_PATTERN})` +
  `(?: (?<escalation>${ESCALATION_PATTERN}))? (?<due>${DUE_PATTERN}))?` +
  `(?: 期限至(?<endOn>${DAY}))? ${REASON}`
const EACH_AMENDMENT = new RegExp(`${AMENDMENT}(?:。|$)`, 'uy')
const END = new RegExp(`^(?<endedOn>${DAY})终止 ${REASON}$`, 'u')

/**
 * What was agreed after the contract, in the order given, each as one sentence; nothing without
 * amendments. An amended rent says every area: no column beside it does.
 *
 * Units: days; mu, 元/亩, 斤/亩 a year as `rentWords`. Throws RangeError on areas beyond two decimals.
 * Source: domain.md, Rent schedule (Amendment); Civil Code 543 (changed by agreement).
 * @example amendmentWords([{ effectiveOn: '2020-10-28', endOn: '2030-12-31', reason: '续租' }])
 * // '2020-10-28起 期限至2030-12-31 (续租)'
 */
export function amendmentWords(amendments: readonly ReasonedAmendment[]): string {
  return amendments
    .map(({ effectiveOn, rent, endOn, reason }) =>
      [
        `${effectiveOn}起`,
        ...(rent ? [clauseWords(rent)] : []),
        ...(endOn === undefined ? [] : [`期限至${endOn}`]),
        reasonWords(reason),
      ].join(' '),
    )
    .join('。')
}

function clauseWords(rent: Rent): string {
  const escalation = rent.escalation ? [escalationWords(rent.escalation)] : []
  return ['租金', rentWordsWithAreas(rent.lines), ...escalation, dueWords(rent)].join(' ')
}

/** A reason is somebody's own text: what could end it goes between quotes. */
const reasonWords = (reason: string) => `(${PLAIN_REASON.test(reason) ? reason : quoted(reason)})`
const PLAIN_REASON = /^(?! )[^()“”]+(?<! )$/u
const reasonOf = (words: string) => unquoted(words) ?? words

/**
 * The amendments that a cell tells. A later end of the term is read from free words too; a changed
 * rent must be written with its area and its due days, because half a clause would be a guess at
 * money.
 *
 * Units: as `amendmentWords`. Source: domain.md, Rent schedule (Amendment); Civil Code 544 (what is
 * changed unclearly is presumed unchanged).
 * @example readAmendments('2020年10月28日续租至2030年12月31日')
 */
export function readAmendments(cell: SourceCell): Reading<ReasonedAmendment[]> {
  const line = readText(cell)
  if (line === undefined || /^(?:未|没有|否|不)(?:变更|变)?$/u.test(line)) return undefined
  const error = cellError(line)
  if (error) return error
  const exact = typeof cell === 'string' ? exactAmendments(cell.trim()) : undefined
  return exact ?? longerTerm(line) ?? unreadable
}

function exactAmendments(text: string): Reading<ReasonedAmendment[]> {
  const amendments: ReasonedAmendment[] = []
  let guessed = false
  for (let at = 0; at < text.length; at = EACH_AMENDMENT.lastIndex) {
    EACH_AMENDMENT.lastIndex = at
    const groups = EACH_AMENDMENT.exec(text)?.groups
    const { effectiveOn = '', rent, endOn, reason = '' } = groups ?? {}
    const days = [effectiveOn, endOn ?? effectiveOn]
    if (!groups || !days.every(isDay) || (rent === undefined && endOn === undefined))
      return undefined
    if (reasonOf(reason).length > REASON_MAX) return reasonTooLong
    const clause = rent === undefined ? undefined : readClause(groups, effectiveOn)
    if (clause && 'reason' in clause) return clause
    guessed ||= clause?.readAs !== undefined
    amendments.push({
      effectiveOn,
      ...(clause && { rent: clause.value }),
      ...(endOn !== undefined && { endOn }),
      reason: reasonOf(reason),
    })
  }
  return guessed
    ? { value: amendments, readAs: amendments.map(withoutReason).join('。') }
    : { value: amendments }
}

function readClause(
  { rent = '', escalation, due = '' }: Readonly<Record<string, string | undefined>>,
  effectiveOn: Day,
): Exclude<Reading<Rent>, undefined> {
  const lines = readRent(rent, {})
  const rise = escalation === undefined ? undefined : readEscalation(escalation)
  const when = readDue(due, effectiveOn)
  if (!lines || !when) return unreadable
  for (const part of [lines, rise, when]) if (part && 'reason' in part) return part
  if (!('value' in lines) || !('value' in when)) return unreadable
  const value = {
    lines: lines.value,
    ...(rise && 'value' in rise && { escalation: rise.value }),
    ...when.value,
  }
  const guessed = lines.readAs !== undefined || when.readAs !== undefined
  return guessed ? { value, readAs: clauseWords(value) } : { value }
}

const withoutReason = ({ effectiveOn, rent, endOn }: ReasonedAmendment) =>
  [`${effectiveOn}起`, rent && clauseWords(rent), endOn && `期限至${endOn}`]
    .filter(Boolean)
    .join(' ')

const ANY_DAY = '\\d{4}(?:年\\d{1,2}月(?:\\d{1,2}[日号]?)?|[-./]\\d{1,2}[-./]\\d{1,2})|\\d{8}'
const LONGER_TERM = new RegExp(
  `^(?<from>${ANY_DAY})起?,?(?:合同)?(?<why>续租|续签|续约|延期|期限|租期|期满续租|经协商)?,?` +
    `(?:期限|租期)?(?:延长|顺延|变更|调整|延)?(?:到|至|为)(?<to>${ANY_DAY})止?。?$`,
  'u',
)

function longerTerm(line: string): Reading<ReasonedAmendment[]> {
  const { from, to, why } = LONGER_TERM.exec(line.replaceAll(' ', ''))?.groups ?? {}
  if (from === undefined || to === undefined) return undefined
  const effectiveOn = readDay(from, 'start')
  const endOn = readDay(to, 'end')
  if (!effectiveOn || !endOn) return undefined
  if ('reason' in effectiveOn) return effectiveOn
  if ('reason' in endOn) return endOn
  const amendment = {
    effectiveOn: effectiveOn.value,
    endOn: endOn.value,
    reason: why ?? '期限变更',
  }
  return { value: [amendment], readAs: withoutReason(amendment) }
}

/**
 * The early end of a contract in words.
 *
 * Units: days, inclusive.
 * Source: domain.md, Rent schedule (End); Civil Code 562 (end by agreement).
 * @example endWords({ endedOn: '2023-06-30', reason: '双方协商解除' })
 * // '2023-06-30终止 (双方协商解除)'
 */
export function endWords({ endedOn, reason }: ContractEnd): string {
  return `${endedOn}终止 ${reasonWords(reason)}`
}

/**
 * The early end that a cell tells. Words that the contract runs on are nothing; an end without its
 * day is refused, because every fen owed depends on it. A reason that is missing is 台账记载终止.
 *
 * Units: days, inclusive. Source: domain.md, Rent schedule (End); Civil Code 557.
 * @example readEnd('2023年6月30日 双方协商解除')
 * // { value: { endedOn: '2023-06-30', reason: '双方协商解除' }, readAs: '2023-06-30终止' }
 */
export function readEnd(cell: SourceCell): Reading<ContractEnd> {
  const line = readText(cell)
  if (line === undefined || RUNNING.test(line)) return undefined
  const error = cellError(line)
  if (error) return error
  const exact = typeof cell === 'string' ? END.exec(cell.trim())?.groups : undefined
  const { endedOn = '', reason = '' } = exact ?? {}
  if (reasonOf(reason).length > REASON_MAX) return reasonTooLong
  if (isDay(endedOn)) return { value: { endedOn, reason: reasonOf(reason) } }
  if (line.length > REASON_MAX) return endUnreadable
  const day = typeof cell === 'number' ? undefined : FREE_DAY.exec(line)?.[0]
  const read = readDay(day ?? (typeof cell === 'number' ? cell : null), 'end')
  if (!read) return endUnreadable
  if ('reason' in read) return read
  const why = day === undefined ? '' : line.replace(day, '').replace(AROUND_REASON, '')
  const value = {
    endedOn: read.value,
    reason: /^(?:终止|解除|解约|终止合同|解除合同|退租)?$/u.test(why) ? why || '台账记载终止' : why,
  }
  return { value, readAs: `${value.endedOn}终止` }
}

const RUNNING = /^(?:未终止|未到期|履行中|正常(?:履行)?|在履行|执行中|续存|有效|否|没有终止)$/u
const FREE_DAY = new RegExp(`${ANY_DAY}|\\d{4}年底?`, 'u')
const AROUND_REASON = /^[\s,;:、。(]*(?:起|前|终止|因)?[\s,;:、(]*|[\s,;:、。)]+$/gu

const reasonTooLong: Unreadable = {
  code: 'out-of-range',
  reason: `原因不能超过 ${REASON_MAX} 字`,
}
const unreadable: Unreadable = {
  code: 'amendment-unreadable',
  reason:
    '应写明日期和变更后的完整约定,如 2021-10-01起 租金 500.50亩 690元/亩 按年,首期2022-09-30 (经协商)',
}
const endUnreadable: Unreadable = {
  code: 'end-without-day',
  reason: '应写明终止日期,如 2023-06-30终止 (双方协商解除)',
}
