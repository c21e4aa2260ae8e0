import { isDay } from '../../domain/calendar-day.ts'
import { columnOf, mergedCells, rowAfter } from './cell-reference.ts'
import type { CellTexts } from './cell-texts.ts'
import { fileRefusal } from './file-refusal.ts'
import type { MergedCells, RawCell, RawRow } from './raw-sheet.ts'
import { attributesOf, scanXml, type XmlReader } from './scan-xml.ts'
import { type NumberLook, shownNumber } from './shown-number.ts'
import { textOfCell } from './xml-text.ts'

/** What the cells of a sheet refer to. */
export interface CellsOf {
  texts: CellTexts | undefined
  looks: readonly NumberLook[]
  is1904: boolean
  cellsMax: number
}

const MERGES_MAX = 200_000
const CELL_CHARACTERS_MAX = 1_000_000

/** What a sheet says of its rows and cells beside their values. */
export interface SheetNotes {
  merges: MergedCells[]
  hiddenRows: number[]
}

/** The rows of a sheet with a value, while its XML comes; `notes` fills with what else it says. */
export async function* readWorksheet(
  chunks: AsyncIterable<Uint8Array>,
  book: CellsOf,
  notes: SheetNotes,
): AsyncGenerator<RawRow, void> {
  const reader = new RowReader(book, notes)
  for await (const _ of scanXml(chunks, reader)) yield* reader.rows.splice(0)
}

class RowReader implements XmlReader {
  readonly rows: RawRow[] = []
  readonly #book: CellsOf
  readonly #notes: SheetNotes
  #cellsLeft: number
  #row = 0
  #isHidden = false
  #cells: RawCell[] = []
  #column = -1
  #isData = false
  #isCell = false
  #isPhonetic = false
  #kind = ''
  #style = 0
  /** Which of the two is being written. */
  #part: 'value' | 'formula' | undefined
  #value: string | undefined
  #formula: string | undefined

  constructor(book: CellsOf, notes: SheetNotes) {
    this.#book = book
    this.#notes = notes
    this.#cellsLeft = book.cellsMax
  }

  open(name: string, tag: string): void {
    if (name === 'sheetData') this.#isData = true
    else if (name === 'mergeCell') this.#merge(attributesOf(tag)['ref'] ?? '')
    else if (!this.#isData) return
    else if (name === 'row') this.#openRow(tag)
    else if (name === 'c') this.#openCell(tag)
    else if (!this.#isCell) return
    else if (name === 'v' || (name === 't' && !this.#isPhonetic)) this.#part = 'value'
    else if (name === 'f') this.#openFormula()
    else if (name === 'rPh') this.#isPhonetic = true
  }

  text(written: string): void {
    if (this.#part === 'value') this.#value = grown(this.#value, written)
    else if (this.#part === 'formula') this.#formula = grown(this.#formula, written)
  }

  close(name: string): void {
    if (name === 'c') this.#closeCell()
    else if (name === 'v' || name === 't' || name === 'f') this.#part = undefined
    else if (name === 'row') this.#closeRow()
    else if (name === 'rPh') this.#isPhonetic = false
    else if (name === 'sheetData') this.#isData = false
  }

  #merge(range: string): void {
    if (this.#notes.merges.push(mergedCells(range)) > MERGES_MAX)
      throw fileRefusal('too-many-cells')
  }

  #openRow(tag: string): void {
    const { r, hidden = '' } = attributesOf(tag)
    this.#row = rowAfter(this.#row, r)
    this.#isHidden = hidden === '1' || hidden === 'true'
    this.#cells = []
    this.#column = -1
  }

  #openCell(tag: string): void {
    const { r, t = '', s = '0' } = attributesOf(tag)
    this.#column = r === undefined ? this.#column + 1 : columnOf(r)
    this.#kind = t
    this.#style = Number(s)
    this.#isCell = true
    this.#value = undefined
    this.#formula = undefined
  }

  #openFormula(): void {
    this.#part = 'formula'
    this.#formula = ''
  }

  #closeCell(): void {
    if (!this.#isCell) return
    this.#isCell = false
    const cell = this.#cell()
    if (cell === null) return
    const missing = this.#column - this.#cells.length
    this.#cellsLeft -= Math.max(missing + 1, 0)
    if (this.#cellsLeft < 0) throw fileRefusal('too-many-cells')
    for (let left = missing; left > 0; left--) this.#cells.push(null)
    this.#cells[this.#column] = cell
  }

  #closeRow(): void {
    if (this.#cells.length > 0) {
      this.rows.push({ row: this.#row, cells: this.#cells })
      if (this.#isHidden) this.#notes.hiddenRows.push(this.#row)
    }
    this.#cells = []
  }

  #cell(): RawCell {
    const written = this.#value
    if (written === undefined) return this.#uncomputed()
    if (this.#kind === 's') return unlessBlank(this.#sharedText(written))
    if (this.#kind === 'b') return written.trim() === '1' || written.trim() === 'true'
    if (this.#kind === '' || this.#kind === 'n') return this.#number(written.trim())
    const text = textOfCell(written)
    if (this.#kind === 'd' && isDay(text.slice(0, 10))) return text.slice(0, 10)
    return unlessBlank(text)
  }

  /** A formula that was never computed is said as it stands, not left out. */
  #uncomputed(): RawCell {
    const isBlank = this.#formula === undefined || this.#kind === 'str'
    return isBlank ? null : `=${textOfCell(this.#formula ?? '')}`
  }

  #sharedText(index: string): string {
    if (!this.#book.texts || index.trim() === '') throw fileRefusal('file-broken')
    return this.#book.texts.at(Number(index))
  }

  #number(written: string): RawCell {
    const number = Number(written)
    if (written === '' || !Number.isFinite(number)) return unlessBlank(textOfCell(written))
    return shownNumber(number, this.#book.looks[this.#style] ?? 'plain', this.#book.is1904)
  }
}

function grown(before: string | undefined, written: string): string {
  const text = (before ?? '') + written
  if (text.length > CELL_CHARACTERS_MAX) throw fileRefusal('file-broken')
  return text
}

const unlessBlank = (text: string) => (text.trim() === '' ? null : text)
