import { isIP } from 'node:net'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const isTimeZone = (name: string) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const MAIL_OPTION = /^(name|(connection|greeting|socket)Timeout|tls\.\w+)$/
const MAIL_HOST = /^([\w.-]+|\[[\da-f:.]+\])$/i
const isMailServer = (text: string) => {
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return false
  const { hostname, pathname, hash, searchParams } = new URL(text)
  if (!MAIL_HOST.test(hostname) || pathname.length > 1 || hash !== '') return false
  return [...searchParams.keys()].every((key) => MAIL_OPTION.test(key))
}
const ADDRESS = /^[^\s<>@,;"]+@[^\s<>@,;"]+$/
/** Reads `address` or `name <address>`. */
const senderOf = (text: string) => {
  const [, name = '', address = text] = /^([^<>"\r\n]+)<(.+)>$/.exec(text) ?? []
  return { name: name.trim(), address }
}
const DEFAULT_SENDER = senderOf('monitor@localhost')

/** An address, or a network that is not the whole of the internet. */
const isNetwork = (text: string) => {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || address.includes('%') || rest.length > 0) return false
  if (prefix === undefined) return true
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32)
}
const listOf = (text: string) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

const wholeNumber = (min: number, max: number) => {
  const words = `须为 ${min} 至 ${max} 的整数 · must be a whole number in between`
  return z.coerce.number(words).int(words).min(min, words).max(max, words)
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Every setting of the service, from the environment. */
const settings = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^file:.+/, '须为 file:<路径>,暂不支持 PostgreSQL · must be file:<path>')
    .default('file:var/county.db'),
  DATA_KEY: z.string().optional(),
  COUNTY_CODE: z
    .string()
    .regex(/^\d{6}$/, '须为 6 位数字 · must be 6 digits')
    .default('519901'),
  COUNTY_NAME: z
    .string()
    .min(1, '不得为空 · must not be empty')
    .max(50, '不得超过 50 个字符 · is too long')
    .default('示范县'),
  NIGHTLY_AT: z.string().regex(TIME, '须为时刻 HH:MM · must be a time').default('02:00'),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, '须为时区名 · must be a time zone name')
    .default('Asia/Shanghai'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `须为其中之一 · must be one of: ${LOG_LEVELS.join(' ')}`)
    .default('info'),
  SMTP_URL: z
    .string()
    .refine(
      isMailServer,
      '须为 smtp(s)://user:password@host:port,特殊字符用 % 转义 · must be percent-encoded',
    )
    .optional(),
  MAIL_FROM: z
    .string()
    .transform(senderOf)
    .refine(({ address }) => ADDRESS.test(address), '须为地址,或名称 <地址> · must be an address')
    .optional(),
  OUTBOX_DIR: z.string().default('var/outbox'),
  COOKIE_SECURE: z
    .enum(['true', 'false'], '须为 true 或 false · must be either')
    .default('true')
    .transform((text) => text === 'true'),
  IMPORT_MB_MAX: wholeNumber(1, 200).default(20),
  IMPORT_ROWS_MAX: wholeNumber(1, 1_000_000).default(100_000),
  RATE_PER_MINUTE: wholeNumber(1, 100_000_000).default(60_000),
  FAILURES_PER_MINUTE: wholeNumber(1, 100_000_000).default(600),
  LAG_MS_MAX: wholeNumber(20, 600_000).default(3000),
  TRUSTED_PROXIES: z
    .string()
    .transform(listOf)
    .refine(
      (all) => all.every(isNetwork),
      '须为地址或网段,如 10.0.0.0/8 · must be addresses or networks',
    )
    .default([]),
})

export type Config = Omit<z.output<typeof settings>, 'DATABASE_URL' | 'MAIL_FROM'> & {
  databasePath: string
  MAIL_FROM: typeof DEFAULT_SENDER
}

/** A setting that cannot be used, in one line that names the variable. */
export class WrongSetting extends Error {}

/**
 * Reads the environment. Empty variables count as absent. Throws WrongSetting.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = settings.safeParse(given)
  const [issue] = parsed.error?.issues ?? []
  if (issue) throw new WrongSetting(`${String(issue.path[0])}: ${issue.message}`)
  const { DATABASE_URL, MAIL_FROM, ...rest } = parsed.data as z.output<typeof settings>
  if (rest.SMTP_URL !== undefined && MAIL_FROM === undefined)
    throw new WrongSetting('MAIL_FROM: 有 SMTP_URL 时必填 · must be given with SMTP_URL')
  return { ...rest, databasePath: pathOf(DATABASE_URL), MAIL_FROM: MAIL_FROM ?? DEFAULT_SENDER }
}

function pathOf(url: string): string {
  if (!url.startsWith('file://')) return url.slice('file:'.length)
  try {
    return fileURLToPath(url)
  } catch {
    throw new WrongSetting('DATABASE_URL: 须为 file:<path> 或 file:///<绝对路径> · must be either')
  }
}
