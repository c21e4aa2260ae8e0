/** Text between “ and ”; a ” inside is written twice. For patterns. */
export const QUOTED = '“(?:[^”]|””)*”'

/**
 * A text as it may stand between other words without being taken for one of them.
 *
 * Source: design decision (what an export writes is read back to the letter).
 * Example: quoted('甲”乙') is '“甲””乙”'.
 */
export function quoted(text: string): string {
  return `“${text.replaceAll('”', '””')}”`
}

/**
 * The text between quotes, to the letter; undefined when the words are not one quoted text.
 *
 * Source: design decision, as for `quoted`.
 * Example: unquoted('“甲””乙”') is '甲”乙', unquoted('甲') undefined.
 */
export function unquoted(words: string): string | undefined {
  return WHOLE.test(words) ? words.slice(1, -1).replaceAll('””', '”') : undefined
}

const WHOLE = new RegExp(`^${QUOTED}$`)
