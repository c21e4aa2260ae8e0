import { textTable } from '../demo/text-table.ts'
import { count, machine, times } from './figures.ts'
import type { MeasuredLoad, MeasuredRequests, measureRequests } from './measure-requests.ts'

/** What was measured of requests, for a person to read. */
export function requestsReport(
  contracts: number,
  { requests, summary }: Awaited<ReturnType<typeof measureRequests>>,
): string[] {
  return [
    '',
    `Requests of a county of ${count(contracts)} contracts, beside Fastify alone sending the same bytes`,
    ...textTable([
      ['', 'bytes', 'service/s', 'Fastify/s', 'share', 'p50, p99', 'Fastify', 'CPU', 'first'],
      ...requests.map(row),
    ]),
    '  10 connections; share: of requests a second; CPU: times that of Fastify, a request; ms',
    '  each reply is kept until something is recorded; first: one answer right after that, nothing kept',
    '',
    'The summary by township, beside one SQL statement over the stored scores',
    ...textTable([
      ['', 'ms', 'against the statement'],
      ['one SQL statement, prepared', ms(summary.sqlMs), ''],
      ['the reply after something was recorded', ...against(summary.firstMs, summary.sqlMs)],
      ['the reply asked for again', ...against(summary.againMs, summary.sqlMs)],
    ]),
    '',
    machine(),
    `again: npm run bench -- --only requests --contracts ${contracts}`,
  ]
}

const row = ({ name, bodyBytes, service, bare, firstMs }: MeasuredRequests) => [
  name,
  count(bodyBytes),
  count(service.perSecond),
  count(bare.perSecond),
  `${((100 * service.perSecond) / bare.perSecond).toFixed(1)} %`,
  latency(service),
  latency(bare),
  times(service.cpuMs / bare.cpuMs),
  ms(firstMs),
]

const latency = ({ p50Ms, p99Ms }: MeasuredLoad) => `${p50Ms}, ${p99Ms}`
const ms = (n: number) => n.toFixed(1)
const against = (n: number, other: number) => [ms(n), times(n / other)]
