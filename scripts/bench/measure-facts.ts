import { openSnapshot } from '../../src/platform/database/open-sqlite.ts'
import { AS_OF, NOW } from './bench-county.ts'
import { openDuckDb } from './duckdb-facts.ts'
import { designatedContracts, type Owed, serviceFacts } from './service-facts.ts'

const REPEATS = 3

export interface MeasuredFacts {
  /** What is owed taken from the stored risks of whoever is quiet. */
  storedSeconds: number
  /** All of it from instalments and payments. */
  factsSeconds: number
  /** DuckDB's answer in its own memory. */
  duckDbSeconds: number
  /** The same with the answer read into JavaScript, where the service's answer stands. */
  duckDbReadSeconds: number
  inArrears: number
  designated: number
  compared: number
  mismatches: string[]
}

/**
 * The facts step of the service against DuckDB's one query over the same rows, in turns, after one
 * turn to warm up; medians. Both answers are compared, contract by contract.
 */
export async function measureFacts(path: string): Promise<MeasuredFacts> {
  const at = { asOf: AS_OF, knownAt: NOW }
  const snapshot = openSnapshot(path)
  const duckDb = await openDuckDb(path)
  const turn = async () => {
    const startedAt = performance.now()
    const stored = await serviceFacts(snapshot.read, at, true)
    const storedAt = performance.now()
    const computed = await serviceFacts(snapshot.read, at, false)
    const computedAt = performance.now()
    const answer = await duckDb.ask(at)
    const askedAt = performance.now()
    const owed = await answer.read()
    const readAt = performance.now()
    const ms = [
      storedAt - startedAt,
      computedAt - storedAt,
      askedAt - computedAt,
      readAt - computedAt,
    ] as const
    return { ms, stored, computed, owed }
  }
  const { stored, computed, owed } = await turn()
  const designated = await designatedContracts(snapshot.read, [...computed.keys()], at)
  const turns: (readonly number[])[] = []
  for (let no = 0; no < REPEATS; no++) turns.push((await turn()).ms)
  snapshot.close()
  duckDb.close()
  const [storedSeconds = 0, factsSeconds = 0, duckDbSeconds = 0, duckDbReadSeconds = 0] = [
    0, 1, 2, 3,
  ].map((column) => median(turns.map((ms) => ms[column] ?? 0)) / 1000)
  return {
    ...{ storedSeconds, factsSeconds, duckDbSeconds, duckDbReadSeconds },
    ...compare(computed, stored, designated, owed),
  }
}

const NOTHING: Owed = { arrearsFen: 0, oldestUnpaidDueOn: null }

/** DuckDB leaves out contracts with designated payments and those without anything overdue. */
function compare(
  computed: ReadonlyMap<string, Owed>,
  stored: ReadonlyMap<string, Owed>,
  designated: ReadonlySet<string>,
  duckDb: ReadonlyMap<string, Owed>,
) {
  const mismatches = [...duckDb.keys()].filter((id) => !computed.has(id) || designated.has(id))
  let [compared, inArrears] = [0, 0]
  for (const [id, one] of computed) {
    if (one.arrearsFen > 0) inArrears++
    if (!isEqual(one, stored.get(id) ?? NOTHING)) mismatches.push(id)
    if (designated.has(id)) continue
    compared++
    if (!isEqual(one, duckDb.get(id) ?? NOTHING)) mismatches.push(id)
  }
  return { inArrears, designated: designated.size, compared, mismatches }
}

const isEqual = (a: Owed, b: Owed | undefined) =>
  a.arrearsFen === b?.arrearsFen && a.oldestUnpaidDueOn === b.oldestUnpaidDueOn

const median = (values: number[]) =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
