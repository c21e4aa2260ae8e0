import type { Reader } from './database.ts'

/**
 * Keeps what was read for as long as nothing is recorded: whatever records something moves the
 * ledger's last instant, which a request reads before anything else. `key` says all else that the
 * answer depends on. What is kept is answered at once, without a promise. At most `answersMax` are
 * kept; one more, and they begin anew. `isKept` tells which are.
 */
export function untilRecorded<Answer>(
  answersMax: number,
  isKept: (answer: Answer) => boolean = () => true,
) {
  type Kept = Answer | Promise<Answer>
  const kept = new WeakMap<Reader, { instant: string; answers: Map<string, Kept> }>()
  return (db: Reader, instant: string, key: string, read: () => Promise<Answer>): Kept => {
    let now = kept.get(db)
    if (now?.instant === instant && now.answers.has(key)) return now.answers.get(key) as Kept
    if (now?.instant !== instant || now.answers.size >= answersMax) {
      now = { instant, answers: new Map() }
      kept.set(db, now)
    }
    const { answers } = now
    const answer = read()
    answers.set(key, answer)
    // Who asks meanwhile waits for the same.
    answer.then(
      (read) => (isKept(read) ? answers.set(key, read) : answers.delete(key)),
      () => answers.delete(key),
    )
    return answer
  }
}
