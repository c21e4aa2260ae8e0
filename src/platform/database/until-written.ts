import type { Reader } from './database.ts'
import { ofSession } from './prepared.ts'

/** What SQLite's handles have beside it. */
interface SqliteHandle {
  $client: { readonly: boolean; prepare(text: string): { pluck(): { get(): unknown } } }
}

/**
 * A number that is another one as soon as anything was written, by this process or another; none
 * for a connection that writes itself, and not on PostgreSQL.
 */
const versionsOf = ofSession((db: Reader) => {
  const { $client } = db as unknown as SqliteHandle
  if ($client.readonly !== true) return () => undefined
  const version = $client.prepare('pragma data_version').pluck()
  return () => version.get()
})
export const versionNow = (db: Reader): unknown => versionsOf(db)()

/**
 * Keeps what was read for as long as nothing at all is written to the database. What is kept is
 * answered at once, without a promise. At most `answersMax` are kept; one more, and they begin
 * anew. Who has just asked for the `version` says so.
 */
export function untilWritten<Answer extends object | string>(answersMax: number) {
  const kept = new WeakMap<Reader, { version: unknown; answers: Map<string, Answer> }>()
  return (
    db: Reader,
    key: string,
    read: () => Promise<Answer | undefined>,
    version = versionNow(db),
  ): Answer | Promise<Answer | undefined> => {
    if (version === undefined) return read()
    let now = kept.get(db)
    const known = now?.version === version ? now.answers.get(key) : undefined
    if (known !== undefined) return known
    if (now?.version !== version || now.answers.size >= answersMax) {
      now = { version, answers: new Map() }
      kept.set(db, now)
    }
    const { answers } = now
    return read().then((answer) => {
      if (answer !== undefined) answers.set(key, answer)
      return answer
    })
  }
}
