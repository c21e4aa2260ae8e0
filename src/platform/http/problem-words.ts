import type { z } from 'zod'
import type { Words } from '../../errors.ts'

/** An issue as zod reports it, with the input that it is about. */
export type Issue = z.core.$ZodIssue

const TYPES: Record<string, Words> = {
  string: { zh: '文本', en: 'text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: '是或否(true/false)', en: 'true or false' },
  object: { zh: '对象', en: 'an object' },
  array: { zh: '列表', en: 'a list' },
}

const FORMATS: Record<string, Words> = {
  date: { zh: '应为真实存在的日期 YYYY-MM-DD', en: 'must be a real day YYYY-MM-DD' },
  datetime: { zh: '应为 ISO 8601 时刻', en: 'must be an ISO 8601 instant' },
  guid: { zh: '应为 UUID', en: 'must be a UUID' },
  email: { zh: '应为电子邮箱地址', en: 'must be an e-mail address' },
}

/** 'rent.lines[0].areaMu'; the body itself is ''. */
export function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

/**
 * What is said of each field once, in their order: that it is of another type or form, or else the
 * narrowest of the bounds that it breaks.
 */
export function oneOfEachField(issues: readonly Issue[]): Issue[] {
  const said = new Map<string, Issue>()
  for (const issue of issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join() : ''
    const field = `${fieldOf(issue.path)} ${unknown}`
    const before = said.get(field)
    if (!before || saysMore(issue, before)) said.set(field, issue)
  }
  return [...said.values()]
}

const BY_WEIGHT = ['invalid_type', 'invalid_value', 'invalid_format', 'too_small', 'too_big']

function saysMore(issue: Issue, other: Issue): boolean {
  if (issue.code === 'too_big' && other.code === 'too_big') return issue.maximum < other.maximum
  if (issue.code === 'too_small' && other.code === 'too_small') return issue.minimum > other.minimum
  return weightOf(issue) < weightOf(other)
}

const weightOf = ({ code }: Issue) => [...BY_WEIGHT, code].indexOf(code)

/** Says what is wrong with one field. Never repeats what was sent: it may be personal. */
export function issueWords(issue: Issue): Words {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue)
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      if (issue.input === undefined)
        return { zh: `必填,可选值:${values}`, en: `required: ${values}` }
      return { zh: `只能是:${values}`, en: `must be one of: ${values}` }
    }
    case 'invalid_format':
      return FORMATS[issue.format] ?? { zh: '格式不对', en: 'has the wrong format' }
    case 'too_small':
      return boundWords(issue.origin, issue.minimum, issue.inclusive !== false, 'small')
    case 'too_big':
      return boundWords(issue.origin, issue.maximum, issue.inclusive !== false, 'big')
    case 'unrecognized_keys':
      return { zh: '没有这个字段', en: 'unknown field' }
    case 'custom':
      return (issue.params as Words | undefined) ?? { zh: '不符合要求', en: 'is not acceptable' }
    default:
      return { zh: '不符合要求', en: 'is not acceptable' }
  }
}

function typeWords(issue: Extract<Issue, { code: 'invalid_type' }>): Words {
  if (issue.input === undefined || issue.input === null) return { zh: '必填', en: 'is required' }
  const type = TYPES[issue.expected] ?? { zh: issue.expected, en: issue.expected }
  return { zh: `应为${type.zh}`, en: `must be ${type.en}` }
}

function boundWords(
  origin: string,
  bound: number | bigint,
  inclusive: boolean,
  side: 'small' | 'big',
): Words {
  const unit = origin === 'string' ? ' 个字符' : origin === 'array' ? ' 项' : ''
  const enUnit = origin === 'string' ? ' characters' : origin === 'array' ? ' items' : ''
  if (side === 'small')
    return inclusive
      ? { zh: `不能少于 ${bound}${unit}`, en: `must be at least ${bound}${enUnit}` }
      : { zh: `必须大于 ${bound}${unit}`, en: `must be more than ${bound}${enUnit}` }
  return { zh: `不能超过 ${bound}${unit}`, en: `must be at most ${bound}${enUnit}` }
}
