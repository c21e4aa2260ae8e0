import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { COMMAND_LINE } from './access/caller.ts'
import { ROLES } from './access/permissions.ts'
import { addToken, listTokens, revokeToken } from './access/token-store.ts'
import { sendOutbox, unsentAlerts } from './alerts/send-outbox.ts'
import { type Config, readConfig, WrongSetting } from './config.ts'
import { isDay } from './domain/calendar-day.ts'
import { Refusal } from './errors.ts'
import { markedFile } from './imports/import-file.ts'
import { savedColumns } from './imports/import-mappings.ts'
import { printImport } from './imports/import-printout.ts'
import { IMPORT_LEDGERS, isImportLedger } from './imports/import-row.ts'
import { runImport } from './imports/run-import.ts'
import { openService } from './open-service.ts'
import { businessDay } from './platform/business-day.ts'
import { backUpSqlite } from './platform/database/open-sqlite.ts'
import { createLogger } from './platform/log/logger.ts'

const USAGE = `usage: npm run cli -- <verb>
  token add --label L --role ${ROLES.join('|')} [--region CODE]   prints the token on the last line
  token list
  token revoke ID
  night [--as-of YYYY-MM-DD]   runs the night of a day, today's without --as-of
  alerts send                  sends all waiting messages now
  import LEDGER FILE [--dry-run] [--mapping NAME] [--result FILE]
                               takes a spreadsheet in; LEDGER: ${IMPORT_LEDGERS.join(' ')}
  backup FILE                  copies the county's database, in use or not, to a new file`

type Service = Awaited<ReturnType<typeof openService>>
type Flags = Partial<
  Record<'label' | 'role' | 'region' | 'as-of' | 'mapping' | 'result', string> & {
    'dry-run': boolean
  }
>

class WrongCommand extends Error {}
const print = (line: string) => process.stdout.write(`${line}\n`)

type Verb = (service: Service, flags: Flags, rest: string[], config: Config) => Promise<void>

const VERBS: Record<string, Verb> = {
  'token add': async ({ db }, { label, role, region }) => {
    if (!label?.trim()) throw new WrongCommand('--label is required')
    const known = ROLES.find((one) => one === role)
    if (known === undefined) throw new WrongCommand(`--role must be one of ${ROLES.join(', ')}`)
    if (region !== undefined && !/^(\d{6}|\d{9}|\d{12})$/.test(region))
      throw new WrongCommand('--region must have 6, 9 or 12 digits')
    const wish = { label, role: known, regionCode: region }
    print(await db.transaction((tx) => addToken(tx, wish)))
  },
  'token list': async ({ db }) => {
    for (const token of await listTokens(db.read)) {
      const { id, label, role, regionCode, createdAt, revokedAt } = token
      const ended = revokedAt === null ? '' : `  revoked ${revokedAt}`
      print(`${id}  ${role}  ${regionCode ?? '-'}  ${createdAt}  ${label}${ended}`)
    }
  },
  'token revoke': async ({ db }, _flags, [id]) => {
    if (id === undefined) throw new WrongCommand('token revoke needs the id of a token')
    await db.transaction((tx) => revokeToken(tx, id))
    print(`revoked ${id}`)
  },
  night: async ({ nights, clock }, flags) => {
    const today = businessDay(clock.now(), clock.timeZone)
    const asOf = flags['as-of'] ?? today
    if (!isDay(asOf) || asOf > today)
      throw new WrongCommand(`--as-of must be a day YYYY-MM-DD, not after ${today}`)
    print(JSON.stringify(await nights.run(asOf), null, 2))
  },
  'alerts send': async (service, _flags, _rest, { SMTP_URL }) => {
    const since = service.clock.now().toISOString()
    const { sent, waiting, failed, trouble } = await sendOutbox(service, { all: true })
    print(`sent ${sent}, waiting ${waiting}, failed ${failed}`)
    for (const { state, asOf, email, problem } of await unsentAlerts(service.db.read, since))
      print(`${state === 'failed' ? 'failed ' : 'waiting'}  ${asOf}  ${email}  ${problem ?? '-'}`)
    if (trouble === undefined) return
    const setting = SMTP_URL === undefined ? 'OUTBOX_DIR' : 'SMTP_URL'
    throw new WrongSetting(`${setting}: no mail can be sent now (${trouble}); what waits is kept`)
  },
  import: async (service, flags, [ledger, file]) => {
    if (!isImportLedger(ledger))
      throw new WrongCommand(`import needs a ledger: ${IMPORT_LEDGERS.join(', ')}`)
    if (file === undefined) throw new WrongCommand('import needs the file to read')
    if (!existsSync(file)) throw new WrongCommand(`there is no file ${file}`)
    const { mapping, result, 'dry-run': dryRun = false } = flags
    if (result !== undefined && existsSync(result))
      throw new WrongCommand('the file of --result exists; name a new one')
    const columns = await savedColumns(service.db.read, COMMAND_LINE, ledger, mapping)
    const content = readFileSync(file)
    const wish = { ledger, fileName: basename(file), content, dryRun, ...(columns && { columns }) }
    const id = await runImport(service, COMMAND_LINE, wish)
    await printImport(service.db.read, id, print)
    if (result === undefined) return
    await pipeline(markedFile(service.db.read, id), createWriteStream(result))
    print(`带导入结果的文件: ${result}`)
  },
  backup: async (_service, _flags, [file], { databasePath }) => {
    if (file === undefined) throw new WrongCommand('backup needs the file to write')
    if (existsSync(file)) throw new WrongCommand('the file exists; name a new one')
    await backUpSqlite(databasePath, file)
    print(`backed up to ${file}`)
  },
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      label: { type: 'string' },
      role: { type: 'string' },
      region: { type: 'string' },
      'as-of': { type: 'string' },
      mapping: { type: 'string' },
      result: { type: 'string' },
      'dry-run': { type: 'boolean' },
    },
  })
  const words = ['token', 'alerts'].includes(positionals[0] ?? '') ? 2 : 1
  const verb = VERBS[positionals.slice(0, words).join(' ')]
  if (!verb) throw new WrongCommand('unknown verb')
  const config = readConfig()
  const service = await openService(config, createLogger('silent'))
  try {
    await verb(service, values, positionals.slice(words), config)
  } finally {
    await service.close()
  }
}

main().catch((error: unknown) => {
  const wrong =
    error instanceof WrongCommand || (error as { code?: string }).code?.startsWith('ERR_PARSE')
  const known = error instanceof WrongSetting || error instanceof Refusal
  const { stack } = error as Error
  const message = error instanceof Refusal ? error.words.zh : (error as Error).message
  process.stderr.write(`${wrong ? `${message}\n${USAGE}` : known ? message : stack}\n`)
  process.exitCode = 1
})
