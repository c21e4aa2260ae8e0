import { readOperatorKind } from '../domain/code-words.ts'
import { normalisedOperatorName } from '../domain/operator-name.ts'
import { Refusal } from '../errors.ts'
import { type Known, type KnownOperator, nameKey, operatorKey, usccKey } from './known-facts.ts'
import { guess, type RowWork } from './row-work.ts'

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
export function findOperator(work: RowWork<Party>, villageCode = ''): KnownOperator | undefined {
  const { known, record } = work
  const { operatorName, uscc } = record
  if (operatorName === undefined && uscc === undefined) throw missing
  const sameCode = uscc === undefined ? [] : standing(known, known.operators.at(usccKey(uscc)))
  const sameName = operatorsCalled(known, operatorName).filter((one) => !otherCode(one, uscc))
  const [candidates, field] = sameCode.length > 0 ? [sameCode, 'uscc'] : [sameName, 'operatorName']
  const both = candidates.filter((one) => sameName.some(({ id }) => id === one.id))
  const fitting = both.length > 0 ? both : candidates
  const isElse = (one: KnownOperator) => isNamesake(work, one, villageCode)
  if (sameCode.length === 0 && fitting.every(isElse)) return undefined
  const found =
    theOneLeasing(known, fitting, villageCode) ??
    onlyOne(fitting.filter(({ phone }) => phone !== null && phone === record.phone))
  if (!found) {
    if (fitting.length > 1) throw ambiguous(fitting.length, field)
    return undefined
  }
  if (operatorName !== undefined && nameKey(operatorName) !== nameKey(found.name))
    guess(work, 'operatorName', operatorName, readAs(found, sameCode.length > 0))
  else if (sameCode.length === 0 && isByNameAlone(work, found, villageCode))
    guess(work, 'operatorName', operatorName ?? '', '与其他乡镇的同名业主按同一人读取')
  return found
}

/**
 * Whether a person of the same name is somebody else: one with another telephone who does not lease
 * in the township.
 */
function isNamesake(
  { known, record }: RowWork<Party>,
  { id, kind, name, phone }: KnownOperator,
  villageCode: string,
): boolean {
  if (villageCode === '' || !isPerson(kind, name)) return false
  const isOtherPhone = Boolean(record.phone && phone && record.phone !== phone)
  return isOtherPhone && !leasesUnder(known, id, villageCode.slice(0, 9))
}

/** A person taken for one who leases in other townships only, by nothing but the name. */
function isByNameAlone(
  { known, record }: RowWork<Party>,
  { id, kind, name, phone }: KnownOperator,
  villageCode: string,
): boolean {
  if (villageCode === '' || !isPerson(kind, name)) return false
  if (record.phone && phone) return false
  const leases = known.contracts.at(operatorKey(id))
  return leases.length > 0 && !leasesUnder(known, id, villageCode.slice(0, 9))
}

const leasesUnder = ({ contracts }: Known, operatorId: string, region: string) =>
  contracts.at(operatorKey(operatorId)).some((one) => one.villageCode.startsWith(region))

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

/** Whether a name is probably that of an operator: nothing is joined for it. */
export const soundsLike = (name: string, { name: other }: KnownOperator): boolean =>
  normalisedOperatorName(name) === normalisedOperatorName(other)

function standing({ operators, joined }: Known, found: readonly KnownOperator[]): KnownOperator[] {
  return [...new Set(found.map((one) => operators.get(joined.get(one.id) ?? '') ?? one))]
}

const otherCode = ({ uscc: recorded }: KnownOperator, uscc: string | undefined) =>
  uscc !== undefined && recorded !== null && usccKey(recorded) !== usccKey(uscc)

function theOneLeasing(
  known: Known,
  candidates: readonly KnownOperator[],
  villageCode: string,
): KnownOperator | undefined {
  if (candidates.length < 2 || villageCode === '') return onlyOne(candidates)
  const leasingUnder = (region: string) =>
    candidates.filter(({ id }) => leasesUnder(known, id, region))
  return onlyOne(leasingUnder(villageCode)) ?? onlyOne(leasingUnder(villageCode.slice(0, 9)))
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
