import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { type AuditEntry, audit } from './access/audit-trail.ts'
import { printAuditCheck, verifyAudit } from './access/audit-verify.ts'
import { COMMAND_LINE } from './access/caller.ts'
import { sendOutbox, unsentAlerts } from './alerts/send-outbox.ts'
import { ACCOUNT_USAGE, ACCOUNT_VERBS } from './cli/account-verbs.ts'
import { OPTIONS, print, type Verb, WrongCommand } from './cli/verb.ts'
import { verify } from './cli/verify.ts'
import { readConfig, WrongSetting } from './config.ts'
import { isDay } from './domain/calendar-day.ts'
import { Refusal } from './errors.ts'
import { markedFile } from './imports/import-file.ts'
import { savedColumns } from './imports/import-mappings.ts'
import { printImport } from './imports/import-printout.ts'
import { IMPORT_LEDGERS, isImportLedger } from './imports/import-row.ts'
import { runImport } from './imports/run-import.ts'
import { openService } from './open-service.ts'
import { businessDay } from './platform/business-day.ts'
import type { Database } from './platform/database/database.ts'
import { backUpSqlite } from './platform/database/open-sqlite.ts'
import { rotateKeys } from './platform/database/rotate-keys.ts'
import { createLogger, tellError } from './platform/log/logger.ts'

const USAGE = `usage: npm run cli -- <verb>
${ACCOUNT_USAGE}
  night [--as-of YYYY-MM-DD]   runs the night of a day, today's without --as-of
  alerts send                  sends all waiting messages now
  import LEDGER FILE [--dry-run] [--mapping NAME] [--result FILE]
                               takes a spreadsheet in; LEDGER: ${IMPORT_LEDGERS.join(' ')}
  backup FILE                  copies the county's database, in use or not, to a new file
  verify                       computes every stored score, balance and schedule anew from the facts
                               and says what differs; changes nothing, also while the service runs
  key rotate                   seals personal data anew by a new key, also while the service runs
  audit verify [--head HASH]   walks the audit trail and says what was changed in it; with --head,
                               whether a head that was noted earlier is still in it`

const VERBS: Record<string, Verb> = {
  ...ACCOUNT_VERBS,
  night: async ({ db, nights, clock }, flags) => {
    const today = businessDay(clock.now(), clock.timeZone)
    const asOf = flags['as-of'] ?? today
    if (!isDay(asOf) || asOf > today)
      throw new WrongCommand(`--as-of must be a day YYYY-MM-DD, not after ${today}`)
    const run = await nights.run(asOf)
    await note(db, { action: 'run', subject: 'runs', subjectId: asOf })
    print(JSON.stringify(run, null, 2))
  },
  'alerts send': async (service, _flags, _rest, { SMTP_URL }) => {
    const since = service.clock.now().toISOString()
    const { sent, waiting, failed, trouble } = await sendOutbox(service, { all: true })
    const detail = { counts: { sent, waiting, failed } }
    await note(service.db, { action: 'send-mail', subject: 'alerts', detail })
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
    await note(service.db, { action: 'hand-back', subject: 'imports', subjectId: id })
    await pipeline(markedFile(service.db.read, id), createWriteStream(result))
    print(`带导入结果的文件: ${result}`)
  },
  backup: async ({ db }, _flags, [file], { databasePath }) => {
    if (file === undefined) throw new WrongCommand('backup needs the file to write')
    if (existsSync(file)) throw new WrongCommand('the file exists; name a new one')
    await backUpSqlite(databasePath, file)
    await note(db, { action: 'back-up', subject: 'database' })
    print(`backed up to ${file}`)
  },
  verify,
  'key rotate': async ({ db }) => {
    const { values, files } = await rotateKeys(db)
    const detail = { counts: { values, files } }
    await note(db, { action: 'rotate-key', subject: 'database', detail })
    print(`sealed anew: ${values} operators, ${files} files`)
    if (db.read.keys.isGiven) print(DROP_OTHERS)
    else print(`keep a copy of ${db.read.keys.place}, apart from the backups`)
  },
  'audit verify': async ({ db }, { head }) => {
    const isWhole = printAuditCheck(await verifyAudit(db.read, head), print)
    if (!isWhole) process.exitCode = 1
  },
}

const note = (db: Database, entry: AuditEntry) =>
  db.transaction((tx) => audit(tx, { caller: COMMAND_LINE }, entry))

const DROP_OTHERS =
  'DATA_KEY: everything is sealed by its first key; the others, and the key file, can be dropped'

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS })
  const words = ['token', 'user', 'alerts', 'key', 'audit'].includes(positionals[0] ?? '') ? 2 : 1
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

// What the commands write is its owner's: the database, backups, marked files.
process.umask(0o077)
main().catch((error: unknown) => {
  const wrong =
    error instanceof WrongCommand || (error as { code?: string }).code?.startsWith('ERR_PARSE')
  const known = error instanceof WrongSetting || error instanceof Refusal
  const message = error instanceof Refusal ? error.words.zh : (error as Error).message
  process.stderr.write(`${wrong ? `${message}\n${USAGE}` : known ? message : tellError(error)}\n`)
  process.exitCode = 1
})
