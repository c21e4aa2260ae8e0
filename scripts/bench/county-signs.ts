import { addDays, type Day } from '../../src/domain/calendar-day.ts'
import { OPERATOR_CONDITIONS } from '../../src/domain/operator-condition.ts'
import type { FactKind, FactTableName } from '../../src/facts/fact-kind.ts'
import { rowOf } from '../../src/facts/fact-rows.ts'
import { conditionFact } from '../../src/operators/condition.ts'
import { petitionFact } from '../../src/petitions/petition.ts'
import { disbursementFact } from '../../src/subsidies/disbursement.ts'
import { subsidyFact } from '../../src/subsidies/subsidy.ts'
import { stageFact } from '../../src/subsidies/subsidy-stage.ts'
import { drawn, type Random, randomOf } from '../demo-county/random.ts'
import { AS_OF } from './bench-county.ts'
import type { BulkLedger } from './bulk-ledger.ts'

/** What signs are drawn for. */
export interface SignedContract {
  id: string
  operatorId: string
  villageCode: string
  behind: boolean
}

/** How many of a kind there are for 1,000 contracts, as in the demo county. */
const PER_1000 = { subsidies: 170, conditions: 36, petitions: 66 }

/** Subsidies, conditions and petition signs, in the magnitudes of the demo county. */
export function recordSigns(ledger: BulkLedger, contracts: readonly SignedContract[]): void {
  const random = randomOf('bench/signs')
  const behind = contracts.filter((contract) => contract.behind)
  const pick = () => random.pick(random.chance(60) && behind.length > 0 ? behind : contracts)
  const days = (perThousand: number) =>
    Array.from({ length: Math.round((contracts.length * perThousand) / 1000) }, () =>
      addDays(AS_OF, -random.between(2, 1400)),
    ).sort()
  const record: RecordFact = (kind, day, body, parent) => {
    const row = rowOf(ledger.read, kind, kind.body.parse(body))
    return ledger.fact('signs', day, kind.table, { ...parent, ...row }).id
  }
  for (const day of days(PER_1000.conditions))
    record(conditionFact, day, condition(random, day), { operatorId: pick().operatorId })
  for (const day of days(PER_1000.petitions))
    record(petitionFact, day, petition(random, day, pick()))
  for (const day of days(PER_1000.subsidies)) recordSubsidy(random, record, day, pick())
}

type RecordFact = <N extends FactTableName, Body extends object>(
  kind: FactKind<N, Body>,
  day: Day,
  body: object,
  parent?: object,
) => string

function condition(random: Random, observedOn: Day) {
  return { condition: random.pick(OPERATOR_CONDITIONS), observedOn, source: '乡镇摸排' }
}

function petition(random: Random, occurredOn: Day, contract: SignedContract) {
  const { id: contractId, operatorId, villageCode } = contract
  return {
    villageCode,
    occurredOn,
    channel: random.pick(['visit', 'letter', 'phone', 'online', 'hotline']),
    people: random.between(1, 12),
    repeat: random.chance(20),
    ...(random.chance(70) ? { contractId } : { operatorId }),
  }
}

/** Two in three are recognised; some were paid in full, some in part, some moved on a stage. */
function recordSubsidy(
  random: Random,
  record: RecordFact,
  day: Day,
  contract: SignedContract,
): void {
  const amountFen = random.between(1, 200) * 1_000_000
  const { operatorId } = contract
  const subsidyId = record(subsidyFact, day, {
    operatorId,
    ...(random.chance(50) && { contractId: contract.id }),
    programme: '标准园建设补助',
    year: Number(day.slice(0, 4)),
    standing: random.chance(66) ? 'recognised' : 'claimed',
    amountFen,
    ...(random.chance(85) && { payableOn: addDays(day, random.between(0, 500)) }),
  })
  const parent = { subsidyId }
  if (random.chance(60)) record(stageFact, day, { stage: '县级验收', occurredOn: day }, parent)
  const paidPercent = drawn(random, [
    [0, 45],
    [50, 15],
    [100, 40],
  ])
  if (paidPercent === 0) return
  const body = { amountFen: (amountFen * paidPercent) / 100, paidOn: day }
  record(disbursementFact, day, body, parent)
}
