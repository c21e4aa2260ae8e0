import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  type IRunOptions,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'
import type { Bar, BriefColumn, BriefPart } from '../../domain/brief-parts.ts'
import type { Day } from '../../domain/calendar-day.ts'
import { unzipped, zipFile } from '../spreadsheet/zip-file.ts'

export interface TextDocument {
  title: string
  /** The line under the title: who, about which day. */
  about: string
  day: Day
  parts: readonly BriefPart[]
}

/** Twentieths of a point: A4 upright, margins as official documents have them. */
const PAGE = { width: 11_906, height: 16_838 }
const MARGIN = { top: 1700, bottom: 1500, left: 1360, right: 1360 }
const WIDTH = PAGE.width - MARGIN.left - MARGIN.right
const BODY = '仿宋'
const HEAVY = '黑体'
const BAR_COLOUR = 'B5543A'
const HEADING_SHADE = 'EDEDED'
const LINE = { style: BorderStyle.SINGLE, size: 4, color: '808080' }
const NO_LINE = { style: BorderStyle.NONE, size: 0, color: 'auto' }
const NO_LINES = {
  top: NO_LINE,
  bottom: NO_LINE,
  left: NO_LINE,
  right: NO_LINE,
  insideHorizontal: NO_LINE,
  insideVertical: NO_LINE,
}
const ALIGNMENTS = {
  left: AlignmentType.LEFT,
  right: AlignmentType.RIGHT,
  center: AlignmentType.CENTER,
} as const

/** A docx of some pages, dated `day`: the same document, the same bytes. */
export async function writeDocument({ title, about, day, parts }: TextDocument): Promise<Buffer> {
  const written = await Packer.toBuffer(
    new Document({
      title,
      styles: { default: { document: { run: { font: BODY, size: 28 } } } },
      sections: [
        {
          properties: { page: { size: PAGE, margin: MARGIN } },
          footers: { default: new Footer({ children: [pageNumber()] }) },
          children: [
            line(title, { font: HEAVY, size: 40 }, AlignmentType.CENTER, 120),
            line(about, { size: 24 }, AlignmentType.CENTER, 240),
            ...parts.flatMap(blocksOf),
          ],
        },
      ],
    }),
  )
  return datedBy(written, day)
}

/** The library dates its files by the clock. */
async function datedBy(written: Buffer, day: Day): Promise<Buffer> {
  const parts = unzipped(written).map(({ path, content }) => {
    if (path !== 'docProps/core.xml') return { path, content: [content] }
    const dated = content.toString().replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, `${day}T00:00:00Z`)
    return { path, content: [Buffer.from(dated)] }
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of zipFile(parts, day)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function blocksOf(part: BriefPart): (Paragraph | Table)[] {
  switch (part.kind) {
    case 'heading':
      return [line(part.text, { font: HEAVY, size: 32 }, AlignmentType.LEFT, 120, true)]
    case 'paragraph':
      return [indented(part.text)]
    case 'note':
      return [line(part.text, { size: 22 }, AlignmentType.LEFT, 60)]
    case 'table':
      return [caption(part.caption), tableOf(part), gap()]
    case 'bars':
      return [caption(`${part.caption}(${part.unit})`), barsOf(part.bars), gap()]
  }
}

type Alignment = (typeof AlignmentType)[keyof typeof AlignmentType]

const line = (
  text: string,
  run: IRunOptions,
  alignment: Alignment,
  after: number,
  keepNext = false,
) =>
  new Paragraph({
    alignment,
    spacing: { after },
    keepNext,
    children: [new TextRun({ ...run, text })],
  })

const indented = (text: string) =>
  new Paragraph({
    alignment: AlignmentType.BOTH,
    indent: { firstLine: 560 },
    spacing: { after: 120, line: 400 },
    children: [new TextRun(text)],
  })

const caption = (text: string) =>
  line(text, { font: HEAVY, size: 22 }, AlignmentType.CENTER, 60, true)
const gap = () => new Paragraph({ spacing: { after: 120 }, children: [] })
const pageNumber = () =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    children: [new TextRun({ size: 20, children: ['— ', PageNumber.CURRENT, ' —'] })],
  })

const share = (percent: number) => Math.round((WIDTH * percent) / 100)

function tableOf({ columns, rows, total }: Extract<BriefPart, { kind: 'table' }>): Table {
  const row = (cells: readonly string[], look: Look) =>
    new TableRow({
      tableHeader: look === 'heading',
      cantSplit: true,
      children: columns.map((column, at) => cellOf(cells[at] ?? '', column, look)),
    })
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: columns.map(({ percent }) => share(percent)),
    borders: { top: LINE, bottom: LINE, left: LINE, right: LINE },
    rows: [
      row(
        columns.map(({ heading }) => heading),
        'heading',
      ),
      ...rows.map((cells) => row(cells, 'row')),
      ...(total ? [row(total, 'total')] : []),
    ],
  })
}

type Look = 'heading' | 'row' | 'total'

function cellOf(text: string, { percent, align }: BriefColumn, look: Look): TableCell {
  const bold = look !== 'row'
  const alignment = look === 'heading' ? AlignmentType.CENTER : ALIGNMENTS[align]
  return new TableCell({
    width: { size: share(percent), type: WidthType.DXA },
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 40, bottom: 40, left: 60, right: 60 },
    ...(look === 'row' ? {} : { shading: { type: ShadingType.CLEAR, fill: HEADING_SHADE } }),
    children: [new Paragraph({ alignment, children: [new TextRun({ text, bold, size: 18 })] })],
  })
}

const NAME_PERCENT = 18
const LABEL_PERCENT = 16
const BAR_PERCENT = 100 - NAME_PERCENT - LABEL_PERCENT

/** Bars of shaded cells: they look the same in every program and carry their figures as text. */
function barsOf(bars: readonly Bar[]): Table {
  const largest = Math.max(...bars.map(({ value }) => value), 1)
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: WIDTH, type: WidthType.DXA },
    columnWidths: [NAME_PERCENT, BAR_PERCENT, LABEL_PERCENT].map(share),
    borders: NO_LINES,
    rows: bars.map(
      ({ name, value, label }) =>
        new TableRow({
          cantSplit: true,
          children: [
            plainCell(NAME_PERCENT, new Paragraph(small(name, AlignmentType.RIGHT))),
            plainCell(BAR_PERCENT, barOf(value / largest)),
            plainCell(LABEL_PERCENT, new Paragraph(small(label, AlignmentType.LEFT))),
          ],
        }),
    ),
  })
}

const small = (text: string, alignment: Alignment) => ({
  alignment,
  children: [new TextRun({ text, size: 18 })],
})

const plainCell = (percent: number, content: Paragraph | Table) =>
  new TableCell({
    width: { size: share(percent), type: WidthType.DXA },
    borders: { top: NO_LINE, bottom: NO_LINE, left: NO_LINE, right: NO_LINE },
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 20, bottom: 20, left: 60, right: 60 },
    // A cell must end with a paragraph, also after a table.
    children: content instanceof Table ? [content, new Paragraph(tiny)] : [content],
  })

const tiny = { spacing: { line: 20 }, children: [new TextRun({ text: '', size: 2 })] }

function barOf(part: number): Table {
  const room = share(BAR_PERCENT) - 160
  const filled = Math.max(Math.round(room * part), 20)
  const cell = (size: number, fill?: string) =>
    new TableCell({
      width: { size, type: WidthType.DXA },
      borders: { top: NO_LINE, bottom: NO_LINE, left: NO_LINE, right: NO_LINE },
      ...(fill && { shading: { type: ShadingType.CLEAR, fill } }),
      children: [new Paragraph({ children: [new TextRun({ text: '', size: 16 })] })],
    })
  const widths = filled < room ? [filled, room - filled] : [filled]
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: room, type: WidthType.DXA },
    columnWidths: widths,
    borders: NO_LINES,
    rows: [
      new TableRow({
        children: widths.map((size, at) => cell(size, at === 0 ? BAR_COLOUR : undefined)),
      }),
    ],
  })
}
