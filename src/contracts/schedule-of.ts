import type { ContractTerms, GrainPrice, Instalment } from '../domain/contract-terms.ts'
import { AmountTooLarge } from '../domain/fen.ts'
import { amendmentProblem, rentSchedule } from '../domain/rent-schedule.ts'
import { Refusal, type Words } from '../errors.ts'

type Problem = NonNullable<ReturnType<typeof amendmentProblem>>

const PROBLEMS: Record<Problem, { field: string; words: Words }> = {
  'end-before-start': {
    field: 'endOn',
    words: { zh: '终止日不能早于起始日', en: 'the end must not lie before the start' },
  },
  'frequency-change-within-rent-year': {
    field: 'effectiveOn',
    words: {
      zh: '变更支付频次只能自租金年度首日起',
      en: 'another frequency can only start on the first day of a rent year',
    },
  },
  'once-not-amendable': {
    field: 'rent.frequency',
    words: {
      zh: '一次性付清的合同不能变更,也不能改为一次性付清',
      en: 'a contract paid once cannot be amended, nor be amended to be paid once',
    },
  },
}

export const RENT_TOO_LARGE = 'rent-too-large'

/** The schedule of terms. Refuses: what `amendmentProblem` names, rent-too-large. */
export function scheduleOf(terms: ContractTerms, prices: readonly GrainPrice[]): Instalment[] {
  const problem = amendmentProblem(terms)
  if (problem)
    throw new Refusal('rule-broken', problem, PROBLEMS[problem].words, PROBLEMS[problem].field)
  const schedule = sumInRange(terms, prices)
  if (schedule) return schedule
  const words = { zh: '租金总额过大,请核对面积和单价', en: 'the rent of the term is too large' }
  throw new Refusal('rule-broken', RENT_TOO_LARGE, words, 'rent.lines')
}

/** Twenty thousand million yuan: more than the rent of a whole county for thirty years. */
const TERM_RENT_MAX_FEN = 2_000_000_000_000

function sumInRange(terms: ContractTerms, prices: readonly GrainPrice[]): Instalment[] | undefined {
  try {
    const schedule = rentSchedule(terms, prices)
    const sumFen = schedule.reduce((sum, { amountFen }) => sum + amountFen, 0)
    return sumFen <= TERM_RENT_MAX_FEN ? schedule : undefined
  } catch (error) {
    if (error instanceof AmountTooLarge) return undefined
    throw error
  }
}
