import type { Reader } from './database.ts'

/**
 * Keeps what was read for as long as nothing is recorded: whatever records something moves the
 * ledger's last instant, which a request reads before anything else. `key` says all else that the
 * answer depends on. At most `answersMax` are kept; one more, and they begin anew.
 */
export function untilRecorded<Answer>(answersMax: number) {
  const kept = new WeakMap<Reader, { instant: string; answers: Map<string, Promise<Answer>> }>()
  return (
    db: Reader,
    instant: string,
    key: string,
    read: () => Promise<Answer>,
  ): Promise<Answer> => {
    let now = kept.get(db)
    const known = now?.instant === instant ? now.answers.get(key) : undefined
    if (known) return known
    if (now?.instant !== instant || now.answers.size >= answersMax) {
      now = { instant, answers: new Map() }
      kept.set(db, now)
    }
    const { answers } = now
    const answer = read()
    answers.set(key, answer)
    answer.catch(() => answers.delete(key))
    return answer
  }
}
