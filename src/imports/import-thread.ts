import { serialize } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '../errors.ts'
import type { ReadRow } from './import-row.ts'
import type { FromReader } from './import-rows-in-thread.ts'
import { type FileToRead, readFile } from './read-file.ts'

/** The program of a thread: reads one file, posts its rows a batch at a time. */
const port = parentPort
if (!port) throw new Error('import-thread runs as a worker thread')
const post = (message: FromReader) => port.postMessage(message)
const postRows = (rows: ReadRow[]) => {
  const packed = serialize(rows)
  port.postMessage({ packed } satisfies FromReader, [packed.buffer as ArrayBuffer])
}

/** One batch ahead: it is taken before the one before it is recorded, and read meanwhile. */
let goOn = () => {}
port.on('message', () => goOn())

try {
  for await (const rows of readFile(workerData as FileToRead)) {
    const isTaken = new Promise<void>((resolve) => {
      goOn = resolve
    })
    postRows(rows)
    await isTaken
  }
  post({ done: true })
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  post({ refused: error.told() })
}
