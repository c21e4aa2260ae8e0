import { on } from 'node:events'
import { deserialize } from 'node:v8'
import { Refusal, type ToldRefusal } from '../errors.ts'
import { startThread } from '../platform/start-thread.ts'
import type { ReadRow } from './import-row.ts'
import type { FileToRead } from './read-file.ts'

/**
 * What the thread answers: a batch, the end, or why the file is refused. A batch is unpacked when
 * its turn comes: rows that waited would outlive the young heap, and fill the old one as garbage.
 */
export type FromReader = { packed: Uint8Array } | { done: true } | { refused: ToldRefusal }

/** Reads a stranger's file somewhere it can do no harm. */
export type FileReader = (file: FileToRead) => AsyncGenerator<ReadRow[]>

const HEAP_MAX_MB = 384
/** A quarter of what it would be: rows are short-lived, and no slower to read. */
const YOUNG_HEAP_MAX_MB = 12
/** A file of the largest size takes a fraction of it between two batches. */
const SILENCE_MAX_MS = 120_000

/**
 * Reads a file in a thread with a heap of its own, a few batches ahead: whatever the file does
 * to the thread, the service answers on. Refuses: file-too-complex, and what `readFile` refuses.
 */
export async function* rowsInThread(file: FileToRead): AsyncGenerator<ReadRow[]> {
  const resourceLimits = {
    maxOldGenerationSizeMb: HEAP_MAX_MB,
    maxYoungGenerationSizeMb: YOUNG_HEAP_MAX_MB,
  }
  const worker = startThread('import-thread', import.meta.url, { workerData: file, resourceLimits })
  const silence = setTimeout(() => void worker.terminate(), SILENCE_MAX_MS)
  try {
    for await (const [message] of on(worker, 'message', { close: ['exit'] })) {
      silence.refresh()
      const answer = message as FromReader
      if ('done' in answer) return
      if ('refused' in answer) throw Refusal.of(answer.refused)
      worker.postMessage('next')
      yield deserialize(answer.packed) as ReadRow[]
    }
    throw tooComplex()
  } catch (error) {
    throw (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooComplex() : error
  } finally {
    clearTimeout(silence)
    await worker.terminate()
  }
}

function tooComplex(): Refusal {
  const words = {
    zh: '文件过于庞大或复杂,无法读取;请拆分后分别导入',
    en: 'the file is too large or complex to be read; split it and import the parts',
  }
  return new Refusal('too-large', 'file-too-complex', words, 'file')
}
