import { pino, stdSerializers } from 'pino'
import { mailText } from '../../domain/mask-name.ts'

/** Fields that may hold personal data or secrets, wherever they stand in what is logged. */
const REDACTED = [
  'authorization',
  'body',
  'cookie',
  'csrfToken',
  'email',
  'headers',
  'lessor',
  'lessorName',
  'name',
  'note',
  'operatorName',
  'params',
  'parameters',
  'password',
  'payload',
  'phone',
  'query',
  'reason',
  'representative',
  'summary',
  'token',
  'uscc',
  'username',
]
const DEPTHS = ['', '*.', '*.*.']

/** JSON lines on stdout. Requests are logged by method, path and id: never what they carry. */
export function createLogger(level: string, to?: { write: (line: string) => void }) {
  const options = {
    level,
    redact: { paths: DEPTHS.flatMap((depth) => REDACTED.map((one) => depth + one)), remove: true },
    serializers: { req: requestWords, res: replyWords, err: errorWords },
  }
  return to ? pino(options, to) : pino(options)
}
export type Logger = ReturnType<typeof createLogger>

const requestWords = ({ method, url, id }: { method: string; url: string; id: string }) => ({
  method,
  path: pathWords(url),
  id,
})

const replyWords = ({ statusCode }: { statusCode: number }) => ({ statusCode })

const WORDS_OF_OURS = /^[\w.:-]{1,80}$/
const PATH_PARTS_MAX = 8
/** What nearly every path is: then its parts need not be looked at one by one. */
const PATH_OF_OURS = /^(?:\/[\w.:-]{1,80}){1,8}$/

/** Our paths hold words, ids and codes; whatever else somebody puts there is not repeated. */
function pathWords(url: string): string {
  const [path = ''] = url.split(/[?#;]/, 1)
  if (PATH_OF_OURS.test(path) && mailText(path) === path) return path
  const parts = path.split('/')
  const shown = parts.slice(0, PATH_PARTS_MAX + 1).map((part) => {
    return part === '' || (WORDS_OF_OURS.test(part) && mailText(part) === part) ? part : '…'
  })
  return (parts.length > shown.length ? [...shown, '…'] : shown).join('/')
}

/**
 * What a query was given stands in the message of drizzle's error; SQLite's own error, its cause,
 * says what went wrong without it.
 */
function errorWords(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { type, stack = '' } = stdSerializers.err(error)
  const { cause, code } = error as { cause?: unknown; code?: unknown }
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const isQuery = error.message.startsWith('Failed query')
  const message = isQuery ? 'Failed query' : mailText(error.message.split('\n')[0] ?? '')
  return {
    type,
    message,
    ...(typeof code === 'string' && { code }),
    stack: places.join('\n'),
    ...(cause !== undefined && { cause: errorWords(cause) }),
  }
}

/** An error for the terminal of whoever started the program: where it is, and no data. */
export function tellError(error: unknown): string {
  const { message = '', stack = '' } = errorWords(error) as { message?: string; stack?: string }
  const { cause } = error as { cause?: unknown }
  const inner = cause instanceof Error ? `\ncaused by ${tellError(cause)}` : ''
  return `${message}\n${stack}${inner}`
}
