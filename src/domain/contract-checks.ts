/** What somebody should look at in a contract's facts; none of it moves the score. */
export const CONTRACT_CHECKS = ['unpriced', 'credit-after-end', 'households-missing'] as const
export type ContractCheck = (typeof CONTRACT_CHECKS)[number]

const WORDS: Readonly<Record<ContractCheck, { zh: string; en: string }>> = {
  unpriced: {
    zh: '有实物租金期次缺少到期日有效的粮价,暂计 0 元',
    en: 'an instalment in grain has no price in force on its due day and counts as 0',
  },
  'credit-after-end': {
    zh: '合同已终止或到期,仍有多付租金未处理',
    en: 'the contract is over and more was paid than fell due',
  },
  'households-missing': {
    zh: '村集体未填涉及户数,按 0 户计',
    en: 'a collective without a number of households counts as 0',
  },
}

/**
 * The checks of one contract on a day.
 *
 * Units: fen; `creditFen` is what was paid beyond everything that fell due.
 * Source: domain.md, Contract end, Rent schedule and Risk (households): design decision.
 * Example: a contract over since yesterday with 1 fen too much paid gives ['credit-after-end'].
 */
export function contractChecks(facts: {
  unpriced: boolean
  over: boolean
  creditFen: number
  lessorKind: string
  households: number | null
}): ContractCheck[] {
  const { unpriced, over, creditFen, lessorKind, households } = facts
  const applies: Record<ContractCheck, boolean> = {
    unpriced,
    'credit-after-end': over && creditFen > 0,
    'households-missing': lessorKind === 'village_collective' && households === null,
  }
  return CONTRACT_CHECKS.filter((check) => applies[check])
}

/**
 * What a check says.
 *
 * Source: words of field.md. Example: checkWords('unpriced').en speaks of the price in force.
 */
export const checkWords = (check: ContractCheck) => WORDS[check]
