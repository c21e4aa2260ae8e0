/** How wide a text stands in a terminal: Chinese characters take two columns. */
function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += /[⺀-￠]/.test(character) ? 2 : 1
  return width
}

/** Rows as aligned lines: the first column to the left, the others to the right. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
        return column === 0 ? cell + gap : gap + cell
      })
      .join('  ')
      .trimEnd(),
  )
}
