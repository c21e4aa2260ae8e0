import { parseArgs } from 'node:util'
import { ROLES } from '../access/permissions.ts'
import { IMPORT_LEDGERS } from '../imports/import-row.ts'
import { type Flags, OPTIONS, WrongCommand } from './verb.ts'

/** Of each verb: what follows it, as it is read (see below), and what it does. */
export const USAGE = {
  'token add': [
    '--label L --role R [--region CODE] [--expires YYYY-MM-DD]',
    `prints the token on the last line; R: ${ROLES.join(', ')}`,
  ],
  'token list': ['', ''],
  'token revoke': ['ID', ''],
  'user add': [
    '--username U --label L --role R [--region CODE] [--generate]',
    'asks for the password, or reads it from stdin; --generate makes one\n' +
      'and prints it on the last line',
  ],
  'user list': ['', ''],
  'user password': ['U [--generate]', "sets a new one and ends the user's sessions"],
  'user disable': ['U', ''],
  'user enable': ['U', ''],
  'user unlock': ['U', ''],
  night: ['[--as-of YYYY-MM-DD]', "runs the night of a day, today's without --as-of"],
  'alerts send': ['', 'sends all waiting messages now'],
  import: [
    'LEDGER FILE [--dry-run] [--mapping NAME] [--result FILE]',
    `takes a spreadsheet in; LEDGER: ${IMPORT_LEDGERS.join(' ')}`,
  ],
  backup: ['FILE', "copies the county's database, in use or not, to a new file"],
  restore: [
    'FILE',
    "puts a backup in the place of the county's database, which is kept under\n" +
      'another name; not while the service runs',
  ],
  verify: [
    '',
    'looks whether the file is sound, computes every stored score, balance and\n' +
      'schedule anew from the facts and says what differs; changes nothing,\n' +
      'also while the service runs',
  ],
  'key rotate': ['', 'seals personal data anew by a new key, also while the service runs'],
  'audit verify': [
    '[--head HASH]',
    'walks the audit trail and says what was changed in it; with --head,\n' +
      'whether a head that was noted earlier is still in it',
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
  if (!name) throw new WrongCommand(`${typed.length > 0 ? 'unknown' : 'no'} verb`, usageOf(NAMES))
  const rest = typed.slice(name.split(' ').length)
  const usage = usageOf([name])
  if (rest.some((word) => HELP.slice(1).includes(word))) return { help: usage }
  try {
    return { name, ...argumentsOf(name, rest) }
  } catch (error) {
    // The first sentence says what is wrong, the others how the parser can be got round.
    const [message = ''] = (error as Error).message.split(/\.\s/)
    throw new WrongCommand(message, usage)
  }
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
  if (missing) throw new Error(`--${missing} is required`)
  const places = needed.replaceAll(/--\S+ \S+/g, '').match(/\S+/g) ?? []
  const place = places[parsed.positionals.length]
  if (place) throw new Error(`${name} needs ${place}`)
  const extra = parsed.positionals[places.length]
  if (extra !== undefined) throw new Error(`nothing is known to do with '${extra}'`)
  return { flags, words: parsed.positionals }
}

/** The verbs, the words behind them, and what they do, the latter beneath each other. */
export function usageOf(names: readonly VerbName[]): string {
  const lines = names.map((name) => {
    const [words, tells] = USAGE[name]
    const begin = `  ${name} ${words}`.trimEnd()
    if (tells === '') return begin
    const [first = '', ...more] = tells.split('\n')
    const fits = begin.length < COLUMN
    const told = [
      fits ? `${begin.padEnd(COLUMN)}${first}` : begin,
      ...(fits ? [] : [first]),
      ...more,
    ]
    return told.map((line, at) => (at === 0 ? line : ' '.repeat(COLUMN) + line)).join('\n')
  })
  return ['usage: npm run cli -- <verb>', ...lines].join('\n')
}
