const CELL_STYLES = /<((?:\w+:)?)cellXfs\b([^>]*)>([\s\S]*?)<\/\1cellXfs>/
const CELL_STYLE = /<(?:\w+:)?xf\b[^>]*?(?:\/>|>[\s\S]*?<\/(?:\w+:)?xf>)/g
const ALIGNMENT = /<(?:\w+:)?alignment\b[^>]*?(?:\/>|>[\s\S]*?<\/(?:\w+:)?alignment>)/

/** Styles like those of a stylesheet, but with the text in lines from the top left on. */
export class WrappedStyles {
  readonly #stylesheet: string
  readonly #styles: readonly string[]
  readonly #wrapped = new Map<string, number>()

  constructor(stylesheet: string) {
    this.#stylesheet = stylesheet
    this.#styles = CELL_STYLES.exec(stylesheet)?.[3]?.match(CELL_STYLE) ?? []
  }

  /** The number of the style like that of a number; '' is the first. */
  like(style: string): string {
    const known = style === '' ? '0' : style
    if (this.#styles[Number(known)] === undefined) return style
    const at = this.#wrapped.get(known) ?? this.#styles.length + this.#wrapped.size
    this.#wrapped.set(known, at)
    return String(at)
  }

  /** The stylesheet, with the styles that were asked for. */
  written(): string {
    if (this.#wrapped.size === 0) return this.#stylesheet
    const added = [...this.#wrapped.keys()].map((style) => wrapped(this.#styles[Number(style)]))
    const count = this.#styles.length + added.length
    return this.#stylesheet.replace(
      CELL_STYLES,
      (_, p: string, attributes: string, styles: string) =>
        `<${p}cellXfs${attributes.replace(/\scount=("[^"]*"|'[^']*')/, '')} count="${count}">` +
        `${styles}${added.join('')}</${p}cellXfs>`,
    )
  }
}

function wrapped(style = ''): string {
  const [open = ''] = /^<[^>]*>/.exec(style) ?? []
  const [, name = 'xf'] = /^<((?:\w+:)?xf)/.exec(open) ?? []
  const within = open.endsWith('/>') ? '' : style.slice(open.length, style.lastIndexOf('</'))
  const attributes = open.replace(/\sapplyAlignment=("[^"]*"|'[^']*')|\s*\/?>$/g, '')
  const alignment = `<${name.slice(0, -2)}alignment horizontal="left" vertical="top" wrapText="1"/>`
  return `${attributes} applyAlignment="1">${alignment}${within.replace(ALIGNMENT, '')}</${name}>`
}
