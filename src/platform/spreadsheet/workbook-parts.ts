import { fileRefusal, notASpreadsheet } from './file-refusal.ts'
import { attributesOf, readXml, relationId } from './scan-xml.ts'
import { type NumberLook, numberLook } from './shown-number.ts'
import { unpacked, type ZipEntry, zipDirectory } from './zip-directory.ts'

export interface SheetPart {
  name: string
  path: string
  isHidden: boolean
}

/** A workbook as its parts lie in its zip. */
export interface WorkbookParts {
  sheets: SheetPart[]
  /** By the number of a cell's style. */
  looks: NumberLook[]
  is1904: boolean
  sharedTexts: ZipEntry | undefined
  styles: ZipEntry | undefined
  entries: ReadonlyMap<string, ZipEntry>
}

export interface Relation {
  id: string
  type: string
  /** The path of a part, or an address elsewhere. */
  target: string
}

export const CONTENT_TYPES = '[Content_Types].xml'
/** Of a part that is not a sheet and not its texts. */
const SMALL_PART_BYTES_MAX = 16_000_000

/** Opens a zip as a workbook. Refuses every other kind of zip, and macros. */
export async function workbookParts(file: Buffer, bytesMax: number): Promise<WorkbookParts> {
  const entries = new Map(zipDirectory(file, bytesMax).map((entry) => [entry.path, entry]))
  await refuseOtherZips(file, entries)
  const roots = await relationsOf(file, entries, '')
  const book = roots.find(({ type }) => type.endsWith('/officeDocument'))?.target
  if (book === undefined) throw fileRefusal('file-broken')
  const relations = await relationsOf(file, entries, book)
  const targets = new Map(
    relations.filter(({ type }) => type.endsWith('/worksheet')).map((r) => [r.id, r.target]),
  )
  const { sheets, is1904 } = await readBook(smallPart(file, entries, book), targets)
  const partOf = (type: string) => relations.find((r) => r.type.endsWith(`/${type}`))?.target
  const styles = entries.get(partOf('styles') ?? '')
  return {
    sheets,
    is1904,
    looks: styles ? await readLooks(smallPart(file, entries, styles.path)) : [],
    sharedTexts: entries.get(partOf('sharedStrings') ?? ''),
    styles,
    entries,
  }
}

type Entries = WorkbookParts['entries']

function smallPart(file: Buffer, entries: Entries, path: string): AsyncIterable<Buffer> {
  const entry = entries.get(path)
  if (!entry) throw fileRefusal('file-broken')
  if (entry.bytes > SMALL_PART_BYTES_MAX) throw fileRefusal('file-unpacks-too-large')
  return unpacked(file, entry)
}

async function refuseOtherZips(file: Buffer, entries: Entries): Promise<void> {
  if (entries.has('content.xml') || entries.has('mimetype'))
    throw notASpreadsheet({ zh: '开放文档(.ods)', en: 'an OpenDocument file (.ods)' })
  if (!entries.has(CONTENT_TYPES)) throw notASpreadsheet({ zh: '压缩包', en: 'an archive' })
  const types: string[] = []
  await readXml(smallPart(file, entries, CONTENT_TYPES), {
    open: (_, tag) => types.push(attributesOf(tag)['ContentType'] ?? ''),
    close: () => undefined,
  })
  if (types.some((type) => /macroEnabled|macrosheet|vbaProject/i.test(type)))
    throw fileRefusal('file-has-macros')
  if ([...entries.keys()].some((path) => /vbaProject\.bin$/i.test(path)))
    throw fileRefusal('file-has-macros')
  if (types.some((type) => /ms-excel\.sheet\.binary/.test(type)))
    throw notASpreadsheet({ zh: '二进制工作簿(.xlsb)', en: 'a binary workbook (.xlsb)' })
  if (types.some((type) => type.includes('wordprocessingml.document.main')))
    throw notASpreadsheet({ zh: ' Word 文档', en: 'a Word document' })
  if (types.some((type) => type.includes('presentationml.')))
    throw notASpreadsheet({ zh: '演示文稿', en: 'a presentation' })
}

/** What a part refers to; none where it has no relations. '' stands for the whole file. */
export async function relationsOf(
  file: Buffer,
  entries: Entries,
  path: string,
): Promise<Relation[]> {
  const place = relationsPath(path)
  const relations: Relation[] = []
  if (!entries.has(place)) return relations
  await readXml(smallPart(file, entries, place), {
    open(name, tag) {
      if (name !== 'Relationship') return
      const { Id = '', Type = '', Target = '', TargetMode } = attributesOf(tag)
      const target = TargetMode === 'External' ? Target : pathFrom(path, Target)
      relations.push({ id: Id, type: Type, target })
    },
    close: () => undefined,
  })
  return relations
}

/** Where the relations of a part are written down. */
export function relationsPath(path: string): string {
  const name = path.lastIndexOf('/') + 1
  return `${path.slice(0, name)}_rels/${path.slice(name)}.rels`
}

function pathFrom(path: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1)
  const folders = path.split('/').slice(0, -1)
  for (const step of target.split('/'))
    if (step === '..') folders.pop()
    else if (step !== '.') folders.push(step)
  return folders.join('/')
}

async function readBook(
  chunks: AsyncIterable<Buffer>,
  targets: ReadonlyMap<string, string>,
): Promise<{ sheets: SheetPart[]; is1904: boolean }> {
  const sheets: SheetPart[] = []
  let is1904 = false
  await readXml(chunks, {
    open(element, tag) {
      if (element === 'workbookPr') is1904 = /^(1|true)$/.test(attributesOf(tag)['date1904'] ?? '')
      if (element !== 'sheet') return
      const { name = '', state = 'visible' } = attributesOf(tag)
      // Charts have sheets of their own, without cells.
      const path = targets.get(relationId(tag) ?? '')
      if (path === undefined) return
      // A part under many names would be read as often.
      if (sheets.some((sheet) => sheet.path === path)) throw fileRefusal('file-broken')
      sheets.push({ name, path, isHidden: state !== 'visible' })
    },
    close: () => undefined,
  })
  if (sheets.length === 0) throw fileRefusal('file-broken')
  return { sheets, is1904 }
}

async function readLooks(chunks: AsyncIterable<Buffer>): Promise<NumberLook[]> {
  const codes = new Map<number, string>()
  const looks: NumberLook[] = []
  const known = new Map<number, NumberLook>()
  let isOfCells = false
  await readXml(chunks, {
    open(name, tag) {
      if (name === 'cellXfs') isOfCells = true
      if (name !== 'numFmt' && !(isOfCells && name === 'xf')) return
      const { numFmtId = '0', formatCode = '' } = attributesOf(tag)
      const id = Number(numFmtId)
      if (name === 'numFmt') codes.set(id, formatCode)
      else looks.push(known.get(id) ?? numberLook(id, codes.get(id)))
    },
    close(name) {
      if (name === 'cellXfs') isOfCells = false
    },
  })
  return looks
}
