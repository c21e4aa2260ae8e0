/**
 * Killing the process in the middle of a night and starting it again ends with the same scores as an
 * undisturbed night: real processes, one file and its copy.
 */
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SERVICE } from '../../src/access/caller.ts'
import { putRecipients } from '../../src/alerts/alert-recipients.ts'
import { contractFact } from '../../src/contracts/contract.ts'
import { recordFact } from '../../src/facts/record-fact.ts'
import { nightsOf } from '../../src/nightly/nights.ts'
import { nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import { operatorFact } from '../../src/operators/operator.ts'
import { recordPayment } from '../../src/payments/record-payment.ts'
import type { Writer } from '../../src/platform/database/database.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { folderMailer } from '../../src/platform/mail/mail-folder.ts'
import { refreshRisks } from '../../src/risk/refresh-risks.ts'

const folder = mkdtempSync(join(tmpdir(), 'killed-'))
const [undisturbed, killed] = [join(folder, 'undisturbed.db'), join(folder, 'killed.db')]
const LAST_NIGHT = '2025-03-01'
const [MISSED, TONIGHT] = ['2025-03-02', '2025-03-03'] as const
/** More than are kept together, so that a night can be killed in between: one of each a day. */
const OPERATORS = 305
const CONTRACTS_PER_DAY = OPERATORS

beforeAll(async () => {
  await buildCounty(undisturbed)
  copyFileSync(undisturbed, killed)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** On either day another half of the contracts falls a year further behind. */
async function buildCounty(file: string): Promise<void> {
  const clock = { now: () => new Date(`${LAST_NIGHT}T01:00:00Z`), timeZone: 'Asia/Shanghai' }
  const db = openSqlite(file, clock)
  await db.transaction(async (tx) => {
    const duty = { email: 'duty@example.org', name: '值班室', active: true }
    await putRecipients(tx, SERVICE, [{ ...duty, regionCode: '519901' }], '519901')
    const operators: string[] = []
    for (let i = 0; i < OPERATORS; i++) {
      const body = { name: `业主${i}`, kind: 'company' as const }
      operators.push((await recordFact(tx, SERVICE, operatorFact, body)).row.id)
    }
    for (let i = 0; i < 2 * CONTRACTS_PER_DAY; i++) {
      const body = contractFact.body.parse({
        operatorId: operators[i % OPERATORS],
        villageCode: `5199011${String(i % 20).padStart(2, '0')}201`,
        lessor: { kind: 'village_collective', households: i % 40 },
        landUse: 'late_citrus',
        startOn: '2020-01-01',
        endOn: '2029-12-31',
        rent: {
          lines: [{ areaMu: 10, fenPerMu: 60_000 + i }],
          firstDueOn: `2020-03-0${1 + (i % 2)}`,
        },
      })
      const { row } = await recordFact(tx, SERVICE, contractFact, body)
      const paid = { amountFen: (1 + (i % 4)) * 600_000, paidOn: '2024-12-01' }
      await recordPayment(tx, SERVICE, row.id, paid)
    }
  })
  const sender = { name: '监测', address: 'monitor@localhost' }
  const mailer = folderMailer(join(folder, 'outbox'), sender)
  const place = { code: '519901', name: '示范县' }
  const work = nightWorkOf({ db, place, jobs: nightJobsOn(db.read) })
  const refreshed = (tx: Writer) => refreshRisks(tx, () => undefined)
  await nightsOf({ db, clock, mailer, refreshRisks: refreshed, work }).run(LAST_NIGHT)
  await db.close()
}

const program = resolve(import.meta.dirname, '../support/county-process.ts')
const starting = (file: string, pauseMs: number) => [
  '--import',
  'tsx',
  program,
  file,
  `${TONIGHT}T01:00:00Z`,
  'nights',
  String(pauseMs),
]
function runToTheEnd(file: string): void {
  const { status, stderr } = spawnSync(process.execPath, starting(file, 0), { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
}

function query(file: string, text: string, ...values: string[]): unknown[] {
  const db = new Sqlite(file, { readonly: true })
  try {
    return db.prepare(text).all(...values)
  } finally {
    db.close()
  }
}
const changesOf = (file: string, day: string) =>
  query(file, 'select contract_id from score_changes where as_of = ?', day).length
const statusOf = (file: string, day: string) =>
  query(file, 'select status from runs where as_of = ?', day)

/** Starts the service and kills it when the night of `day` has kept its first batch. */
async function killInTheNightOf(day: string): Promise<void> {
  const child = spawn(process.execPath, starting(killed, 400), { stdio: 'inherit' })
  const ended = new Promise<NodeJS.Signals | null>((done) => child.on('exit', (_, by) => done(by)))
  while (child.exitCode === null && changesOf(killed, day) === 0)
    await new Promise((wait) => setTimeout(wait, 20))
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  const kept = changesOf(killed, day)
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(CONTRACTS_PER_DAY)
  expect(statusOf(killed, day)).toEqual([{ status: 'running' }])
}

/** All that nights have stored, without the instants. */
function stored(file: string) {
  const columns = query(file, `select name from pragma_table_info('risks')`) as { name: string }[]
  const risk = columns.flatMap(({ name }) => (name === 'known_at' ? [] : [name])).join()
  return {
    risks: query(file, `select ${risk} from risks order by contract_id`),
    changes: query(file, 'select * from score_changes order by contract_id, as_of'),
    cases: query(
      file,
      'select number, operator_id, township_code, state, level, version from cases order by number',
    ),
    events: query(
      file,
      'select kind, as_of, count(*) from case_events group by kind, as_of order by as_of, kind',
    ),
    mail: query(
      file,
      'select as_of, email, message_id, subject, state from alerts order by as_of, email',
    ),
    runs: query(file, 'select as_of, status, policy, counts, failures from runs order by as_of'),
  }
}

it('killed in two nights, and started again, it has stored what it would have', async () => {
  runToTheEnd(undisturbed)
  for (const day of [MISSED, TONIGHT]) expect(changesOf(undisturbed, day)).toBe(CONTRACTS_PER_DAY)
  expect(stored(killed)).not.toEqual(stored(undisturbed))

  await killInTheNightOf(MISSED)
  expect(statusOf(killed, TONIGHT)).toEqual([])
  await killInTheNightOf(TONIGHT)
  expect(statusOf(killed, MISSED)).toEqual([{ status: 'completed' }])
  runToTheEnd(killed)

  const [found, expected] = [stored(killed), stored(undisturbed)]
  expect(expected.risks).toHaveLength(2 * CONTRACTS_PER_DAY)
  expect(expected.runs).toHaveLength(3)
  expect(found.runs).toEqual(expected.runs)
  expect(found.changes).toEqual(expected.changes)
  expect(found.risks).toEqual(expected.risks)
  expect(expected.cases.length).toBeGreaterThan(0)
  expect(found.cases).toEqual(expected.cases)
  expect(found.events).toEqual(expected.events)
  expect(expected.mail).toHaveLength(2)
  expect(found.mail).toEqual(expected.mail)
})
