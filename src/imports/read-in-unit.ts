import { lineOf, readText } from '../domain/read-text.ts'
import type { Reading, SourceCell } from '../domain/reading.ts'
import type { RowCells } from './row-cells.ts'
import { unitWords } from './unit-words.ts'

/** The units that a column may count in. */
interface UnitsOf {
  /** Of the units in a title or over a group of columns: those that are meant for such a column. */
  speaks: RegExp
  /** As `unitWord` writes it, with what the reader is given; '' is a column that names none. */
  known: ReadonlyMap<string, string>
  accepted: string
}

const NEVER = /(?!)/
const same = (...units: string[]) => units.map((unit): [string, string] => [unit, unit])

const MONEY = new Map([
  ...same('', '元', '万元', '千元', '百元'),
  ...[['万', '万元'] as const, ['千', '千元'] as const],
])
const PER_YEAR = [...MONEY].flatMap(([unit, read]) =>
  unit === '' ? [] : [[`${unit}/年`, read] as const],
)
export const MONEY_UNITS: UnitsOf = {
  speaks: /^[十百千万亿]*元$/,
  known: MONEY,
  accepted: '元、百元、千元、万元',
}
export const YEAR_RENT_UNITS: UnitsOf = {
  speaks: MONEY_UNITS.speaks,
  known: new Map([...MONEY, ...PER_YEAR, ['/年', ''], ['年', '']]),
  accepted: '元、百元、千元、万元(全部面积一年的租金)',
}
export const AREA_UNITS: UnitsOf = {
  speaks: /^(?:[十百千万亿]*亩|.*(?:米|顷|公里)|k?m2|ha|hm2)$/,
  known: new Map([
    ...same('', '亩', '千亩', '万亩', '分'),
    ...[['市亩', '亩'] as const, ['亩数', '亩'] as const],
    ...['m2', '平方米', '平米', '平方', '平'].map((unit) => [unit, '平方米'] as const),
    ...['公顷', 'ha', 'hm2'].map((unit) => [unit, '公顷'] as const),
  ]),
  accepted: '亩、千亩、万亩、平方米、公顷',
}
const GRAINS = ['', '黄谷', '稻谷', '大米', '玉米', '小麦']
const WEIGHTS = ['斤', '市斤', '公斤', '千克', 'kg']
const A_YEAR = ['', '/年']
export const RENT_UNITS: UnitsOf = {
  speaks: /元|(?:斤|千克|kg).*亩/,
  known: new Map([
    ...['', '/亩', '/年', '年', '/亩/年', '/年/亩'].map((unit) => [unit, ''] as const),
    ...['元', '万元'].flatMap((unit) =>
      ['', '/亩', '/亩/年', '/年/亩'].map((per) => [`${unit}${per}`, unit] as const),
    ),
    ...WEIGHTS.flatMap((weight) =>
      GRAINS.flatMap((grain) =>
        A_YEAR.flatMap((year) => [
          [`${weight}${grain}/亩${year}`, `${weight}${grain}/亩`] as const,
          [`${weight}/亩${year}${grain}`, `${weight}${grain}/亩`] as const,
          [`${weight}${grain}${year}`, `${weight}${grain}/亩`] as const,
          [`${weight}${grain}${year}/亩`, `${weight}${grain}/亩`] as const,
        ]),
      ),
    ),
  ]),
  accepted: '元/亩、万元/亩、斤/亩、公斤/亩(每年);全部面积一年的租金请用“年租金”列',
}
/** What nobody writes otherwise is jin for a mu. */
export const GRAIN_RENT_UNITS: UnitsOf = {
  ...RENT_UNITS,
  speaks: /(?:斤|千克|kg).*亩/,
  known: new Map([
    ...RENT_UNITS.known,
    ...GRAINS.map((grain) => [grain, `斤${grain}/亩`] as const),
    ...['/亩', '/亩/年', '/年/亩'].map((unit) => [unit, '斤/亩'] as const),
  ]),
}
export const PENALTY_UNITS: UnitsOf = {
  speaks: NEVER,
  known: new Map(
    ['', '%', '‰', '‱'].flatMap((unit) =>
      [unit, `${unit}/日`, `${unit}/天`].map((word) => [word, unit] as const),
    ),
  ),
  accepted: '‱/日、‰/日、%/日',
}
export const DAY_UNITS: UnitsOf = {
  speaks: NEVER,
  known: new Map(['', '天', '日'].map((unit) => [unit, ''] as const)),
  accepted: '天',
}
export const YEAR_UNITS: UnitsOf = { ...DAY_UNITS, known: new Map(same('', '年')), accepted: '年' }

/** A cell that names its own unit. */
const NAMES_UNIT = /[元斤亩顷米‱‰%]|kg|m2/i

/**
 * The field's value by a reader that is given the unit of its heading, else of its group, else of
 * the sheet. Cells under a unit that is not known are reported, since to take them for another one
 * is wrong by tens or thousands.
 */
export function readInUnit<T>(
  row: RowCells,
  field: string,
  units: UnitsOf,
  reader: (cell: SourceCell, unit: string, isOfColumn: boolean) => Reading<T>,
): T | undefined {
  const { words, isOfColumn } = unitNamed(row, field, units)
  const unit = units.known.get(words[0] ?? '')
  const one = words.length < 2 ? unit : undefined
  return row.read(field, (cell) => {
    if (one !== undefined) return reader(cell, one, isOfColumn)
    if (readText(cell) === undefined) return undefined
    // Of several units, or under a title, a cell may still say which one it means.
    const mayTell = words.length > 1 || !isOfColumn
    if (mayTell && typeof cell === 'string' && NAMES_UNIT.test(lineOf(cell)))
      return reader(cell, '', isOfColumn)
    const reason = `不认识单位“${words.join('、').slice(0, 40)}”;可用:${units.accepted}`
    return { code: 'unit-unknown', reason }
  })
}

/** What the column counts in; several words where it cannot be told which. */
function unitNamed(row: RowCells, field: string, { speaks }: UnitsOf) {
  const own = unitWords(row.unit(field))
  const meant = own.filter((word) => speaks.test(word))
  if (own.length > 0) return { words: meant.length > 0 ? meant : own, isOfColumn: true }
  const group = unitWords(row.groupUnit(field)).filter((word) => speaks.test(word))
  if (group.length > 0) return { words: group, isOfColumn: true }
  const words = row.sheet.units.filter((word) => speaks.test(word))
  const rates = words.filter((word) => word.includes('/'))
  return { words: rates.length > 0 ? rates : words, isOfColumn: false }
}

/** A number alone with its unit, for readers that convert by the words of a cell. */
export function withUnit(cell: SourceCell, unit: string): SourceCell {
  if (readText(cell) === undefined || typeof cell === 'boolean') return cell
  const line = lineOf(cell)
  return NAMES_UNIT.test(line) ? cell : `${line}${unit}`
}
