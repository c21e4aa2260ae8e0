import { parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '../errors.ts'
import type { FromReader } from './import-rows-in-thread.ts'
import { type FileToRead, readFile } from './read-file.ts'

/** The program of a thread: reads one file, posts its rows a batch at a time. */
const port = parentPort
if (!port) throw new Error('import-thread runs as a worker thread')
const post = (message: FromReader) => port.postMessage(message)
const asked = () => new Promise<void>((resolve) => port.once('message', () => resolve()))

try {
  for await (const rows of readFile(workerData as FileToRead)) {
    const next = asked()
    post({ rows })
    await next
  }
  post({ done: true })
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  const { kind, code, words, field } = error
  post({ refused: { kind, code, words, field } })
}
