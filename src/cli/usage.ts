import { parseArgs } from 'node:util'
import { ROLES } from '../access/permissions.ts'
import { IMPORT_LEDGERS } from '../imports/import-row.ts'
import { type Flags, OPTIONS, WrongCommand } from './verb.ts'

/** Of each verb: what follows it, as it is read (see below), and what it does. */
export const USAGE = {
  'token add': [
    '--label L --role R [--region CODE] [--expires YYYY-MM-DD]',
    `新建令牌,打印在末行;R: ${ROLES.join(', ')}\nmakes a token and prints it on the last line`,
  ],
  'token list': ['', '列出令牌 · lists the tokens'],
  'token revoke': ['ID', '撤销令牌 · ends a token'],
  'user add': [
    '--username U --label L --role R [--region CODE] [--generate]',
    '添加用户,密码由键盘或标准输入读取;--generate 生成密码,打印在末行\n' +
      'asks for the password, or reads it from stdin; --generate makes one',
  ],
  'user list': ['', '列出用户 · lists the users'],
  'user password': [
    'U [--generate]',
    "设置新密码,并结束其会话 · sets a new one, ends the user's sessions",
  ],
  'user disable': ['U', '停用 · disables'],
  'user enable': ['U', '启用 · enables'],
  'user unlock': ['U', '解锁 · unlocks'],
  night: ['[--as-of YYYY-MM-DD]', "运行某日的夜间研判,默认今天 · runs the night of a day, today's"],
  'alerts send': ['', '立即发送全部等待的邮件 · sends all waiting messages now'],
  import: [
    'LEDGER FILE [--dry-run] [--mapping NAME] [--result FILE]',
    `导入表格 · takes a spreadsheet in; LEDGER:\n${IMPORT_LEDGERS.join(' ')}`,
  ],
  backup: ['FILE', '备份县数据库,使用中也可 · copies the database to a new file, in use or not'],
  restore: [
    'FILE',
    '用备份替换县数据库,原来的改名留存;先停止服务\n' +
      "puts a backup in the place of the county's database, which is kept under\n" +
      'another name; not while the service runs',
  ],
  verify: [
    '',
    '检查文件是否完好,由登记重新计算全部分值、结余、期次,列出差异;\n' +
      '不改动数据,服务运行中也可\n' +
      'computes every stored score, balance and schedule anew from the facts and\n' +
      'says what differs; changes nothing',
  ],
  'key rotate': ['', '换新密钥重新加密个人信息 · seals personal data anew by a new key'],
  'audit verify': [
    '[--head HASH]',
    '检查审计链是否被改动;--head 查以前记下的链头是否还在\n' +
      'walks the audit trail and says what was changed; with --head, whether a\n' +
      'head that was noted earlier is still in it',
  ],
} as const
export type VerbName = keyof typeof USAGE

const NAMES = Object.keys(USAGE) as VerbName[]
const HELP = ['help', '--help', '-h']
const COLUMN = 31

/** What is typed behind `cli --`; `name` is undefined and `help` filled when help is wanted. */
export function readCommand(typed: readonly string[]) {
  if (HELP.includes(typed[0] ?? '')) return { help: usageOf(NAMES) }
  const name = NAMES.find((one) => one.split(' ').every((word, at) => typed[at] === word))
  if (!name) {
    const said = typed.length > 0 ? '没有这个命令 · unknown verb' : '没有写命令 · no verb'
    throw new WrongCommand(said, usageOf(NAMES))
  }
  const rest = typed.slice(name.split(' ').length)
  const usage = usageOf([name])
  if (rest.some((word) => HELP.slice(1).includes(word))) return { help: usage }
  try {
    return { name, ...argumentsOf(name, rest) }
  } catch (error) {
    // The first sentence says what is wrong, the others how the parser can be got round.
    const [message = ''] = (error as Error).message.split(/\.\s/)
    throw new WrongCommand(chineseFirst(error, message), usage)
  }
}

/** What Node's own parser finds wrong is said in English only. */
function chineseFirst(error: unknown, message: string): string {
  const { code } = error as { code?: string }
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `没有这个选项 · ${message}`
  return code === undefined ? message : `选项的值不对 · ${message}`
}

/** Capital letters stand for what must be there; what is in brackets may. */
function argumentsOf(name: VerbName, rest: string[]) {
  const [words] = USAGE[name]
  const known = [...words.matchAll(/--([a-z-]+)/g)].map(([, one]) => one as keyof typeof OPTIONS)
  const options = Object.fromEntries(known.map((one) => [one, OPTIONS[one]]))
  const parsed = parseArgs({ args: rest, allowPositionals: true, options })
  const flags = parsed.values as Flags
  const needed = words.replaceAll(/\[[^\]]*\]/g, '')
  const missing = known.find((one) => needed.includes(`--${one}`) && flags[one] === undefined)
  if (missing) throw new Error(`缺少 --${missing} · is required`)
  const places = needed.replaceAll(/--\S+ \S+/g, '').match(/\S+/g) ?? []
  const place = places[parsed.positionals.length]
  if (place) throw new Error(`缺少 ${place} · ${name} needs it`)
  const extra = parsed.positionals[places.length]
  if (extra !== undefined)
    throw new Error(`不知道 '${extra}' 是什么 · nothing is known to do with it`)
  return { flags, words: parsed.positionals }
}

/** The verbs, the words behind them, and what they do, the latter beneath each other. */
export function usageOf(names: readonly VerbName[]): string {
  const lines = names.map((name) => {
    const [words, tells] = USAGE[name]
    const begin = `  ${name} ${words}`.trimEnd()
    const [first = '', ...more] = tells.split('\n')
    const fits = begin.length < COLUMN
    const told = [
      fits ? `${begin.padEnd(COLUMN)}${first}` : begin,
      ...(fits ? [] : [first]),
      ...more,
    ]
    return told.map((line, at) => (at === 0 ? line : ' '.repeat(COLUMN) + line)).join('\n')
  })
  return ['用法 · usage: npm run cli -- <verb>', ...lines].join('\n')
}
