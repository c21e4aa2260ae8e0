/** The oracle's standing of one contract: domain.md, section Standing. */
import type { OracleInstalment } from './oracle-schedule.ts'
import { dayNumber, oracleSchedule, yearLength } from './oracle-schedule.ts'
import type { World } from './oracle-world.ts'
import { paymentsOf, remember } from './oracle-world.ts'

type PaidInstalment = OracleInstalment & { paidFen: bigint }

/** Lays every payment up to asOf on the instalments. */
function allocate(world: World, contractId: string, asOf: string, knownAt?: string) {
  const instalments: PaidInstalment[] = oracleSchedule(world, contractId, knownAt).map(
    (instalment) => ({ ...instalment, paidFen: 0n }),
  )
  const oldestFirst = [...instalments]
  oldestFirst.sort((a, b) => dayNumber(a.dueOn) - dayNumber(b.dueOn) || a.no - b.no)
  const payments = paymentsOf(world, contractId, knownAt)
    .map((payment) => payment.data)
    .filter((payment) => payment.paidOn <= asOf)
  // A stable sort: equal days stay in recording order.
  payments.sort((a, b) => dayNumber(a.paidOn) - dayNumber(b.paidOn))
  let paidFen = 0n
  for (const payment of payments) {
    let leftFen = BigInt(payment.amountFen)
    paidFen += leftFen
    const lay = (instalment: PaidInstalment) => {
      const unpaid = instalment.amountFen - instalment.paidFen
      const laid = unpaid < leftFen ? unpaid : leftFen
      instalment.paidFen += laid
      leftFen -= laid
    }
    for (const instalment of oldestFirst) {
      if (instalment.dueOn === payment.designatedDueOn) lay(instalment)
    }
    for (const instalment of oldestFirst) lay(instalment)
  }
  return { instalments, paidFen }
}

export function oracleStanding(world: World, contractId: string, asOf: string, knownAt?: string) {
  const question = `standing of ${contractId} as of ${asOf} at ${knownAt}`
  return remember(world, question, () => computeStanding(world, contractId, asOf, knownAt))
}

function computeStanding(world: World, contractId: string, asOf: string, knownAt?: string) {
  const { instalments, paidFen } = allocate(world, contractId, asOf, knownAt)
  let dueFen = 0n
  let laidOnDueFen = 0n
  let arrearsFen = 0n
  let oldestUnpaidDueOn: string | null = null
  for (const instalment of instalments) {
    if (instalment.dueOn > asOf) continue
    dueFen += instalment.amountFen
    laidOnDueFen += instalment.paidFen
    if (instalment.dueOn === asOf || instalment.paidFen === instalment.amountFen) continue
    arrearsFen += instalment.amountFen - instalment.paidFen
    if (oldestUnpaidDueOn === null || instalment.dueOn < oldestUnpaidDueOn) {
      oldestUnpaidDueOn = instalment.dueOn
    }
  }

  let unpaidYears = 0
  let partialYears = 0
  let owed = 0n
  let owedOver = 1n
  const lastYear = Math.max(-1, ...instalments.map((instalment) => instalment.rentYear))
  for (let year = 0; year <= lastYear; year++) {
    const ofYear = instalments.filter((i) => i.rentYear === year && i.amountFen > 0n)
    let scheduledFen = 0n
    let overdueUnpaidFen = 0n
    let allOverdueAndUnpaid = ofYear.length > 0
    for (const instalment of ofYear) {
      scheduledFen += instalment.amountFen
      const isOverdue = instalment.dueOn < asOf
      if (isOverdue) overdueUnpaidFen += instalment.amountFen - instalment.paidFen
      if (!isOverdue || instalment.paidFen > 0n) allOverdueAndUnpaid = false
    }
    if (allOverdueAndUnpaid) unpaidYears += 1
    else if (overdueUnpaidFen > 0n) partialYears += 1
    if (overdueUnpaidFen > 0n) {
      const length = yearLength(world, contractId, year, knownAt)
      const numerator = overdueUnpaidFen * length.numerator
      const denominator = scheduledFen * length.denominator
      owed = owed * denominator + numerator * owedOver
      owedOver *= denominator
    }
  }
  const yearsOwed = Number(owed / owedOver)

  return {
    asOf,
    dueFen,
    paidFen,
    arrearsFen,
    creditFen: paidFen - laidOnDueFen,
    oldestUnpaidDueOn,
    daysOverdue: oldestUnpaidDueOn === null ? 0 : dayNumber(asOf) - dayNumber(oldestUnpaidDueOn),
    unpaidYears,
    partialYears,
    yearsOwed,
    arrearsClass: yearsOwed >= 1 ? 'years' : arrearsFen > 0n ? 'partial' : 'none',
    instalments: instalments.map(
      ({ no, rentYear, periodStart, periodEnd, dueOn, amountFen, paidFen: paid, priced }) => ({
        no,
        rentYear,
        periodStart,
        periodEnd,
        dueOn,
        amountFen,
        paidFen: paid,
        priced,
      }),
    ),
  }
}
