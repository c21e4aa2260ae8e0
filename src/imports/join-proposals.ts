import { asc, count, sql } from 'drizzle-orm'
import { groupBy } from '../domain/group-by.ts'
import { normalisedOperatorName } from '../domain/operator-name.ts'
import { usccHolds } from '../domain/uscc.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import { operatorsStandingFor } from './operator-join.ts'

/** Operators that are probably one, the one with most contracts first; a person decides. */
export interface JoinProposal {
  operators: { id: string; name: string; uscc: string | null; contracts: number }[]
  reason: 'same_uscc' | 'similar_name'
}

interface Candidate {
  id: string
  name: string
  uscc: string | null
  isIndividual: boolean
  contracts: number
  townships: string[]
}

/** All proposals: the same code first, else names that are written differently. */
export async function joinProposals(db: Reader): Promise<JoinProposal[]> {
  const candidates = await candidatesOf(db)
  const withCode = candidates.filter(({ uscc }) => codeOf(uscc) !== undefined)
  const sameUscc = pairs(withCode, ({ uscc }) => codeOf(uscc))
  const similar = pairs(candidates, ({ name }) => normalisedOperatorName(name))
    .flatMap(ofOnePlace)
    .filter((group) => !hasOnlyKnownCodes(group))
  return [
    ...sameUscc.map((group) => proposal(group, 'same_uscc')),
    ...similar.map((group) => proposal(group, 'similar_name')),
  ]
}

/** The proposals that one of these operators is part of. */
export async function joinProposalsAmong(
  db: Reader,
  operatorIds: readonly string[],
): Promise<JoinProposal[]> {
  if (operatorIds.length === 0) return []
  const ids = new Set(operatorIds)
  return (await joinProposals(db)).filter(({ operators }) =>
    operators.some(({ id }) => ids.has(id)),
  )
}

/** Operators that are not joined to another one, with where they lease. */
async function candidatesOf(db: Reader): Promise<Candidate[]> {
  const { operators: o, contracts: c } = db.tables
  const joined = await operatorsStandingFor(db)
  const rows = await db
    .select({ id: o.id, name: o.name, uscc: o.uscc, kind: o.kind })
    .from(o)
    .where(standingFacts(o, ALL_KNOWN))
    .orderBy(asc(o.id))
  const township = sql<string>`substr(${c.villageCode}, 1, 9)`
  const leased = await db
    .select({ operatorId: c.operatorId, township, contracts: count() })
    .from(c)
    .where(standingFacts(c, ALL_KNOWN))
    .groupBy(c.operatorId, township)
  const leasedBy = groupBy(leased, ({ operatorId }) => operatorId)
  return rows
    .filter(({ id }) => !joined.has(id))
    .map(({ kind, ...row }) => {
      const places = leasedBy.get(row.id) ?? []
      return {
        ...row,
        isIndividual: kind === 'individual',
        contracts: places.reduce((sum, place) => sum + place.contracts, 0),
        townships: places.map((place) => place.township),
      }
    })
}

/** A code that can tell operators apart: not a dash, a zero or what else stands for a gap. */
function codeOf(uscc: string | null): string | undefined {
  const code = uscc?.replace(/\s/g, '').toUpperCase() ?? ''
  return /^(?!(.)\1+$)[0-9A-Z]{15,18}$/.test(code) ? code : undefined
}

const pairs = (candidates: readonly Candidate[], keyOf: (one: Candidate) => string | undefined) =>
  [...groupBy(candidates, keyOf).values()].filter((group) => group.length > 1)

/** Persons of one name are many: they are proposed only where they lease in the same township. */
function ofOnePlace(group: Candidate[]): Candidate[][] {
  if (!group.some(({ isIndividual }) => isIndividual)) return [group]
  const places = new Set(group.flatMap(({ townships }) => townships))
  const byPlace = [...places].sort().map((place) => {
    const there = group.filter(({ townships }) => townships.includes(place))
    return [there.map(({ id }) => id).join(' '), there] as const
  })
  return [...new Map(byPlace).values()].filter((there) => there.length > 1)
}

/** Sound codes tell them apart, or all have the same code, which is said already. */
function hasOnlyKnownCodes(group: readonly Candidate[]): boolean {
  const [first, ...rest] = group.map(({ uscc }) => codeOf(uscc))
  if (first === undefined) return false
  const codes = [first, ...rest]
  return codes.every((code) => code === first || (usccHolds(first) && usccHolds(code ?? '')))
}

function proposal(group: readonly Candidate[], reason: JoinProposal['reason']): JoinProposal {
  const operators = group
    .toSorted((a, b) => b.contracts - a.contracts)
    .map(({ id, name, uscc, contracts }) => ({ id, name, uscc, contracts }))
  return { operators, reason }
}
