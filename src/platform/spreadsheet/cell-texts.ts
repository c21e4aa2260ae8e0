import { fileRefusal } from './file-refusal.ts'
import { scanXml, type XmlReader } from './scan-xml.ts'
import { textOfCell } from './xml-text.ts'

const TEXT_CHARACTERS_MAX = 1_000_000

/**
 * The texts that cells refer to by number. Kept as bytes beside the heap, however many there are: a
 * text never takes more of them than the XML it came from.
 */
export class CellTexts {
  readonly #bytes: Buffer
  #ends = new Uint32Array(1_024)
  #count = 0
  readonly #countMax: number

  constructor(bytesMax: number, countMax: number) {
    this.#countMax = countMax
    this.#bytes = Buffer.allocUnsafeSlow(bytesMax)
  }

  add(text: string): void {
    if (this.#count === this.#countMax) throw fileRefusal('too-many-cells')
    if (this.#count === this.#ends.length) {
      const ends = new Uint32Array(this.#count * 2)
      ends.set(this.#ends)
      this.#ends = ends
    }
    const start = this.#endBefore(this.#count)
    this.#ends[this.#count] = start + this.#bytes.write(text, start)
    this.#count += 1
  }

  at(index: number): string {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count)
      throw fileRefusal('file-broken')
    return this.#bytes.toString('utf8', this.#endBefore(index), this.#ends[index])
  }

  #endBefore(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
  }
}

/** Reads sharedStrings.xml: plain and rich text, without the readings that phonetic runs add. */
export async function readCellTexts(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
  countMax: number,
): Promise<CellTexts> {
  const texts = new CellTexts(bytesMax, countMax)
  let written = ''
  let isText = false
  let isPhonetic = false
  const reader: XmlReader = {
    open(name) {
      if (name === 'si') written = ''
      else if (name === 'rPh') isPhonetic = true
      else if (name === 't') isText = !isPhonetic
    },
    text(part) {
      if (!isText) return
      written += part
      if (written.length > TEXT_CHARACTERS_MAX) throw fileRefusal('file-broken')
    },
    close(name) {
      if (name === 'si') texts.add(textOfCell(written))
      else if (name === 'rPh') isPhonetic = false
      else if (name === 't') isText = false
    },
  }
  for await (const _ of scanXml(chunks, reader));
  return texts
}
