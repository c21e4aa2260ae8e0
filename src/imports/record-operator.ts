import { readOperatorKind } from '../domain/code-words.ts'
import { hasMaskedNumber } from '../domain/mask-personal.ts'
import { Refusal } from '../errors.ts'
import { findFact } from '../facts/fact-store.ts'
import { operatorFact } from '../operators/operator.ts'
import { findOperator, operatorsCalled, type Party } from './find-operator.ts'
import type { OperatorRecord } from './import-row.ts'
import type { KnownOperator } from './known-facts.ts'
import { recordOrCorrect } from './record-or-correct.ts'
import { guess, type RowWork } from './row-work.ts'

/** A row of a list of operators. */
export async function recordOperator(work: RowWork<OperatorRecord>): Promise<object> {
  const { tx, known } = work
  const { name, kind, uscc, representative, phone } = work.record
  // Only looked up: a name that differs is what the row corrects, not a guess.
  const asked = { ...work, record: { operatorName: name, uscc }, guessed: [] }
  const found = await findOperator(asked, '')
  const before = found && (await findFact(tx, 'operators', found.id))
  const written = before && hasMaskedNumber(name) ? undefined : name
  const fact = { name: written, kind, uscc, representative, phone }
  const row = await recordOrCorrect(work, operatorFact, before, fact, 'name')
  if (row) work.remember.push(() => known.operators.put(row))
  return row ? { operatorId: row.id } : {}
}

interface NewOperator extends Party {
  operatorKind?: OperatorRecord['kind'] | undefined
  representative?: string | undefined
}

/** Records the operator that a row of another ledger names and nobody has recorded yet. */
export async function recordOperatorOnTheWay(work: RowWork<NewOperator>): Promise<KnownOperator> {
  const { known, record } = work
  const { operatorName, uscc, representative, phone } = record
  if (operatorName === undefined) throw unnamed
  if (operatorsCalled(known, operatorName).length > 0)
    guess(work, 'operatorName', operatorName, '已登记有同名业主,未见为同一业主,另行登记')
  const kind = record.operatorKind ?? guessedKind(work, operatorName)
  const fact = { name: operatorName, kind, uscc, representative, phone }
  // Whether the row itself was seen before says nothing of an operator that is gone since.
  const anew = { ...work, seenBefore: false }
  const row = await recordOrCorrect(anew, operatorFact, undefined, fact, 'operatorName')
  if (!row) throw new Error('a new operator was not recorded')
  work.remember.push(() => known.operators.put(row))
  return row
}

const unnamed = new Refusal(
  'rule-broken',
  'operator-unknown',
  {
    zh: '没有登记该统一社会信用代码的业主,请填写业主名称',
    en: 'no operator of this social credit code is recorded; give its name',
  },
  'uscc',
)

function guessedKind(work: RowWork<object>, name: string): OperatorRecord['kind'] {
  const reading = readOperatorKind(null, name)
  if (!reading || !('value' in reading)) return 'other'
  if (reading.readAs !== undefined) guess(work, 'operatorName', name, `类型:${reading.readAs}`)
  return reading.value
}
