import { columnLetters } from './sheet-rows.ts'
import { encodedXml } from './xml-text.ts'

/** A comment at a cell. */
export interface CellNote {
  row: number
  column: number
  text: string
}

const AUTHOR = '导入'
/** Shapes have numbers, of which the file's own begin low. */
const FIRST_SHAPE = 60_001
const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const NO_LISTS = '<authors></authors><commentList></commentList>'
const NO_COMMENTS = `<comments xmlns="${NAMESPACE}">${NO_LISTS}</comments>`
const SHAPE_NAMESPACES =
  'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" ' +
  'xmlns:x="urn:schemas-microsoft-com:office:excel"'
const NO_SHAPES =
  `<xml ${SHAPE_NAMESPACES}>` +
  '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="58"/></o:shapelayout>' +
  '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" ' +
  'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>' +
  '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'

/** The comments of a sheet, those that it has and the new ones; a cell keeps the one it has. */
export function withComments(
  xml: string | undefined,
  notes: readonly CellNote[],
): { xml: string; added: CellNote[] } {
  const before = xml ?? NO_COMMENTS
  const p = /<(\w+:)?comments[\s>]/.exec(before)?.[1] ?? ''
  const taken = new Set([...before.matchAll(/\sref=["']([A-Z]+\d+)/g)].map(([, ref]) => ref))
  const added = notes.filter((note) => !taken.has(referenceOf(note)))
  const author = before.match(/<(\w+:)?author[\s>/]/g)?.length ?? 0
  const comments = added.map((note) => {
    const text = `<${p}t xml:space="preserve">${encodedXml(note.text)}</${p}t>`
    return (
      `<${p}comment ref="${referenceOf(note)}" authorId="${author}">` +
      `<${p}text><${p}r>${text}</${p}r></${p}text></${p}comment>`
    )
  })
  const opened = before.replace(/<(\w+:)?(authors|commentList)\s*\/>/g, '<$1$2></$1$2>')
  const after = inserted(
    inserted(opened, `</${p}authors>`, `<${p}author>${AUTHOR}</${p}author>`),
    `</${p}commentList>`,
    comments.join(''),
  )
  return { xml: after, added }
}

/** The boxes that the comments are shown in, hidden until one points at the cell. */
export function withShapes(vml: string | undefined, notes: readonly CellNote[]): string {
  const shapes = notes.map(({ row, column }, at) => {
    const anchor = [column + 1, 15, row - 1, 2, column + 4, 20, row + 3, 4].join(', ')
    return (
      `<v:shape ${SHAPE_NAMESPACES} id="_x0000_s${FIRST_SHAPE + at}" ` +
      'type="#_x0000_t202" style="position:absolute;width:180pt;height:60pt;visibility:hidden" ' +
      'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>' +
      '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>' +
      '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>' +
      '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>' +
      `<x:Anchor>${anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>` +
      `<x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`
    )
  })
  return inserted(vml ?? NO_SHAPES, '</xml>', shapes.join(''))
}

const referenceOf = ({ row, column }: CellNote) => `${columnLetters(column)}${row}`

/** Before the last place where `mark` stands. */
export function inserted(text: string, mark: string, what: string): string {
  const at = text.lastIndexOf(mark)
  return at < 0 ? text : text.slice(0, at) + what + text.slice(at)
}
