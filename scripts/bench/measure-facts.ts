import { openSnapshot } from '../../src/platform/database/open-sqlite.ts'
import { AS_OF, NOW } from './bench-county.ts'
import { openDuckDb } from './duckdb-facts.ts'
import { type Owed, serviceFacts } from './service-facts.ts'

const REPEATS = 3

export interface MeasuredFacts {
  serviceSeconds: number
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
    const service = await serviceFacts(snapshot.read, at)
    const serviceAt = performance.now()
    const answer = await duckDb.ask(at)
    const askedAt = performance.now()
    const owed = await answer.read()
    const readAt = performance.now()
    const ms = [serviceAt - startedAt, askedAt - serviceAt, readAt - serviceAt] as const
    return { ms, service, owed }
  }
  const { service, owed } = await turn()
  const turns: (readonly number[])[] = []
  for (let no = 0; no < REPEATS; no++) turns.push((await turn()).ms)
  snapshot.close()
  duckDb.close()
  const [serviceSeconds = 0, duckDbSeconds = 0, duckDbReadSeconds = 0] = [0, 1, 2].map(
    (column) => median(turns.map((ms) => ms[column] ?? 0)) / 1000,
  )
  return {
    ...{ serviceSeconds, duckDbSeconds, duckDbReadSeconds },
    ...compare(service, owed),
  }
}

/** DuckDB leaves out contracts with designated payments and those without anything overdue. */
function compare(
  { owed, designated }: Awaited<ReturnType<typeof serviceFacts>>,
  duckDb: ReadonlyMap<string, Owed>,
) {
  const mismatches = [...duckDb.keys()].filter((id) => !owed.has(id) || designated.has(id))
  let [compared, inArrears] = [0, 0]
  for (const [id, { arrearsFen, oldestUnpaidDueOn }] of owed) {
    if (arrearsFen > 0) inArrears++
    if (designated.has(id)) continue
    compared++
    const other = duckDb.get(id) ?? { arrearsFen: 0, oldestUnpaidDueOn: null }
    if (other.arrearsFen !== arrearsFen || other.oldestUnpaidDueOn !== oldestUnpaidDueOn)
      mismatches.push(id)
  }
  return { inArrears, designated: designated.size, compared, mismatches }
}

const median = (values: number[]) =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
