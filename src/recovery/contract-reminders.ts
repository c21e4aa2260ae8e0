import { and, asc, inArray } from 'drizzle-orm'
import { accruedPenalty, type PenaltyYear } from '../domain/accrued-penalty.ts'
import type { Payment } from '../domain/allocation.ts'
import type { Day } from '../domain/calendar-day.ts'
import type { Instalment } from '../domain/contract-terms.ts'
import { groupBy } from '../domain/group-by.ts'
import {
  type Interruption,
  type LimitationReminder,
  limitationReminders,
} from '../domain/limitation.ts'
import { type TerminationReminder, terminationDay } from '../domain/termination-day.ts'
import type { AtTime } from '../facts/fact-kind.ts'
import { standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { instalmentsOf, paymentsOf, plansOf } from '../risk/contract-balances.ts'

const IDS_PER_QUERY = 1000

/** What should be remembered about a contract in arrears: reminders, never verdicts. */
export interface ContractReminders {
  contractId: string
  arrearsFen: number
  /** The overdue unpaid ones, in the order of the schedule. */
  instalments: LimitationReminder[]
  termination: TerminationReminder | null
  /** Apart from the arrears, never added to them. */
  penaltyFen: number
  penaltyPer10kPerDay: number
  penaltyYears: PenaltyYear[]
  /** The next limitation day, court or arbitration; when all lie behind, the last of them. */
  nextLimitationOn: Day | null
  notes: string[]
}

type Clauses = Awaited<ReturnType<typeof clausesOf>>[number]

/** The reminders of some contracts, by contract; one not there at `knownAt` is left out. */
export async function remindersOf(
  db: Reader,
  contractIds: readonly string[],
  at: AtTime,
): Promise<Map<string, ContractReminders>> {
  const reminders = new Map<string, ContractReminders>()
  for (let from = 0; from < contractIds.length; from += IDS_PER_QUERY) {
    const ids = contractIds.slice(from, from + IDS_PER_QUERY)
    const schedules = await instalmentsOf(db, ids, at)
    const payments = await paymentsOf(db, ids, at)
    const interruptions = await interruptionsOf(db, ids, at)
    for (const clauses of await clausesOf(db, ids, at)) {
      const { id } = clauses
      const paid = payments.get(id) ?? []
      const stops = interruptions.get(id) ?? []
      reminders.set(id, reminded(at.asOf, clauses, schedules.get(id) ?? [], paid, stops))
    }
  }
  return reminders
}

function reminded(
  asOf: Day,
  { id, toleranceDays, penaltyPer10kPerDay, frequency }: Clauses,
  schedule: readonly Instalment[],
  payments: readonly Payment[],
  interruptions: readonly Interruption[],
): ContractReminders {
  const instalments = limitationReminders(asOf, schedule, payments, interruptions)
  const demandedOns = interruptions.filter(({ by }) => by === 'demand').map(({ on }) => on)
  const oldestUnpaidDueOn = instalments.map(({ dueOn }) => dueOn).sort()[0] ?? null
  const clause = { per10kPerDay: penaltyPer10kPerDay, once: frequency === 'once' }
  const penalty = accruedPenalty(asOf, clause, schedule, instalments)
  const contract = {
    contractId: id,
    arrearsFen: instalments.reduce((sumFen, { unpaidFen }) => sumFen + unpaidFen, 0),
    instalments,
    termination: terminationDay(asOf, toleranceDays, oldestUnpaidDueOn, demandedOns),
    penaltyFen: penalty.fen,
    penaltyPer10kPerDay,
    penaltyYears: penalty.years,
    nextLimitationOn: nextLimitationOn(asOf, instalments),
  }
  return { ...contract, notes: notesOn(contract, toleranceDays) }
}

function nextLimitationOn(asOf: Day, instalments: readonly LimitationReminder[]): Day | null {
  const days = instalments.flatMap((one) => [one.courtUntilOn, one.arbitrationUntilOn]).sort()
  return days.find((day) => day >= asOf) ?? days.at(-1) ?? null
}

/** How the reminders are to be read; nothing where nothing is owed. */
function notesOn(
  { instalments, termination, penaltyPer10kPerDay }: Omit<ContractReminders, 'notes'>,
  toleranceDays: number | null,
): string[] {
  if (instalments.length === 0) return []
  const notes = [
    '时效风险提示按每期租金分别计算,首日不计,未计节假日顺延;仅作提示,时效由法院或仲裁机构认定',
  ]
  const behind = instalments.filter(({ courtDaysLeft }) => courtDaysLeft < 0).length
  if (behind > 0)
    notes.push(
      `${behind} 期的诉讼时效提示日已到:请核对催告、调解、付款和还款计划记录是否完整;` +
        '此后达成的还款计划可重新起算',
    )
  if (toleranceDays === null) notes.push('合同未约定催告后的宽限期:解除由双方协商或法院认定')
  else if (termination === null) notes.push('到期后尚无催告送达记录,合同约定的宽限期未起算')
  notes.push(
    penaltyPer10kPerDay === 0
      ? '合同未约定违约金(属双方自行约定的事项)'
      : `违约金按合同约定以年租金 × 日万分之 ${penaltyPer10kPerDay} × 天数估算,` +
          '与欠租分列,不计入欠租;已付清的迟付租金不计',
  )
  return notes
}

function clausesOf(db: Reader, ids: string[], { knownAt }: AtTime) {
  const { contracts: t } = db.tables
  return db
    .select({
      id: t.id,
      toleranceDays: t.toleranceDays,
      penaltyPer10kPerDay: t.penaltyPer10kPerDay,
      frequency: t.frequency,
    })
    .from(t)
    .where(and(inArray(t.id, ids), standingFacts(t, knownAt)))
    .orderBy(asc(t.id))
}

async function interruptionsOf(
  db: Reader,
  ids: string[],
  at: AtTime,
): Promise<Map<string, (Interruption & { contractId: string })[]>> {
  const { demands: d, mediations: m } = db.tables
  const plans = [...(await plansOf(db, ids, at)).values()].flat()
  const demands = await db
    .select({ contractId: d.contractId, on: d.deliveredOn })
    .from(d)
    .where(and(inArray(d.contractId, ids), standingFacts(d, at.knownAt)))
  const mediations = await db
    .select({ contractId: m.contractId, on: m.requestedOn })
    .from(m)
    .where(and(inArray(m.contractId, ids), standingFacts(m, at.knownAt)))
  const all = [
    ...plans.map(({ contractId, agreedOn }) => ({ contractId, by: 'plan' as const, on: agreedOn })),
    ...demands.map((demand) => ({ ...demand, by: 'demand' as const })),
    ...mediations.map((mediation) => ({ ...mediation, by: 'mediation' as const })),
  ]
  return groupBy(all, ({ contractId }) => contractId)
}
