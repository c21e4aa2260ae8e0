import { type Column, columnLetters, columnWidth } from './sheet-rows.ts'

/** What a page shows before its type is too small to read, in half-width characters. */
const PAGE_WIDTH = 250

/** A4 landscape, as many pages side by side as can be read; kept rows and columns come again. */
export function pageSetup(columns: readonly Column[], keptRows = 0, keptColumns = 0) {
  return {
    paperSize: 'a4',
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: pagesAcross(columns),
    fitToHeight: 0,
    margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.6, header: 0.3, footer: 0.3 },
    ...(keptRows > 0 && { printTitlesRow: `$1:$${keptRows}` }),
    ...(keptColumns > 0 && { printTitlesColumn: `$A:$${columnLetters(keptColumns - 1)}` }),
  } as const
}

/** How many columns lie on the first of the pages side by side, which all have the kept ones. */
export function columnsOnFirstPage(columns: readonly Column[], keptColumns: number): number {
  const pages = pagesAcross(columns)
  const again = (pages - 1) * widthOf(columns.slice(0, keptColumns))
  const room = (widthOf(columns) + again) / pages
  const beyond = columns.findIndex((_, at) => widthOf(columns.slice(0, at + 1)) > room)
  return beyond > 0 ? beyond : columns.length
}

const pagesAcross = (columns: readonly Column[]) => Math.ceil(widthOf(columns) / PAGE_WIDTH)

const widthOf = (columns: readonly Column[]) =>
  columns.reduce((sum, column) => sum + columnWidth(column), 0)
