import type { SourceCell, Unreadable } from './reading.ts'

/** Spaces of every width; signs without a width, which are only noise. */
const SPACES = /[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g
const WIDTHLESS = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g
const FULL_WIDTH = /[\uff01-\uff5e]/g
/** Text of a cell that needs no work: the most frequent case of a large file. */
const PLAIN = /^[\x21-\x7e\u4e00-\u9fff]*$/
const SIGNS: Readonly<Record<string, string>> = {
  '㎡': 'm2',
  '²': '2',
  '㎏': 'kg',
  '￥': '¥',
  '−': '-',
  '﹣': '-',
  '～': '~',
  '〜': '~',
  '○': '〇',
}
const SIGN = new RegExp(`[${Object.keys(SIGNS).join('')}]`, 'g')
/** What a sheet puts before a text that would otherwise be taken for a formula. */
const FORMULA_GUARD = /^'(?=[=+\-@])/
const NOTHING = /^(?:无|暂无|没有|空|未填|\/+|\\+|[-—–─_]+|\*+|n\/a|null)$/i
const ERROR = /^#(?:REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|#*$)/i

/**
 * A cell as one line of text: full-width letters, digits and signs half-width, spaces and breaks
 * collapsed; a number as the sheet shows it. Words that say there is nothing stay.
 *
 * Units: text, 15 significant digits of a number (what spreadsheets keep). Throws nothing.
 * Source: field.md, Dirt that real files carry; design decision (a table of its own, no ICU).
 * @example lineOf('５００　元') // '500 元'
 * @example lineOf(0.1 + 0.2) // '0.3'
 */
export function lineOf(cell: SourceCell): string {
  if (cell === null) return ''
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  if (typeof cell === 'number')
    return String(Number.isSafeInteger(cell) ? cell : Number(cell.toPrecision(15)))
  const line = PLAIN.test(cell)
    ? cell
    : cell
        .replace(WIDTHLESS, '')
        .replace(SIGN, (sign) => SIGNS[sign] ?? sign)
        .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
        .replace(SPACES, ' ')
        .trim()
  return line.replace(FORMULA_GUARD, '')
}

/**
 * The text of a cell as `lineOf` has it; undefined when it is empty or says in words that there is
 * nothing (无, 暂无, /, -, —).
 *
 * Units: text. Throws nothing.
 * Source: field.md, Dirt that real files carry.
 * @example readText(' 青溪村（３组） ') // '青溪村(3组)'
 * @example readText('—') // undefined
 */
export function readText(cell: SourceCell): string | undefined {
  const line = lineOf(cell)
  return line === '' || NOTHING.test(line) ? undefined : line
}

/**
 * A figure without the sign that a currency format puts before it: of a column that is no money it
 * says nothing.
 *
 * Units: text as `lineOf` has it. Throws nothing.
 * Source: design decision (formats are copied over columns that they are not meant for).
 * @example withoutYuan('¥2021') // '2021'
 * @example withoutYuan('¥2021号') // '¥2021号'
 */
export const withoutYuan = (line: string): string => line.replace(/^¥(?=[\d.]+年?$)/, '')

/**
 * Why a text is no data when it is the error of a formula, or the #### of a column too narrow.
 *
 * Units: text as `lineOf` has it. Throws nothing.
 * Source: ECMA-376 part 1, 18.17.3 (error values).
 * @example cellError('#REF!')?.code // 'cell-error'
 * @example cellError('青溪村') // undefined
 */
export function cellError(line: string): Unreadable | undefined {
  if (!ERROR.test(line)) return undefined
  return { code: 'cell-error', reason: '单元格是公式错误或显示不全(####),请改成实际内容' }
}
