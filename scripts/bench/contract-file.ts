import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SERVICE } from '../../src/access/caller.ts'
import { contractFact } from '../../src/contracts/contract.ts'
import { ledgerFile } from '../../src/exports/ledger-file.ts'
import { rowOf } from '../../src/facts/fact-rows.ts'
import { openSqlite } from '../../src/platform/database/open-sqlite.ts'
import { countyJobsHere } from '../../src/risk/county-jobs.ts'
import { randomOf } from '../demo-county/random.ts'
import { AS_OF, FOLDER, NOW, TIME_ZONE } from './bench-county.ts'
import { type BulkLedger, openBulkLedger } from './bulk-ledger.ts'
import { contractBody, drawTerms } from './contract-plan.ts'
import { recordRegions } from './generate-county.ts'

const OPERATORS = 2500
const COUNTY = { code: '519901', name: '测算县' }

/** A county that knows its villages and nothing else yet: what contracts are imported into. */
export async function emptyCounty(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  const ledger = openBulkLedger(path)
  recordRegions(ledger)
  await ledger.close()
}

/** The transfer ledger of an invented county, as this service exports it. */
export async function contractFile(path: string, contracts: number): Promise<void> {
  const county = `${FOLDER}/exported.db`
  for (const suffix of ['', '-wal', '-shm']) rmSync(county + suffix, { force: true })
  const ledger = openBulkLedger(county)
  recordRegions(ledger)
  recordContracts(ledger, contracts)
  await ledger.close()
  const db = openSqlite(county, { now: () => new Date(NOW), timeZone: TIME_ZONE })
  const { content } = await ledgerFile(
    { db: db.read, county: countyJobsHere(db.read) },
    {
      ...{
        ledger: 'contracts',
        asOf: AS_OF,
        knownAt: NOW,
        region: undefined,
        pinned: true,
        revealed: false,
      },
      ...{ charset: undefined, county: COUNTY, caller: SERVICE },
    },
  )
  await pipeline(Readable.from(content), createWriteStream(`${path}.unfinished`))
  await db.close()
  renameSync(`${path}.unfinished`, path)
}

function recordContracts(ledger: BulkLedger, contracts: number): void {
  const random = randomOf('bench/files')
  const rest = { kind: 'cooperative', uscc: null, representative: null, phone: null }
  const operators = Array.from({ length: OPERATORS }, (_, at) => {
    const name = `第${at + 1}号种植专业合作社`
    return ledger.fact('parties', AS_OF, 'operators', { name, ...rest }).id
  })
  for (const [at, term] of drawTerms(contracts).entries()) {
    const body = contractFact.body.parse(contractBody(random, at + 1, term, random.pick(operators)))
    ledger.fact('contracts', AS_OF, 'contracts', rowOf(ledger.read, contractFact, body))
  }
}
