import { textTable } from '../demo/text-table.ts'
import { count, machine, megabytes, seconds, times } from './figures.ts'
import type { MeasuredFiles, MeasuredImport, MeasuredRun } from './measure-files.ts'

/** What was measured of files, for a person to read. */
export function filesReport(files: MeasuredFiles): string[] {
  const { rows, reader, first, again, few, many, writer, exported } = files
  const importRow = (name: string, run: MeasuredImport) => [
    ...runRow(name, run, rows, reader),
    `${count(run.longestWaitMs)} ms`,
  ]
  return [
    '',
    `A ledger of ${count(rows)} contracts (xlsx, as this service exports it), taken in`,
    ...textTable([
      ['', 'seconds', 'rows/s', 'against the library', 'peak memory', 'longest wait'],
      [...runRow('the library alone: cells, nothing kept', reader, rows, reader), ''],
      importRow('import into an empty county', first),
      importRow('the same file again: all unchanged', again),
    ]),
    '',
    `${count(many)} rows of 20 columns, written as xlsx`,
    ...textTable([
      ['', 'seconds', 'rows/s', 'against the library', 'peak memory'],
      runRow('the library alone: no title, borders, sums', writer, many, writer),
      runRow('export', exported, many, writer),
    ]),
    '',
    'Peak memory of the process',
    ...textTable([
      ['', `${count(few)} rows`, `${count(many)} rows`],
      ['import of contracts', ...[files.importedFew, files.importedMany].map(memory)],
      ['export', ...[files.exportedFew, exported].map(memory)],
    ]),
    '',
    machine(),
    `again: npm run bench -- --only files --rows ${rows}`,
  ]
}

const memory = ({ peakBytes }: MeasuredRun) => megabytes(peakBytes)

const runRow = (name: string, run: MeasuredRun, rows: number, library: MeasuredRun) => [
  name,
  seconds(run.seconds),
  count(rows / run.seconds),
  times(run.seconds / library.seconds),
  megabytes(run.peakBytes),
]
