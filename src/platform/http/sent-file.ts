import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../errors.ts'

/** What a form carried. */
export interface SentFile {
  content: Buffer
  fileName: string
  /** The other parts, as text. */
  fields: Record<string, string>
}

/** What is shown and kept of a file's name. */
const FILE_NAME_MAX = 200

/**
 * The one file of a form, in the part `file`, and the other parts that it may have.
 * Refuses: unsupported-media-type, file-missing, unknown-part, and what the parser refuses.
 */
export async function sentFile(
  request: FastifyRequest,
  fieldNames: readonly string[],
): Promise<SentFile> {
  if (!request.isMultipart()) throw notAForm
  let content: Buffer | undefined
  let fileName = ''
  const fields: Record<string, string> = {}
  for await (const part of request.parts()) {
    if (part.type === 'file' && part.fieldname === 'file') {
      content = await part.toBuffer()
      fileName = nameOf(part.filename)
    } else if (part.type === 'field' && fieldNames.includes(part.fieldname))
      fields[part.fieldname] = String(part.value)
    else throw unknownPart(part.fieldname)
  }
  if (content === undefined) throw fileMissing
  return { content, fileName, fields }
}

const nameOf = (sent: string | undefined) =>
  (sent ?? '')
    .toWellFormed()
    .replace(/\p{Cc}/gu, '')
    .slice(-FILE_NAME_MAX) || 'file'

const unknownPart = (field: string) =>
  new Refusal(
    'malformed',
    'unknown-part',
    { zh: '表单中不能有这一项', en: 'the form has no such part' },
    field.slice(0, 100),
  )
const fileMissing = new Refusal(
  'malformed',
  'file-missing',
  { zh: '没有收到文件', en: 'no file was sent' },
  'file',
)
const notAForm = new Refusal('wrong-type', 'unsupported-media-type', {
  zh: '请求体须为 multipart/form-data,文件放在 file 一项',
  en: 'the body must be multipart/form-data with the file in the part "file"',
})
