import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A program of this folder that does, in a process of its own, what it is told. */
export interface Child<Begun> {
  /** What it said when it was ready. */
  begun: Begun
  tell<Answer>(task: string, ...words: unknown[]): Promise<Answer>
  end(): Promise<void>
}

export async function startChild<Begun>(program: URL, ...args: string[]): Promise<Child<Begun>> {
  const child = fork(program, args, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  const lost = exited.then(([code]) =>
    Promise.reject(new Error(`${program.pathname} ended (${code})`)),
  )
  lost.catch(() => undefined)
  const answer = async <Answer>() => {
    const [message] = await Promise.race([once(child, 'message'), lost])
    return message as Answer
  }
  return {
    begun: await answer<Begun>(),
    tell(task, ...words) {
      child.send({ task, words })
      return answer()
    },
    async end() {
      child.send({ task: 'end' })
      await exited
    },
  }
}
