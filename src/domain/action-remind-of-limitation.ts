import { daysBetween } from './calendar-day.ts'
import { type CaseFacts, earliest, type NextAction, owingContracts } from './case-facts.ts'

/** Half a year to deliver a demand. Source: county practice, design decision. */
const LIMITATION_NEAR_DAYS = 180

/**
 * A limitation day is near or reached: deliver a demand, which restarts the period. After the day
 * only a new promise does. A reminder, no verdict.
 *
 * Source: Civil Code 188, 192, 195 (see `limitationReminders`); the threshold is a design decision.
 * Example: a day 180 days ahead gives remind_of_limitation, 181 days ahead nothing.
 */
export function remindOfLimitation({ asOf, contracts }: CaseFacts): NextAction | undefined {
  const near = contracts.filter(
    ({ arrearsFen, nextLimitationOn }) =>
      arrearsFen > 0 &&
      nextLimitationOn !== null &&
      daysBetween(asOf, nextLimitationOn) <= LIMITATION_NEAR_DAYS,
  )
  if (near.length === 0) return undefined
  const days = near.map(({ nextLimitationOn }) => nextLimitationOn)
  const ahead = earliest(days.filter((day) => day !== null && day >= asOf))
  const behind = earliest(days.filter((day) => day !== null && day < asOf))
  const parts: string[] = []
  if (ahead !== undefined)
    parts.push(
      `最近的提示日为 ${ahead}(还有 ${daysBetween(asOf, ahead)} 天),` +
        '建议在此之前送达书面催告并留存凭据,可重新起算',
    )
  if (behind !== undefined)
    parts.push(
      `提示日 ${behind} 已到(${daysBetween(behind, asOf)} 天前),` +
        '建议核对催告、调解和付款记录,并商定还款计划',
    )
  return {
    action: 'remind_of_limitation',
    contractIds: near.map(({ contractId }) => contractId),
    reason: `时效风险提示:${owingContracts(near)};${parts.join(';')}`,
  }
}
