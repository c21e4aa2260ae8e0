import { renameSync, rmSync } from 'node:fs'
import { contractFact } from '../../src/contracts/contract.ts'
import { rentSchedule } from '../../src/domain/rent-schedule.ts'
import { rowOf } from '../../src/facts/fact-rows.ts'
import { randomOf } from '../demo-county/random.ts'
import { type BulkLedger, openBulkLedger } from './bulk-ledger.ts'
import { contractBody, drawTerms, villageCodes } from './contract-plan.ts'
import { recordSigns, type SignedContract } from './county-signs.ts'
import { PaymentColumns } from './payment-columns.ts'
import { planPayments } from './payment-plan.ts'

const LEDGER_STARTS_ON = '2010-01-01'
/** As in the demo county: 1,300 operators have 2,400 contracts. */
const OPERATORS_PER_1000 = 540
const STANDS = { withdrawn: false, changeReason: null }
/** Few operators have many contracts, most have one. */
const SKEW = 1.5
/** Spreads those with many over the order of ids; shares no factor with a count below it. */
const SPREAD = 1_000_003

/** Writes a county of invented rows into the file at `path`, as the service would have stored it. */
export async function generateCounty(path: string, contracts: number): Promise<void> {
  const unfinished = `${path}.unfinished`
  for (const suffix of ['', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true })
  const ledger = openBulkLedger(unfinished)
  recordRegions(ledger)
  const operators = recordOperators(ledger, contracts)
  const payments = new PaymentColumns()
  const signed = recordContracts(ledger, contracts, operators, payments)
  payments.record(ledger, signed)
  recordSigns(ledger, signed)
  await ledger.close()
  renameSync(unfinished, path)
}

export function recordRegions(ledger: BulkLedger): void {
  const { townships, villages } = villageCodes()
  for (const [at, id] of ['519901', ...townships, ...villages].entries()) {
    const recordedAt = ledger.instant('parties', LEDGER_STARTS_ON)
    const region = { id, version: 1, name: `${at}`, secondRoundExpiresOn: null, ...STANDS }
    ledger.insert('regions', { ...region, recordedAt, recordedBy: 'bench' })
  }
}

function recordOperators(ledger: BulkLedger, contracts: number): string[] {
  const count = Math.ceil((contracts * OPERATORS_PER_1000) / 1000)
  const rest = { uscc: null, representative: null, phone: null, phoneHash: null, recordedIn: null }
  return Array.from({ length: count }, (_, at) => {
    const columns = { name: `业主 ${at + 1}`, kind: 'cooperative', ...rest }
    return ledger.fact('parties', LEDGER_STARTS_ON, 'operators', columns).id
  })
}

/** Contracts with their schedules, in the order in which they began. */
function recordContracts(
  ledger: BulkLedger,
  count: number,
  operators: readonly string[],
  payments: PaymentColumns,
): SignedContract[] {
  const random = randomOf('bench/contracts')
  const money = randomOf('bench/payments')
  return drawTerms(count).map((term, at) => {
    const rank = Math.floor(random.unit() ** SKEW * operators.length)
    const operatorId = operators[(rank * SPREAD) % operators.length] as string
    const body = contractFact.body.parse(contractBody(random, at + 1, term, operatorId))
    const columns = rowOf(ledger.read, contractFact, body)
    const { id, recordedAt } = ledger.fact('contracts', term.startOn, 'contracts', columns)
    const schedule = rentSchedule({ ...term, rent: body.rent }, [])
    const stored = { contractId: id, recordedAt, supersededAt: null }
    for (const instalment of schedule) ledger.insert('instalments', { ...stored, ...instalment })
    const plan = planPayments(money, term.startOn, schedule)
    for (const payment of plan.payments) payments.add(at, payment)
    return { id, operatorId, villageCode: body.villageCode, behind: plan.behind }
  })
}
