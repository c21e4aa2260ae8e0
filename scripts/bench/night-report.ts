import { textTable } from '../demo/text-table.ts'
import { AS_OF } from './bench-county.ts'
import type { CountyRows } from './county-rows.ts'
import { count, machine, megabytes, seconds, times } from './figures.ts'
import type { MeasuredFacts } from './measure-facts.ts'
import type { MeasuredNight } from './measure-night.ts'

/** What was measured of the night, for a person to read. */
export function reportOf(
  county: CountyRows,
  { start, first, again }: Record<'start' | 'first' | 'again', MeasuredNight>,
  facts: MeasuredFacts,
): string[] {
  const levels = Object.entries(first.run.counts.byLevel).map(
    ([level, n]) => `${level} ${count(n)}`,
  )
  return [
    '',
    `The bench county on ${AS_OF} (invented, from a fixed seed)`,
    ...textTable(Object.entries(county).map(([name, rows]) => [name, count(rows)])),
    '',
    'The night whole, in a thread of its own beside the one that answers requests',
    ...textTable([
      ['', 'seconds', 'longest write', 'contracts/s', 'peak memory', 'rows written', 'time'],
      nightRow('first time', first, first),
      nightRow('again, nothing changed', again, first),
      nightRow('of a county without contracts', start, first),
    ]),
    `  ${levels.join(' · ')} · failures ${first.run.failures.length}`,
    '',
    'The facts step: who owes what since when (warm, median of 3)',
    ...textTable([
      ['', 'seconds', 'contracts/s', 'against the query', 'and its rows read'],
      factsRow('this service, as stored of whoever is quiet', facts.storedSeconds, facts, county),
      factsRow('this service, all from the facts', facts.factsSeconds, facts, county),
      factsRow('DuckDB, one window query', facts.duckDbSeconds, facts, county),
      factsRow('  and its rows read into JavaScript', facts.duckDbReadSeconds, facts, county),
    ]),
    `  answers compared: ${count(facts.compared)} contracts without designated payments, ` +
      `${count(facts.mismatches.length)} mismatches`,
    `  in arrears ${count(facts.inArrears)} (${((100 * facts.inArrears) / county.contracts).toFixed(1)} %)` +
      ` · with designated payments ${count(facts.designated)}, which the query cannot answer`,
    '',
    `${machine()} · DuckDB on all cores, the service on one`,
    `again: npm run bench -- --only night --contracts ${county.contracts}`,
  ]
}

function nightRow(name: string, night: MeasuredNight, first: MeasuredNight): string[] {
  const { contracts } = night.run.counts
  return [
    name,
    seconds(night.seconds),
    `${count(night.longestMs)} ms`,
    contracts === 0 ? '–' : count(contracts / night.seconds),
    megabytes(night.peakBytes),
    count(night.rowsWritten),
    times(night.seconds / first.seconds),
  ]
}

function factsRow(
  name: string,
  taken: number,
  { duckDbSeconds, duckDbReadSeconds }: MeasuredFacts,
  { contracts }: CountyRows,
): string[] {
  return [
    name,
    seconds(taken),
    count(contracts / taken),
    times(taken / duckDbSeconds),
    times(taken / duckDbReadSeconds),
  ]
}
