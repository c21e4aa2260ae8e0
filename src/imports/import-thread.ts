import { parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '../errors.ts'
import type { FromReader } from './import-rows-in-thread.ts'
import { type FileToRead, readFile } from './read-file.ts'

/** The program of a thread: reads one file, posts its rows a batch at a time. */
const port = parentPort
if (!port) throw new Error('import-thread runs as a worker thread')
const post = (message: FromReader) => port.postMessage(message)

/** Batches that nobody has taken yet; reading goes on meanwhile, so that neither side waits. */
const BATCHES_AHEAD_MAX = 3
let ahead = 0
let goOn = () => {}
port.on('message', () => {
  ahead -= 1
  goOn()
})

try {
  for await (const rows of readFile(workerData as FileToRead)) {
    ahead += 1
    post({ rows })
    if (ahead < BATCHES_AHEAD_MAX) continue
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
  }
  post({ done: true })
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  post({ refused: error.told() })
}
