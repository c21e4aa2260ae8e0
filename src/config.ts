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
  const words = `must be a whole number from ${min} to ${max}`
  return z.coerce.number(words).int(words).min(min, words).max(max, words)
}

/** Every setting of the service, from the environment. */
const settings = z.object({
  PORT: z.coerce
    .number('must be a port number')
    .int('must be a port number')
    .min(0, 'must be a port number')
    .max(65535, 'must be a port number')
    .default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^file:.+/, 'must be file:<path>; PostgreSQL is not offered yet')
    .default('file:var/county.db'),
  DATA_KEY: z.string().optional(),
  COUNTY_CODE: z
    .string()
    .regex(/^\d{6}$/, 'must be 6 digits')
    .default('519901'),
  COUNTY_NAME: z.string().min(1, 'must not be empty').max(50).default('示范县'),
  NIGHTLY_AT: z.string().regex(TIME, 'must be a time HH:MM').default('02:00'),
  TIME_ZONE: z.string().refine(isTimeZone, 'must be a time zone name').default('Asia/Shanghai'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a pino level')
    .default('info'),
  SMTP_URL: z
    .string()
    .refine(isMailServer, 'must be smtp(s)://user:password@host:port, percent-encoded')
    .optional(),
  MAIL_FROM: z
    .string()
    .transform(senderOf)
    .refine(({ address }) => ADDRESS.test(address), 'must be an address, or a name and <address>')
    .optional(),
  OUTBOX_DIR: z.string().default('var/outbox'),
  COOKIE_SECURE: z
    .enum(['true', 'false'], 'must be true or false')
    .default('true')
    .transform((text) => text === 'true'),
  IMPORT_MB_MAX: z.coerce
    .number('must be a number of megabytes')
    .int('must be a whole number of megabytes')
    .min(1, 'must be 1 or more')
    .max(200, 'must be 200 or less')
    .default(20),
  IMPORT_ROWS_MAX: z.coerce
    .number('must be a number of rows')
    .int('must be a whole number of rows')
    .min(1, 'must be 1 or more')
    .max(1_000_000, 'must be 1000000 or less')
    .default(100_000),
  RATE_PER_MINUTE: wholeNumber(1, 100_000_000).default(60_000),
  FAILURES_PER_MINUTE: wholeNumber(1, 100_000_000).default(600),
  LAG_MS_MAX: wholeNumber(20, 600_000).default(3000),
  TRUSTED_PROXIES: z
    .string()
    .transform(listOf)
    .refine((all) => all.every(isNetwork), 'must be addresses or networks like 10.0.0.0/8')
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
    throw new WrongSetting('MAIL_FROM: must be given with SMTP_URL')
  return { ...rest, databasePath: pathOf(DATABASE_URL), MAIL_FROM: MAIL_FROM ?? DEFAULT_SENDER }
}

function pathOf(url: string): string {
  if (!url.startsWith('file://')) return url.slice('file:'.length)
  try {
    return fileURLToPath(url)
  } catch {
    throw new WrongSetting('DATABASE_URL: must be file:<path> or file:///<absolute path>')
  }
}
