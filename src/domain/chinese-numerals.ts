const DIGITS: Readonly<Record<string, number>> = Object.fromEntries(
  ['零〇', '一壹', '二贰两', '三叁', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'].flatMap(
    (words, digit) => [...words].map((word) => [word, digit]),
  ),
)
const SCALES: Readonly<Record<string, number>> = {
  十: 10,
  拾: 10,
  百: 100,
  佰: 100,
  千: 1000,
  仟: 1000,
  万: 10_000,
  萬: 10_000,
  亿: 100_000_000,
}
const DIGIT = `[${Object.keys(DIGITS).join('')}]`
const SCALE = `[${Object.keys(SCALES).join('')}]`
/** A numeral in words; what follows a figure is a scale (1.2万) and stays. */
const NUMERAL = new RegExp(`(?<![\\d.]${SCALE}*)(?:${DIGIT}|[十拾])(?:${DIGIT}|${SCALE})*`, 'g')
const ROWS_OF_DIGITS = new RegExp(`^${DIGIT}+$`)

/** A text with figures; `colloquial` when a numeral was one that is only spoken (一万二). */
export interface InFigures {
  text: string
  colloquial: boolean
}

/**
 * Numerals in Chinese words, capital ones (壹贰叁) too, as figures; everything else stays.
 *
 * Units: none. Throws nothing; what is no numeral stays as it is.
 * Source: GB/T 15835-2011 (numerals in words).
 * @example inFigures('一万二千元') // { text: '12000元', colloquial: false }
 * @example inFigures('二〇一五年十二月') // { text: '2015年12月', colloquial: false }
 */
export function inFigures(text: string): InFigures {
  let colloquial = false
  const figures = text.replace(NUMERAL, (numeral) => {
    const read = numberOf(numeral)
    if (read === undefined) return numeral
    colloquial ||= read.colloquial
    return read.figures
  })
  return { text: figures.replace(/(?<=\d)点(?=\d)/g, '.'), colloquial }
}

function numberOf(numeral: string): { figures: string; colloquial: boolean } | undefined {
  if (ROWS_OF_DIGITS.test(numeral))
    return { figures: [...numeral].map((word) => DIGITS[word]).join(''), colloquial: false }
  let [total, section, lastScale] = [0, 0, Number.POSITIVE_INFINITY]
  let digit: number | undefined
  let afterZero = false
  for (const word of numeral) {
    const scale = SCALES[word]
    if (scale === undefined) {
      if (digit !== undefined) return undefined
      if (DIGITS[word] === 0) afterZero = true
      else digit = DIGITS[word]
    } else if (scale >= 10_000) {
      section += digit ?? 0
      if (section === 0) return undefined
      total = scale === 10_000 ? total + section * scale : (total + section) * scale
      section = 0
      digit = undefined
      afterZero = false
      lastScale = scale
    } else {
      if (scale >= lastScale || (digit === undefined && scale !== 10)) return undefined
      section += (digit ?? 1) * scale
      digit = undefined
      afterZero = false
      lastScale = scale
    }
  }
  const colloquial = digit !== undefined && !afterZero && lastScale > 10
  const rest = colloquial ? (digit ?? 0) * (lastScale / 10) : (digit ?? 0)
  return { figures: String(total + section + rest), colloquial }
}
