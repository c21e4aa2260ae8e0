import type { FastifyInstance } from 'fastify'
import { Refusal, type Words } from '../../errors.ts'

/** No fact nests deeper than six; far beyond, walking through a body would overflow the stack. */
const DEPTH_MAX = 50

/**
 * JSON is the only body. Text that is not UTF-8 is refused instead of being kept as mojibake.
 * Refuses: not-utf8, nested-too-deep, and what Fastify's own parser refuses.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes as Buffer)
      if (nestsTooDeep(text)) throw refused('nested-too-deep', tooDeep)
      parse(request, text, done)
    } catch (error) {
      done(error instanceof Refusal ? error : refused('not-utf8', notUtf8), undefined)
    }
  })
}

const notUtf8 = { zh: '请求体须为 UTF-8 编码', en: 'the body must be UTF-8' }
const tooDeep = { zh: '请求体嵌套过深', en: 'the body is nested too deep' }
const refused = (code: string, words: Words) => new Refusal('malformed', code, words)

/** Counts brackets outside of strings: no need to understand the text for that. */
function nestsTooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      depth += 1
      if (depth > DEPTH_MAX) return true
    } else if (character === '}' || character === ']') depth -= 1
  }
  return false
}
