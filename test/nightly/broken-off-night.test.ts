/**
 * A night that breaks off between two of its transactions, and is run again, leaves what one that
 * was not disturbed leaves: the same numbers of cases, everything found and told once.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SERVICE } from '../../src/access/caller.ts'
import { putRecipients } from '../../src/alerts/alert-recipients.ts'
import { contractFact } from '../../src/contracts/contract.ts'
import { recordFact } from '../../src/facts/record-fact.ts'
import { nightsOf } from '../../src/nightly/nights.ts'
import { nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import { operatorFact } from '../../src/operators/operator.ts'
import type { Database, Writer } from '../../src/platform/database/database.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { folderMailer } from '../../src/platform/mail/mail-folder.ts'
import { putRegion } from '../../src/regions/put-region.ts'
import { refreshRisks } from '../../src/risk/refresh-risks.ts'

const folder = mkdtempSync(join(tmpdir(), 'broken-off-'))
const [LAST_NIGHT, TONIGHT] = ['2025-03-01', '2025-03-02'] as const
/** More than some transactions open cases for, and one keeps the scores of. */
const OPERATORS = 510
/** More than one transaction queues messages to; some of them of the whole county. */
const RECIPIENTS = 55
const untouched = join(folder, 'untouched.db')
const undisturbed = join(folder, 'undisturbed.db')
let transactions = 0

const townshipOf = (i: number) => `5199011${String(i % 20).padStart(2, '0')}`

const clockAt = (day: string) => ({
  now: () => new Date(`${day}T01:00:00Z`),
  timeZone: 'Asia/Shanghai',
})

beforeAll(async () => {
  const db = openSqlite(untouched, clockAt(LAST_NIGHT))
  await db.transaction(async (tx) => {
    const items = Array.from({ length: RECIPIENTS }, (_, i) => ({
      ...{ email: `duty${i}@example.org`, name: `值班${i}` },
      ...{ regionCode: i < 5 ? '519901' : townshipOf(0), active: true },
    }))
    await putRegion(tx, SERVICE, townshipOf(0), { name: '青溪镇' }, '519901')
    await putRecipients(tx, SERVICE, items, '519901')
    for (let i = 0; i < OPERATORS; i++) {
      const kind = 'company' as const
      const { row } = await recordFact(tx, SERVICE, operatorFact, { name: `业主${i}`, kind })
      // Owed since this morning, some for the second time; the next quarter falls due soon.
      const body = contractFact.body.parse({
        operatorId: row.id,
        villageCode: `${townshipOf(i)}201`,
        lessor: { kind: 'village_collective', households: 120 },
        landUse: 'late_citrus',
        startOn: i % 3 === 0 ? '2023-03-01' : '2024-03-01',
        endOn: '2029-12-31',
        rent: { lines: [{ areaMu: 10 + (i % 7), fenPerMu: 60_000 }], firstDueOn: '2025-03-01' },
      })
      await recordFact(tx, SERVICE, contractFact, body)
    }
  })
  await nightOf(db, LAST_NIGHT)
  await db.close()
  copyFileSync(untouched, undisturbed)
  const counted = breakingOff(openSqlite(undisturbed, clockAt(TONIGHT)), Number.POSITIVE_INFINITY)
  await nightOf(counted, TONIGHT)
  transactions = counted.count()
  await counted.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

function nightOf(db: Database, day: string) {
  const sender = { name: '监测', address: 'monitor@localhost' }
  const mailer = folderMailer(join(folder, 'outbox'), sender)
  const place = { code: '519901', name: '示范县' }
  const work = nightWorkOf({ db, place, jobs: nightJobsOn(db.read) })
  const refreshed = (tx: Writer) => refreshRisks(tx, () => undefined)
  return nightsOf({ db, clock: clockAt(day), mailer, refreshRisks: refreshed, work }).run(day)
}

/** A database whose transaction number `at`, from 0, fails once. */
function breakingOff(db: Database, at: number) {
  let count = 0
  return {
    ...db,
    count: () => count,
    transaction: ((work) => {
      if (count++ === at) throw new Error('broken off')
      return db.transaction((tx) => {
        // As many transactions as there can be, however long each of them takes.
        tx.isAwaited = () => true
        return work(tx)
      })
    }) as Database['transaction'],
  }
}

/** All that the night has left, without ids and instants. */
function left(file: string) {
  const db = new Sqlite(file, { readonly: true })
  const all = (query: string) => db.prepare(query).all()
  const found = {
    cases: all('select number, operator_id, township_code, level, version from cases order by 1'),
    events: all(`select number, kind, as_of, detail from case_events e
      join cases c on c.id = e.case_id where kind <> 'told' order by 1, e.id`),
    findings: all('select key, as_of from night_findings order by key'),
    alerts: all('select as_of, email, subject, text, changes, state from alerts order by 1, 2'),
    runs: all('select as_of, status, counts from runs order by 1'),
  }
  db.close()
  return found
}

it('has something to break off in', () => {
  const { cases, findings, alerts } = left(undisturbed)
  expect(cases).toHaveLength(OPERATORS)
  expect(findings.length).toBeGreaterThan(0)
  expect(alerts).toHaveLength(2 * RECIPIENTS)
  expect(transactions).toBeGreaterThan(2 * RECIPIENTS + 10)
})

/** Queues the rest of the messages and completes the run; number 0 begins it. */
const COMPLETING = 20
const EACH = Array.from({ length: COMPLETING }, (_, at) => at + 1)
it.each(EACH)('broken off before transaction %i', async (at) => {
  const file = join(folder, `broken-${at}.db`)
  copyFileSync(untouched, file)
  const db = openSqlite(file, clockAt(TONIGHT))
  const broken = breakingOff(db, at)
  await expect(nightOf(broken, TONIGHT)).rejects.toThrow('broken off')
  expect(left(file)).not.toEqual(left(undisturbed))
  const isQueued = left(file).alerts.length > RECIPIENTS
  expect(isQueued).toBe(at === COMPLETING)
  await nightOf(db, TONIGHT)
  await db.close()
  expect(left(file)).toEqual(left(undisturbed))
})
