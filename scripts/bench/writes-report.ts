import { textTable } from '../demo/text-table.ts'
import type { CountyRows } from './county-rows.ts'
import { count, machine, seconds, times } from './figures.ts'
import type { BesideNight, Waits } from './measure-beside-night.ts'
import type { PaymentRound } from './measure-payments.ts'

export interface MeasuredWrites {
  rounds: PaymentRound[]
  beside: BesideNight
  starts: { county: number; empty: number; node: number }
}

/** What was measured of writes, of the start and of requests during the night. */
export function writesReport(county: CountyRows, writes: MeasuredWrites): string[] {
  const { rounds, beside, starts } = writes
  const { first, again } = beside
  const rows = median(rounds.map(({ rowsPerPayment }) => rowsPerPayment))
  return [
    '',
    `Recording payments, each kept for good before it is answered (median of ${rounds.length})`,
    ...textTable([
      ['', 'payments/s', 'of the bare inserts', 'per CPU second', 'of the bare inserts'],
      paymentRow(`bare inserts of its ${rows.toFixed(1)} rows`, rounds, ({ bare }) => bare),
      paymentRow('over HTTP, ten at once', rounds, ({ http }) => http),
      paymentRow('over HTTP, one after the other', rounds, ({ httpAlone }) => httpAlone),
      paymentRow('within the process, ten at once', rounds, ({ within }) => within),
      paymentRow('  one after the other', rounds, ({ withinAlone }) => withinAlone),
    ]),
    '',
    'From the start of the process until it is ready (median of 5)',
    ...textTable([
      ['', 'seconds', 'time'],
      ['Node without a program', seconds(starts.node), times(starts.node / starts.empty)],
      ['a county without contracts', seconds(starts.empty), times(1)],
      [
        `a county of ${count(county.contracts)} contracts`,
        seconds(starts.county),
        times(starts.county / starts.empty),
      ],
    ]),
    '',
    'Requests during the night: 50 reads and 50 payments a second, from when each was due',
    ...textTable([
      ['', 'requests', 'median', 'p99', 'longest', 'p99 against idle'],
      ...waitRows('reading a contract', 'reading', beside),
      ...waitRows('recording a payment', 'paying', beside),
    ]),
    `  the first night ${seconds(first.night.seconds)}, again ${seconds(again.night.seconds)}`,
    '',
    machine(),
    `again: npm run bench -- --only writes --contracts ${county.contracts}`,
  ]
}

function paymentRow(
  name: string,
  rounds: PaymentRound[],
  of: (round: PaymentRound) => PaymentRound['bare'],
) {
  const columns = (['perSecond', 'perCpuSecond'] as const).flatMap((unit) => {
    const share = median(rounds.map((round) => of(round)[unit] / round.bare[unit]))
    return [count(median(rounds.map((round) => of(round)[unit]))), `${(100 * share).toFixed(0)} %`]
  })
  return [name, ...columns]
}

function waitRows(name: string, kind: keyof Waits, { idle, first, again }: BesideNight) {
  const p99 = (waits: Waits) => quantile(waits[kind], 0.99)
  const row = (when: string, waits: Waits) => [
    `${name}, ${when}`,
    count(waits[kind].length),
    milliseconds(quantile(waits[kind], 0.5)),
    milliseconds(p99(waits)),
    milliseconds(Math.max(...waits[kind])),
    times(p99(waits) / p99(idle)),
  ]
  return [
    row('idle', idle),
    row('during the first night', first.waits),
    row('during the night again', again.waits),
  ]
}

const milliseconds = (ms: number) => `${ms.toFixed(1)} ms`

function quantile(values: readonly number[], share: number): number {
  const inOrder = values.toSorted((a, b) => a - b)
  return inOrder[Math.min(inOrder.length - 1, Math.floor(share * inOrder.length))] ?? Number.NaN
}

const median = (values: readonly number[]) => quantile(values, 0.5)
