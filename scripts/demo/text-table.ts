/** How wide a text stands in a terminal: Chinese characters take two columns. */
function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += /[⺀-￠]/.test(character) ? 2 : 1
  return width
}

/** What the report of the demo keeps to. */
export const TERMINAL_COLUMNS = 100

/** A text that stands in at most `columns` columns. */
export function clipped(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  for (const character of text) {
    if (widthOf(kept + character) > columns - 1) break
    kept += character
  }
  return `${kept}…`
}

/** A figure, a day or a word, or one character, each with the sign that may not begin a line. */
const UNBROKEN = /(?:[\w.,%+/@-]+|[\s\S])[,。;:、)”]*/gu

/** A text as lines that fit the terminal; those after the first are set in by `indent`. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = ''
  for (const [part] of text.matchAll(UNBROKEN)) {
    if (widthOf(line + part) > TERMINAL_COLUMNS) {
      lines.push(line.trimEnd())
      line = indent + part.trimStart()
    } else line += part
  }
  return [...lines, line]
}

/** Rows as aligned lines: the first `left` columns to the left, the others to the right. */
export function textTable(rows: readonly (readonly string[])[], left = 1): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
        return column < left ? cell + gap : gap + cell
      })
      .join('  ')
      .trimEnd(),
  )
}
