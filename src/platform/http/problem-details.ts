import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorKind, Refusal, type Words } from '../../errors.ts'
import { systemTrouble } from '../system-trouble.ts'
import { fieldOf, type Issue, issueWords, oneOfEachField } from './problem-words.ts'

const STATUS: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'changed-since': 412,
  'too-large': 413,
  'wrong-type': 415,
  'rule-broken': 422,
  'too-many': 429,
  overloaded: 503,
}

/** A request that does not fit its schema. */
export class InvalidRequest extends Error {
  readonly statusCode = 400
  readonly issues: readonly Issue[]
  constructor(issues: readonly Issue[]) {
    super('the request does not fit its schema')
    this.issues = issues
  }
}

const PROBLEM_TYPE = 'application/problem+json'

interface Problem {
  status: number
  code: string
  detail: Words
  errors?: { field: string; reason: Words }[]
}

/** What Fastify itself refuses, by its code. */
const OF_THE_FRAMEWORK: Record<string, Problem> = {
  FST_ERR_CTP_INVALID_JSON_BODY: problem(
    400,
    'malformed-json',
    '请求体不是有效的 JSON',
    'the body is not valid JSON',
  ),
  FST_ERR_CTP_EMPTY_JSON_BODY: problem(400, 'empty-body', '请求体为空', 'the body is empty'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problem(
    400,
    'malformed',
    '请求长度与声明不符',
    'the body does not have its declared length',
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problem(
    415,
    'unsupported-media-type',
    '请求体须为 application/json',
    'the body must be application/json',
  ),
  FST_ERR_CTP_BODY_TOO_LARGE: problem(413, 'body-too-large', '请求体过大', 'the body is too large'),
  FST_REQ_FILE_TOO_LARGE: problem(413, 'file-too-large', '文件过大', 'the file is too large'),
  FST_FILES_LIMIT: problem(
    400,
    'too-many-parts',
    '一次只能导入一个文件',
    'send one file at a time',
  ),
  FST_FIELDS_LIMIT: problem(400, 'too-many-parts', '表单项过多', 'the form has too many parts'),
  FST_PARTS_LIMIT: problem(400, 'too-many-parts', '表单项过多', 'the form has too many parts'),
  FST_ERR_BAD_URL: problem(400, 'malformed-path', '路径无法识别', 'the path cannot be read'),
  FST_ERR_MAX_PARAM_LENGTH: problem(414, 'path-too-long', '路径过长', 'the path is too long'),
  // What the HTTP parser refuses: anything else that it does is a malformed request.
  ERR_HTTP_REQUEST_TIMEOUT: problem(408, 'too-slow', '请求发送过慢', 'the request came too slowly'),
  HPE_HEADER_OVERFLOW: problem(431, 'headers-too-large', '请求头过大', 'the headers are too large'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: problem(
    413,
    'body-too-large',
    '请求体过大',
    'the body is too large',
  ),
}

function problem(status: number, code: string, zh: string, en: string): Problem {
  return { status, code, detail: { zh, en } }
}

/**
 * RFC 9457 problem details, in Chinese unless English is preferred; 500 says nothing of its cause.
 */
export function replyWithProblem(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const found = problemOf(error)
  if (found.status === 500 || found.status === 507)
    request.log.error({ err: error }, 'request failed')
  else if (found.status > 500) request.log.warn(found.code)
  return sendProblem(request, reply, found)
}

export function replyNotFound(request: FastifyRequest, reply: FastifyReply) {
  return sendProblem(request, reply, problem(404, 'no-such-route', '没有这个接口', 'no such route'))
}

/** What is replied to a request that the HTTP parser refused, by the code of its error. */
export function problemOfParser(code: string, requestId: string) {
  const unreadable = problem(400, 'malformed', '请求无法识别', 'the request cannot be read')
  const found = OF_THE_FRAMEWORK[code] ?? unreadable
  const body = JSON.stringify(bodyOf(found, 'zh', requestId))
  return { status: found.status, type: PROBLEM_TYPE, body }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) {
    const { field, words } = error
    const refused = { status: STATUS[error.kind], code: error.code, detail: words }
    return field === undefined ? refused : { ...refused, errors: [{ field, reason: words }] }
  }
  if (error instanceof InvalidRequest) return problemOfIssues(error.issues)
  const { code, statusCode } = error as FastifyError
  const known = OF_THE_FRAMEWORK[code]
  if (known) return known
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return problem(statusCode, 'refused', '请求无法处理', 'the request cannot be handled')
  if (systemTrouble(error)?.isFull)
    return problem(
      507,
      'disk-full',
      '磁盘空间不足或无法写入,没有保存;请管理员清理磁盘后再试',
      'the disk is full or cannot be written, nothing was kept; free some space and try again',
    )
  return problem(500, 'internal', '服务内部错误', 'internal error')
}

/** A refusal stays short, whatever was sent. */
const ERRORS_MAX = 20
const FIELD_MAX = 200

function problemOfIssues(issues: readonly Issue[]): Problem {
  const all = oneOfEachField(issues).flatMap((issue) => {
    const reason = issueWords(issue)
    if (issue.code !== 'unrecognized_keys') return [{ field: fieldOf(issue.path), reason }]
    return issue.keys.map((key) => ({ field: fieldOf([...issue.path, key]), reason }))
  })
  const errors = all.slice(0, ERRORS_MAX).map(({ field, reason }) => ({
    field: field.length > FIELD_MAX ? `${field.slice(0, FIELD_MAX)}…` : field,
    reason,
  }))
  const left = all.length - errors.length
  const more: Words = { zh: `; 另有 ${left} 项`, en: `; and ${left} more` }
  const say = (language: keyof Words) =>
    errors.map(({ field, reason }) => `${field || 'body'}: ${reason[language]}`).join('; ') +
    (left > 0 ? more[language] : '')
  return { status: 400, code: 'invalid-request', detail: { zh: say('zh'), en: say('en') }, errors }
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, found: Problem) {
  return reply
    .code(found.status)
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(bodyOf(found, languageOf(request), request.id))
}

function bodyOf({ status, code, detail, errors }: Problem, language: keyof Words, id: string) {
  const titles: Words = { zh: '请求被拒绝', en: 'Request refused' }
  const failure: Words = { zh: '服务出错', en: 'Service failure' }
  return {
    type: `urn:land-rent-monitor:problem:${code}`,
    title: (status < 500 ? titles : failure)[language],
    status,
    code,
    detail: detail[language],
    requestId: id,
    ...(errors && {
      errors: errors.map(({ field, reason }) => ({ field, reason: reason[language] })),
    }),
  }
}

/** Chinese, unless `Accept-Language` names English before it. */
export function languageOf(request: FastifyRequest): keyof Words {
  const wanted = request.headers['accept-language']
  if (wanted === undefined) return 'zh'
  const ranked = wanted
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
      const q = parameters.find((parameter) => parameter.trim().startsWith('q='))
      return { tag, weight: q ? Number(q.trim().slice(2)) || 0 : 1 }
    })
    .filter(({ tag, weight }) => weight > 0 && /^(zh|en)\b/.test(tag))
    .sort((a, b) => b.weight - a.weight)
  return ranked[0]?.tag.startsWith('en') ? 'en' : 'zh'
}
