import { and, eq, sql } from 'drizzle-orm'
import { readOperatorKind } from '../domain/code-words.ts'
import { normalisedOperatorName } from '../domain/operator-name.ts'
import { Refusal } from '../errors.ts'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import { prepared } from '../platform/database/prepared.ts'
import { type Known, type KnownOperator, nameKey, usccKey } from './known-facts.ts'
import { guess, type RowAsked } from './row-work.ts'

/** How a row names an operator. */
export interface Party {
  operatorName?: string | undefined
  uscc?: string | undefined
  phone?: string | undefined
}

/**
 * The operator of a row: by its social credit code, else by its name as it is written; of several
 * the one that leases in the village or the township. One that was joined to another is that one.
 * A person is not taken for a namesake with another telephone in another township.
 * undefined: not recorded yet. Refuses: operator-missing, operator-ambiguous.
 */
export async function findOperator(
  work: RowAsked<Party>,
  villageCode = '',
): Promise<KnownOperator | undefined> {
  const { known, record } = work
  const { operatorName, uscc } = record
  if (operatorName === undefined && uscc === undefined) throw missing
  const sameCode = operatorsCoded(known, uscc)
  const sameName = operatorsCalled(known, operatorName).filter((one) => !otherCode(one, uscc))
  const [candidates, field] = sameCode.length > 0 ? [sameCode, 'uscc'] : [sameName, 'operatorName']
  const both = candidates.filter((one) => sameName.some(({ id }) => id === one.id))
  const fitting = both.length > 0 ? both : candidates
  if (sameCode.length === 0 && (await areNamesakes(work, fitting, villageCode))) return undefined
  const found =
    (await theOneLeasing(work, fitting, villageCode)) ??
    onlyOne(fitting.filter(({ phone }) => phone !== null && phone === record.phone))
  if (!found) {
    if (fitting.length > 1) throw ambiguous(fitting.length, field)
    return undefined
  }
  if (operatorName !== undefined && nameKey(operatorName) !== nameKey(found.name))
    guess(work, 'operatorName', operatorName, readAs(found, sameCode.length > 0))
  else if (sameCode.length === 0 && (await isByNameAlone(work, found, villageCode)))
    guess(work, 'operatorName', operatorName ?? '', '与其他乡镇的同名业主按同一人读取')
  return found
}

/**
 * Whether persons of the same name are all somebody else: with another telephone, and none leases
 * in the township.
 */
async function areNamesakes(
  work: RowAsked<Party>,
  operators: readonly KnownOperator[],
  villageCode: string,
): Promise<boolean> {
  const { phone: said } = work.record
  const isOther = ({ kind, name, phone }: KnownOperator) =>
    villageCode !== '' && isPerson(kind, name) && Boolean(said && phone && said !== phone)
  if (!operators.every(isOther)) return false
  return (await leasingUnder(work, operators, villageCode.slice(0, 9))).length === 0
}

/** A person taken for one who leases in other townships only, by nothing but the name. */
async function isByNameAlone(
  work: RowAsked<Party>,
  { id, kind, name, phone }: KnownOperator,
  villageCode: string,
): Promise<boolean> {
  if (villageCode === '' || !isPerson(kind, name)) return false
  if (work.record.phone && phone) return false
  const villages = await villagesOf(work, id)
  return villages.length > 0 && !villages.some((code) => code.startsWith(villageCode.slice(0, 9)))
}

const leased = prepared((db) => {
  const { contracts: t } = db.tables
  return db
    .selectDistinct({ villageCode: t.villageCode })
    .from(t)
    .where(and(eq(t.operatorId, sql.placeholder('id')), standingFacts(t, ALL_KNOWN)))
})

/** The villages in which an operator leases, as far as the caller may know of it. */
async function villagesOf({ tx, known }: RowAsked<Party>, id: string): Promise<string[]> {
  const { regionCode = '' } = known.caller
  const waiting = known.waiting.map(({ row }) => row).filter((row) => row.operatorId === id)
  const codes = [...(await leased(tx, { id })), ...waiting].map(({ villageCode }) => villageCode)
  return codes.filter((code) => code.startsWith(regionCode))
}

async function leasingUnder(
  work: RowAsked<Party>,
  operators: readonly KnownOperator[],
  region: string,
): Promise<KnownOperator[]> {
  const leasing: KnownOperator[] = []
  for (const operator of operators) {
    const villages = await villagesOf(work, operator.id)
    if (villages.some((code) => code.startsWith(region))) leasing.push(operator)
  }
  return leasing
}

function isPerson(kind: string, name: string): boolean {
  if (kind === 'individual') return true
  if (kind === 'company' || kind === 'cooperative') return false
  const reading = readOperatorKind(null, name)
  return reading !== undefined && 'value' in reading && reading.value === 'individual'
}

const readAs = ({ name }: KnownOperator, byCode: boolean) =>
  byCode ? `按统一社会信用代码读作${name}` : `${name}(已合并为同一业主)`

/** Operators that are called exactly so, or that stand for one that is. */
export function operatorsCalled(known: Known, name: string | undefined): KnownOperator[] {
  return name === undefined ? [] : standing(known, known.operators.at(nameKey(name)))
}

/** Operators that a row may be about. */
export const operatorsNamed = (known: Known, { operatorName, uscc }: Party): KnownOperator[] => [
  ...operatorsCalled(known, operatorName),
  ...operatorsCoded(known, uscc),
]

const operatorsCoded = (known: Known, uscc: string | undefined): KnownOperator[] =>
  uscc === undefined ? [] : standing(known, known.operators.at(usccKey(uscc)))

/** Whether a name is probably that of an operator: nothing is joined for it. */
export const soundsLike = (name: string, { name: other }: KnownOperator): boolean =>
  normalisedOperatorName(name) === normalisedOperatorName(other)

function standing({ operators, joined }: Known, found: readonly KnownOperator[]): KnownOperator[] {
  return [...new Set(found.map((one) => operators.get(joined.get(one.id) ?? '') ?? one))]
}

const otherCode = ({ uscc: recorded }: KnownOperator, uscc: string | undefined) =>
  uscc !== undefined && recorded !== null && usccKey(recorded) !== usccKey(uscc)

async function theOneLeasing(
  work: RowAsked<Party>,
  candidates: readonly KnownOperator[],
  villageCode: string,
): Promise<KnownOperator | undefined> {
  if (candidates.length < 2 || villageCode === '') return onlyOne(candidates)
  return (
    onlyOne(await leasingUnder(work, candidates, villageCode)) ??
    onlyOne(await leasingUnder(work, candidates, villageCode.slice(0, 9)))
  )
}

const onlyOne = <T>(things: readonly T[]) => (things.length === 1 ? things[0] : undefined)

const missing = new Refusal(
  'rule-broken',
  'operator-missing',
  { zh: '没有写明业主', en: 'no operator is named' },
  'operatorName',
)
const ambiguous = (count: number, field: string) =>
  new Refusal(
    'rule-broken',
    'operator-ambiguous',
    {
      zh: `有 ${count} 个业主与此相符,请填写统一社会信用代码或先合并同一业主`,
      en: `${count} operators fit; give the social credit code, or join them first`,
    },
    field,
  )
