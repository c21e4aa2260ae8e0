import { COLUMNS_OF_A_SHEET, columnOf, mergedCells, rowAfter } from './cell-reference.ts'
import type { WrappedStyles } from './mark-styles.ts'
import { type MarksOfSheet, markText } from './row-mark.ts'
import { attributesOf, readXml, relationId, scanXml, type XmlReader } from './scan-xml.ts'
import { columnLetters, rowHeight } from './sheet-rows.ts'
import { encodedCell } from './xml-text.ts'

/** What must be known of a sheet before something can be written into it. */
export interface SheetSurvey {
  /** The first one right of everything in the marked rows, from 0; undefined: none is left. */
  column: number | undefined
  /** The drawing that its comments stand in, as the sheet refers to it. */
  drawingId: string | undefined
}

const WIDTH = 40
/** What may come after the drawing of the comments. */
const AFTER_DRAWING = new Set([
  'legacyDrawingHF',
  'drawingHF',
  'picture',
  'oleObjects',
  'controls',
  'AlternateContent',
  'webPublishItems',
  'tableParts',
  'extLst',
])
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export async function surveySheet(
  chunks: AsyncIterable<Uint8Array>,
  marks: MarksOfSheet,
): Promise<SheetSurvey> {
  const marked = [...marks.keys()].sort((a, b) => a - b)
  const [first = 0, last = 0] = [marked.at(0), marked.at(-1)]
  let isData = false
  let row = 0
  let cell = -1
  let column = 0
  let drawingId: string | undefined
  await readXml(chunks, {
    open(name, tag) {
      if (name === 'sheetData') isData = true
      else if (name === 'legacyDrawing') drawingId = relationId(tag)
      else if (name === 'mergeCell') {
        const merge = mergedCells(attributesOf(tag)['ref'] ?? '')
        if (merge.firstRow <= last && merge.lastRow >= first)
          column = Math.max(column, merge.lastColumn + 1)
      } else if (!isData) return
      else if (name === 'row') {
        row = rowAfter(row, attributesOf(tag)['r'])
        cell = -1
      } else if (name === 'c') cell = cellAfter(cell, attributesOf(tag)['r'])
      else if (marks.has(row)) column = Math.max(column, cell + 1)
    },
    close(name) {
      if (name === 'sheetData') isData = false
    },
  })
  return { column: column < COLUMNS_OF_A_SHEET ? column : undefined, drawingId }
}

const cellAfter = (last: number, own: string | undefined) =>
  own === undefined ? last + 1 : columnOf(own)

/**
 * The XML of a sheet with one more cell in each marked row, and with a drawing for comments where
 * `places` names a new one; a row of a given height gets what that cell needs. All else stays.
 */
export async function* markedSheetXml(
  chunks: AsyncIterable<Uint8Array>,
  marks: MarksOfSheet,
  places: SheetSurvey,
  styles: WrappedStyles,
): AsyncGenerator<Buffer, void> {
  const marker = new SheetMarker(marks, places, styles)
  for await (const _ of scanXml(chunks, marker)) yield Buffer.from(marker.taken())
}

class SheetMarker implements XmlReader {
  readonly #marks: MarksOfSheet
  readonly #column: number | undefined
  readonly #drawingId: string | undefined
  readonly #styles: WrappedStyles
  #written = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  #depth = 0
  /** The child of the root that it is in. Other children have rows and columns of another kind. */
  #part = ''
  #prefix = ''
  #row = 0
  #cell = -1
  /** Of the cell before, which the new one is to look like. */
  #style = ''
  /** The text that is still to be written into the row. */
  #due: string | undefined
  /** The last column that has a width; none has one yet: 0; there are no widths: undefined. */
  #widthsTo: number | undefined
  #isDropped = false
  #hasDrawing = false

  constructor(marks: MarksOfSheet, { column, drawingId }: SheetSurvey, styles: WrappedStyles) {
    this.#styles = styles
    this.#marks = marks
    this.#column = column
    this.#drawingId = drawingId
  }

  taken(): string {
    const written = this.#written
    this.#written = ''
    return written
  }

  open(name: string, tag: string, isEmpty: boolean): void {
    this.#depth += 1
    if (this.#depth === 1) this.#prefix = tag.slice(1, tag.indexOf(name))
    if (this.#depth === 2) this.#openPart(name)
    if (this.#part === 'cols' && name === 'col') this.#widthsTo = Number(attributesOf(tag)['max'])
    if (this.#part === 'sheetData' && name === 'c') this.#openCell(tag)
    if (this.#part === 'sheetData' && name === 'row') this.#openRow(tag, isEmpty)
    // Programs find the range out by themselves.
    else if (name !== 'dimension') this.#write(tag)
  }

  #openPart(name: string): void {
    this.#part = name
    if (name === 'sheetData') this.#addWidths()
    else if (name === 'cols') this.#widthsTo = 0
    else if (AFTER_DRAWING.has(name)) this.#addDrawing()
  }

  text(written: string): void {
    this.#write(written)
  }

  close(name: string, tag: string): void {
    this.#depth -= 1
    if (this.#depth === 0) this.#addDrawing()
    if (this.#depth === 1 && name === 'cols') this.#addWidth()
    if (this.#part === 'sheetData' && name === 'row') this.#closeRow(tag)
    else if (name !== 'dimension') this.#write(tag)
    if (this.#part === 'sheetData' && name === 'c') this.#isDropped = false
  }

  #write(markup: string): void {
    if (!this.#isDropped) this.#written += markup
  }

  #addWidths(): void {
    if (this.#widthsTo !== undefined || this.#column === undefined) return
    this.#widthsTo = 0
    this.#written += `<${this.#prefix}cols>`
    this.#addWidth()
    this.#written += `</${this.#prefix}cols>`
  }

  #addWidth(): void {
    if (this.#column === undefined || (this.#widthsTo ?? 0) > this.#column) return
    const no = this.#column + 1
    const width = `min="${no}" max="${no}" width="${WIDTH}" customWidth="1"`
    this.#written += `<${this.#prefix}col ${width}/>`
  }

  #openRow(tag: string, isEmpty: boolean): void {
    this.#row = rowAfter(this.#row, attributesOf(tag)['r'])
    this.#cell = -1
    this.#style = ''
    const mark = this.#marks.get(this.#row)
    this.#due = mark && this.#column !== undefined ? markText(mark) : undefined
    if (this.#due === undefined) this.#write(tag)
    else {
      // What the row spans has changed; it need not be said.
      const open = withRoom(tag, this.#due).replace(/\sspans=("[^"]*"|'[^']*')/, '')
      this.#write(isEmpty ? open.replace(/\/>$/, '>') : open)
    }
  }

  #openCell(tag: string): void {
    const { r, s } = attributesOf(tag)
    this.#cell = cellAfter(this.#cell, r)
    if (this.#due === undefined || this.#column === undefined || this.#cell < this.#column) {
      this.#style = s ?? ''
      return
    }
    // Only formatted cells lie there: the row has no value to the right.
    this.#isDropped = this.#cell === this.#column
    if (this.#isDropped) this.#style = s ?? ''
    this.#writeResult()
  }

  #closeRow(tag: string): void {
    const wasEmpty = this.#due !== undefined && tag === ''
    this.#writeResult()
    this.#write(wasEmpty ? `</${this.#prefix}row>` : tag)
  }

  #writeResult(): void {
    if (this.#due === undefined || this.#column === undefined) return
    const p = this.#prefix
    const own = isLong(this.#due) ? this.#styles.like(this.#style) : this.#style
    const style = own === '' ? '' : ` s="${own}"`
    const text = `<${p}t xml:space="preserve">${encodedCell(this.#due)}</${p}t>`
    const reference = `${columnLetters(this.#column)}${this.#row}`
    const attributes = `r="${reference}"${style} t="inlineStr"`
    this.#written += `<${p}c ${attributes}><${p}is>${text}</${p}is></${p}c>`
    this.#due = undefined
  }

  #addDrawing(): void {
    if (this.#drawingId === undefined || this.#hasDrawing) return
    this.#hasDrawing = true
    const relation = `xmlns:r="${RELATIONS}" r:id="${this.#drawingId}"`
    this.#written += `<${this.#prefix}legacyDrawing ${relation}/>`
  }
}

/** The height that a text needs in the column of results, in points. */
const heightOf = (text: string) => rowHeight([{ heading: '', kind: 'prose', width: WIDTH }], [text])
const isLong = (text: string) => heightOf(text) > heightOf('')

/** A row that is given its height would show but a piece of a longer text. */
function withRoom(tag: string, text: string): string {
  const given = Number(attributesOf(tag)['ht'] ?? 0)
  if (!(given > 0 && isLong(text) && given < heightOf(text))) return tag
  const open = tag.replace(/\s(?:ht|customHeight)=("[^"]*"|'[^']*')/g, '')
  return open.replace(/\s*(\/?>)$/, ` ht="${heightOf(text)}" customHeight="1"$1`)
}
