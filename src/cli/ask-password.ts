import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { WrongCommand } from './verb.ts'

/** A new password: typed twice at a terminal, unseen; else the first line of what is piped in. */
export async function askPassword(): Promise<string> {
  const { stdin } = process
  if (!stdin.isTTY) return (await text(stdin)).split(/\r?\n/)[0] ?? ''
  const password = await typed('密码 password: ')
  if ((await typed('再输一次 again: ')) !== password)
    throw new WrongCommand('两次输入不同 · the two are not the same')
  return password
}

async function typed(prompt: string): Promise<string> {
  const { stdin: input, stderr } = process
  // What is typed is echoed into the void.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input, output, terminal: true })
  const stop = new AbortController()
  reader.on('SIGINT', () => stop.abort())
  stderr.write(prompt)
  try {
    return await reader.question('', { signal: stop.signal })
  } catch {
    throw new WrongCommand('没有输入密码 · no password was given')
  } finally {
    reader.close()
    stderr.write('\n')
  }
}
