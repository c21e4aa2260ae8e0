import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ImportCounts } from '../../src/platform/database/tables-of-imports.ts'
import { FOLDER, NOW, TIME_ZONE } from './bench-county.ts'
import { contractFile, emptyCounty } from './contract-file.ts'

const PROGRAM = fileURLToPath(new URL('./files-program.mjs', import.meta.url))
/** Runs that take seconds are repeated, in turns with what they stand against; medians. */
const REPEATS = 3

export interface MeasuredRun {
  seconds: number
  /** The most memory that the process had, threads included. */
  peakBytes: number
}
export interface MeasuredImport extends MeasuredRun {
  counts: ImportCounts
  /** How long a request had to wait at most. */
  longestWaitMs: number
}

export type MeasuredFiles = Awaited<ReturnType<typeof measureFiles>>

/**
 * Imports of contracts against the library's reader on the same file, exports against its writer of
 * the same cells; and the memory that both take for `few` and for `many` rows.
 */
export async function measureFiles(rows: number, few: number, many: number) {
  const file = `${FOLDER}/contracts-${rows}.xlsx`
  await contractFile(file, rows)
  const readers = Array.from({ length: REPEATS }, () => measure<MeasuredRun>('read', file))
  const [first, again] = await importOf(file, 2)
  const turns = Array.from({ length: REPEATS }, () => ({
    alone: measure<MeasuredRun>('writeAlone', many),
    ours: measure<MeasuredRun>('write', many),
  }))
  return {
    rows,
    reader: median(readers),
    ...{ first, again },
    ...{ few, many },
    writer: median(turns.map(({ alone }) => alone)),
    exported: median(turns.map(({ ours }) => ours)),
    exportedFew: measure<MeasuredRun>('write', few),
    importedFew: await importedMemory(few),
    importedMany: await importedMemory(many),
  }
}

async function importedMemory(rows: number): Promise<MeasuredImport> {
  const file = `${FOLDER}/contracts-${rows}.xlsx`
  await contractFile(file, rows)
  const [only] = await importOf(file, 1)
  return only
}

async function importOf(file: string, repeats: number): Promise<[MeasuredImport, MeasuredImport]> {
  const county = `${FOLDER}/imported.db`
  await emptyCounty(county)
  return measure('import', file, county, NOW, TIME_ZONE, repeats)
}

function measure<Measured>(...words: (string | number)[]): Measured {
  const reply = execFileSync(process.execPath, [PROGRAM, ...words.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(reply) as Measured
}

function median(runs: MeasuredRun[]): MeasuredRun {
  const inOrder = runs.toSorted((a, b) => a.seconds - b.seconds)
  return inOrder[Math.floor(runs.length / 2)] as MeasuredRun
}
