import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import Sqlite from 'better-sqlite3'
import { type AskedPaths, askedPaths } from './asked-paths.ts'
import { AS_OF, NOW } from './bench-county.ts'

const CONNECTIONS = 10
const SECONDS = 2
/** In turns, so that what else the machine does meets both. */
const TURNS = 3
const FIRSTS = 9

export interface MeasuredLoad {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Processor time of the process that answers, a request. */
  cpuMs: number
  /** Answers that were none, or not 200. */
  failed: number
}

export interface MeasuredRequests {
  name: string
  bodyBytes: number
  /** How long one answer takes right after something was recorded: nothing is kept then. */
  firstMs: number
  service: MeasuredLoad
  bare: MeasuredLoad
}

export interface MeasuredSummary {
  /** The county's table by township, right after something was recorded, and asked for again. */
  firstMs: number
  againMs: number
  /** One statement that sums the stored scores by township. */
  sqlMs: number
}

/**
 * Every kind of request, to the service on the county at `path` and to Fastify alone, which sends the
 * same bytes; and the summary beside one SQL statement.
 */
export async function measureRequests(
  path: string,
): Promise<{ requests: MeasuredRequests[]; summary: MeasuredSummary }> {
  const service = await start(new URL('./requests-program.mjs', import.meta.url), [path, NOW])
  const bare = await start(new URL('./bare-program.mjs', import.meta.url), [])
  try {
    const ask = async (url: string) => (await answerOf(service, url)).body
    const requests: MeasuredRequests[] = []
    for (const asked of await askedPaths(path, ask))
      requests.push(await measure(service, bare, asked))
    return { requests, summary: await measureSummary(service, path) }
  } finally {
    service.process.disconnect()
    bare.process.disconnect()
  }
}

async function measureSummary(service: Answering, path: string): Promise<MeasuredSummary> {
  const connection = new Sqlite(path, { readonly: true })
  const statement = connection.prepare(SUMMARY_SQL)
  const ask = () => answerOf(service, '/api/v1/risk/summary?by=township')
  const turns = { first: [] as number[], again: [] as number[], sql: [] as number[] }
  for (let turn = 0; turn < SUMMARIES; turn++) {
    await tell(service, 'record')
    turns.first.push(await msOf(ask))
    turns.again.push(await msOf(ask))
    turns.sql.push(await msOf(() => statement.all(AS_OF, AS_OF)))
  }
  connection.close()
  const [firstMs, againMs, sqlMs] = [turns.first, turns.again, turns.sql].map(medianOf)
  return { firstMs, againMs, sqlMs } as MeasuredSummary
}

const SUMMARIES = 9
const SUMMARY_SQL = `
  select substr(village_code, 1, 9) township, arrears_class, min(years_owed, 7) years,
    start_on <= ? and end_on >= ? in_force, count(*) contracts, sum(area_hundredths) area,
    sum(arrears_fen) arrears, sum(case when arrears_fen > 0 then households else 0 end) households
  from risks group by 1, 2, 3, 4`

async function msOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

const medianOf = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]

interface Answering {
  process: ChildProcess
  url: string
  headers: Record<string, string>
}

async function start(program: URL, words: string[]): Promise<Answering> {
  // The log goes where nothing waits for it; what goes wrong is seen.
  const child = fork(program, words, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ port, token }] = (await once(child, 'message')) as [{ port: number; token?: string }]
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  return { process: child, url: `http://127.0.0.1:${port}`, headers }
}

async function answerOf({ url, headers }: Answering, path: string) {
  const reply = await fetch(url + path, { headers })
  const body = await reply.text()
  if (reply.status !== 200) throw new Error(`${path} is answered ${reply.status}: ${body}`)
  return { path, type: reply.headers.get('content-type') ?? '', body }
}

async function measure(
  service: Answering,
  bare: Answering,
  { name, paths }: AskedPaths,
): Promise<MeasuredRequests> {
  const answers = []
  for (const path of paths) answers.push(await answerOf(service, path))
  await tell(bare, answers)
  const firsts: number[] = []
  for (let at = 0; at < FIRSTS; at++) {
    await tell(service, 'record')
    firsts.push(await msOf(() => answerOf(service, paths[at % paths.length] as string)))
  }
  const loads = { service: [] as MeasuredLoad[], bare: [] as MeasuredLoad[] }
  for (let turn = 0; turn < TURNS; turn++) {
    loads.service.push(await load(service, paths))
    loads.bare.push(await load(bare, paths))
  }
  const bytes = answers.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0)
  return {
    name,
    bodyBytes: bytes / answers.length,
    firstMs: medianOf(firsts) as number,
    service: median(loads.service),
    bare: median(loads.bare),
  }
}

async function load(of: Answering, paths: string[]): Promise<MeasuredLoad> {
  const before = await tell(of)
  const result = await autocannon({
    url: of.url,
    headers: of.headers,
    requests: paths.map((path) => ({ path })),
    connections: CONNECTIONS,
    duration: SECONDS,
  })
  const after = await tell(of)
  const cpuMicros = after.user + after.system - before.user - before.system
  return {
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMs: cpuMicros / 1000 / result.requests.total,
    failed: result.errors + result.timeouts + result.non2xx,
  }
}

/** Tells a process something; it answers the processor time that it has taken. */
async function tell({ process }: Answering, message: object | string | null = null) {
  const told = once(process, 'message') as Promise<[NodeJS.CpuUsage]>
  process.send(message as never)
  return (await told)[0]
}

function median(loads: MeasuredLoad[]): MeasuredLoad {
  const inOrder = loads.toSorted((a, b) => a.perSecond - b.perSecond)
  const failed = loads.reduce((sum, one) => sum + one.failed, 0)
  return { ...(inOrder[Math.floor(loads.length / 2)] as MeasuredLoad), failed }
}
