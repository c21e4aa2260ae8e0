import { setImmediate } from 'node:timers/promises'
import type Sqlite from 'better-sqlite3'

interface Waiting {
  work: () => Promise<unknown>
  keep: (result: unknown) => void
  refuse: (error: unknown) => void
}
type Answer = () => void

/** Of a thread that writes while another one stands back. */
export interface Turns {
  /** Waits until this thread may write; what it answers says that it has written. */
  take: () => Promise<() => void>
  /** Whether somebody waits for the other thread to write again. */
  isAwaited: () => boolean
}
const ALL_TURNS: Turns = { take: async () => () => {}, isAwaited: () => false }

/** More, or longer, would have the first of them wait for longer than a COMMIT takes. */
const TOGETHER_MAX = 16
const TOGETHER_MS = 20

/**
 * Runs transactions one after the other on the connection that writes. Those that wait at the same
 * time share one COMMIT, which may take longer than they do: each further one in a savepoint, so
 * that one that fails undoes itself only, and none is answered before all are kept for good.
 */
export function commitTogether(
  connection: Sqlite.Database,
  begun: () => void,
  turns: Turns = ALL_TURNS,
) {
  const waiting: Waiting[] = []
  const standingBack: (() => Promise<void>)[] = []
  let last: Promise<void> | undefined
  let inGroup = 0
  let hasEnded = false
  const asked = new Int32Array(new SharedArrayBuffer(4))

  async function drain(): Promise<void> {
    while (waiting.length + standingBack.length > 0) {
      // Requests that have arrived come first: they read, or wait too and share this COMMIT.
      await setImmediate()
      if (waiting.length > 0) await runSome()
      await standingBack.shift()?.()
    }
    last = undefined
  }

  async function runSome(): Promise<void> {
    const some = waiting.splice(0, TOGETHER_MAX)
    inGroup = some.length
    const written = await turns.take()
    try {
      waiting.unshift(...(await runGroup(connection, begun, some)))
    } finally {
      written()
    }
  }

  return {
    run<T>(work: () => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, refuse) => {
        if (hasEnded) throw new Error('the database is closing')
        waiting.push({ work, keep: (result) => resolve(result as T), refuse })
        Atomics.add(asked, 0, 1)
        last ??= drain()
      })
    },
    /** Between two groups of transactions. `work` must not throw. */
    standBack(work: () => Promise<void>): Promise<void> {
      return new Promise((resolve) => {
        standingBack.push(() => work().finally(resolve))
        last ??= drain()
      })
    },
    /** One number, how often `run` was asked for: seen by a thread that writes meanwhile. */
    asked,
    /** Whether anybody waits for the one that is under way. */
    isAwaited: () => inGroup > 1 || waiting.length + standingBack.length > 0 || turns.isAwaited(),
    /** Takes no more; resolves when none is under way or waits. */
    async end(): Promise<void> {
      hasEnded = true
      await last
    },
  }
}

const execute = (connection: Sqlite.Database, statement: string) =>
  connection.prepare(statement).run()

/** Answers those that would have made the first ones wait for too long. */
async function runGroup(
  connection: Sqlite.Database,
  begun: () => void,
  [first, ...others]: Waiting[],
): Promise<Waiting[]> {
  if (!first) return []
  const group = [first]
  const answers: Answer[] = []
  const until = performance.now() + TOGETHER_MS
  try {
    execute(connection, 'BEGIN IMMEDIATE')
    begun()
    const result = await first.work()
    answers.push(() => first.keep(result))
    for (const one of others) {
      if (performance.now() > until) break
      group.push(one)
      answers.push(await inSavepoint(connection, one))
    }
    execute(connection, 'COMMIT')
    for (const answer of answers) answer()
  } catch (error) {
    if (connection.inTransaction) execute(connection, 'ROLLBACK')
    for (const { refuse } of group) refuse(error)
  }
  return others.slice(group.length - 1)
}

async function inSavepoint(
  connection: Sqlite.Database,
  { work, keep, refuse }: Waiting,
): Promise<Answer> {
  execute(connection, 'SAVEPOINT one')
  try {
    const result = await work()
    execute(connection, 'RELEASE one')
    return () => keep(result)
  } catch (error) {
    // On some errors (a full disk) SQLite takes everything back: then nobody's is kept.
    if (!connection.inTransaction) throw error
    execute(connection, 'ROLLBACK TO one')
    execute(connection, 'RELEASE one')
    return () => refuse(error)
  }
}
