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
 * Refuses: unsupported-media-type, malformed-form, file-missing, unknown-part, and what the
 * parser's limits refuse.
 */
export async function sentFile(
  request: FastifyRequest,
  fieldNames: readonly string[],
): Promise<SentFile> {
  if (!request.isMultipart()) throw notAForm
  const { content, ...rest } = await readParts(request, fieldNames).catch((error) => {
    // What the parser cannot read, or what ends too early, comes without a status.
    throw error instanceof Refusal || error.statusCode !== undefined ? error : malformedForm
  })
  if (content === undefined) throw fileMissing
  return { content, ...rest }
}

async function readParts(request: FastifyRequest, fieldNames: readonly string[]) {
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
const malformedForm = new Refusal('malformed', 'malformed-form', {
  zh: '表单无法识别或没有传完',
  en: 'the form cannot be read, or ends too early',
})
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
