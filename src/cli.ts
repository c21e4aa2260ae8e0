import { createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type AuditEntry, audit } from './access/audit-trail.ts'
import { printAuditCheck, verifyAudit } from './access/audit-verify.ts'
import { COMMAND_LINE } from './access/caller.ts'
import { sendOutbox, unsentAlerts } from './alerts/send-outbox.ts'
import { ACCOUNT_VERBS } from './cli/account-verbs.ts'
import { contentOfNamed, refuseUnlessNew } from './cli/named-files.ts'
import { isNothing, takingAway } from './cli/new-county.ts'
import { restore } from './cli/restore.ts'
import { readCommand, type VerbName } from './cli/usage.ts'
import { print, type Verb, WrongCommand } from './cli/verb.ts'
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
import { lastInstant } from './platform/database/ledger-clock.ts'
import { backUpSqlite } from './platform/database/open-sqlite.ts'
import { rotateKeys } from './platform/database/rotate-keys.ts'
import { createLogger, tellError } from './platform/log/logger.ts'
import { systemTrouble } from './platform/system-trouble.ts'

const VERBS: Record<Exclude<VerbName, 'restore'>, Verb> = {
  ...ACCOUNT_VERBS,
  night: async ({ db, nights, clock }, flags) => {
    const today = businessDay(clock.now(), clock.timeZone)
    const asOf = flags['as-of'] ?? today
    if (!isDay(asOf) || asOf > today)
      throw new WrongCommand(
        `--as-of 须为日期,不晚于 ${today} · must be a day YYYY-MM-DD, no later`,
      )
    const run = await nights.run(asOf)
    await note(db, { action: 'run', subject: 'runs', subjectId: asOf })
    print(JSON.stringify(run, null, 2))
  },
  'alerts send': async (service, _flags, _rest, { SMTP_URL }) => {
    const since = service.clock.now().toISOString()
    const { sent, waiting, failed, trouble } = await sendOutbox(service, { all: true })
    const detail = { counts: { sent, waiting, failed } }
    await note(service.db, { action: 'send-mail', subject: 'alerts', detail })
    print(
      `已发 ${sent},等待 ${waiting},失败 ${failed} · ` +
        `sent ${sent}, waiting ${waiting}, failed ${failed}`,
    )
    for (const { state, asOf, email, problem } of await unsentAlerts(service.db.read, since))
      print(`${UNSENT[state]}  ${asOf}  ${email}  ${problem ?? '-'}`)
    if (trouble === undefined) return
    const setting = SMTP_URL === undefined ? 'OUTBOX_DIR' : 'SMTP_URL'
    throw new WrongSetting(
      `${setting}: 现在发不出邮件(${trouble}),等待的都留着 · no mail can be sent now; what waits is kept`,
    )
  },
  import: async (service, flags, [ledger, file = '']) => {
    if (!isImportLedger(ledger))
      throw new WrongCommand(`import 须写明台账 · needs a ledger: ${IMPORT_LEDGERS.join(', ')}`)
    const { mapping, result, 'dry-run': dryRun = false } = flags
    const content = contentOfNamed(file)
    if (result !== undefined) refuseUnlessNew(result)
    const columns = await savedColumns(service.db.read, COMMAND_LINE, ledger, mapping)
    const wish = { ledger, fileName: basename(file), content, dryRun, ...(columns && { columns }) }
    const id = await runImport(service, COMMAND_LINE, wish)
    await printImport(service.db.read, id, print)
    if (result === undefined) return
    await note(service.db, { action: 'hand-back', subject: 'imports', subjectId: id })
    await pipeline(markedFile(service.db.read, id), createWriteStream(result))
    print(`带导入结果的文件 · the file with its outcome: ${result}`)
  },
  backup: async ({ db }, _flags, [file = ''], { databasePath }) => {
    refuseUnlessNew(file)
    await backUpSqlite(databasePath, file)
    await note(db, { action: 'back-up', subject: 'database' })
    print(`已备份到 · backed up to ${file}`)
  },
  verify,
  'key rotate': async ({ db }) => {
    const { values, files } = await rotateKeys(db)
    const detail = { counts: { values, files } }
    await note(db, { action: 'rotate-key', subject: 'database', detail })
    print(
      `已重新加密:业主 ${values} 个,文件 ${files} 个 · ` +
        `sealed anew: ${values} operators, ${files} files`,
    )
    if (db.read.keys.isGiven) print(DROP_OTHERS)
    else print(`请另存一份,与备份分开 · keep a copy apart from the backups: ${db.read.keys.place}`)
  },
  'audit verify': async ({ db }, { head }) => {
    const isWhole = printAuditCheck(await verifyAudit(db.read, head), print)
    if (!isWhole) process.exitCode = 1
  },
}

const UNSENT: Record<string, string> = { failed: '失败 failed ', queued: '等待 waiting' }

const note = (db: Database, entry: AuditEntry) =>
  db.transaction((tx) => audit(tx, { caller: COMMAND_LINE }, entry))

const DROP_OTHERS =
  'DATA_KEY: 全部已用第一个密钥加密,其余的和密钥文件可以去掉 · ' +
  'everything is sealed by its first key; the others, and the key file, can be dropped'

/** What a new county is begun with; everything else is asked of one that is there. */
const BEGINS: readonly VerbName[] = ['token add', 'user add', 'import']

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2))
  if (command.help !== undefined) return void print(command.help)
  const { name, flags, words } = command
  const config = readConfig()
  if (name === 'restore') return restore(words[0] ?? '', config)
  const { databasePath } = config
  const isNew = isNothing(databasePath)
  if (isNew && !BEGINS.includes(name))
    throw new WrongSetting(`DATABASE_URL: ${databasePath} 没有县数据库 · there is no county yet`)
  const takeAway = takingAway(databasePath)
  const service = await openService(config, createLogger('silent'))
  try {
    await VERBS[name](service, flags, words, config)
  } finally {
    const isUnused = isNew && (await lastInstant(service.db.read)) === undefined
    await service.close()
    if (isUnused) takeAway()
  }
  if (isNew) process.stderr.write(`新建了县数据库 · a new county was begun: ${databasePath}\n`)
}

function wordsOf(error: unknown): string {
  if (error instanceof WrongCommand) return [error.message, error.usage].filter(Boolean).join('\n')
  if (error instanceof WrongSetting) return error.message
  if (error instanceof Refusal) return `${error.words.zh} · ${error.words.en}`
  return systemTrouble(error)?.message ?? tellError(error)
}

// What the commands write is its owner's: the database, backups, marked files.
process.umask(0o077)
// Whoever read along (head, less) may end first: what was begun is done all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
main().catch((error: unknown) => {
  process.stderr.write(`${wordsOf(error)}\n`)
  process.exitCode = 1
})
