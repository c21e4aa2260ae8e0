import { startChild } from './child.ts'
import { type DrawnPayments, take } from './drawn-payments.ts'
import { type Client, clientOf, type Listening } from './http-client.ts'

const ROUNDS = 3
const AT_ONCE = 10
const SERVICE = new URL('./writes-service.mjs', import.meta.url)
const BARE = new URL('./bare-payments.mjs', import.meta.url)

interface Inserted {
  seconds: number
  cpuSeconds: number
  payments: number
  rows: number
}
/** Payments a second of time, and of the processor's time of the process that keeps them. */
interface Pace {
  perSecond: number
  perCpuSecond: number
}
export interface PaymentRound {
  bare: Pace
  http: Pace
  httpAlone: Pace
  within: Pace
  withinAlone: Pace
  rowsPerPayment: number
}

/**
 * Payments by the service on `served`, over HTTP and within its process, ten at once and one after
 * the other; and by bare inserts of the rows of the first into `copy`. In rounds, so that what else
 * the machine does falls on all of them.
 */
export async function measurePayments(
  served: string,
  copy: string,
  now: string,
  perRound: number,
  drawn: DrawnPayments,
): Promise<PaymentRound[]> {
  const service = await startChild<Listening>(SERVICE, served, now)
  const bare = await startChild(BARE, copy)
  const client = clientOf(service.begun)
  const pace = (seconds: number, cpuSeconds: number): Pace => ({
    perSecond: perRound / seconds,
    perCpuSecond: perRound / cpuSeconds,
  })
  const paced = async (work: () => Promise<number>) => {
    const before = await service.tell<number>('cpu')
    const seconds = await work()
    return pace(seconds, (await service.tell<number>('cpu')) - before)
  }
  const overHttp = (atOnce: number) => paced(() => sendAll(client, take(drawn, perRound), atOnce))
  const within = (atOnce: number) =>
    paced(() => service.tell<number>('pay', take(drawn, perRound), atOnce))
  const round = async (): Promise<PaymentRound> => {
    const from = await service.tell<string>('instant')
    const http = await overHttp(AT_ONCE)
    const inserted = await bare.tell<Inserted>('insert', served, from)
    if (inserted.payments !== perRound) throw new Error(`${inserted.payments} payments were kept`)
    return {
      bare: pace(inserted.seconds, inserted.cpuSeconds),
      http,
      httpAlone: await overHttp(1),
      within: await within(AT_ONCE),
      withinAlone: await within(1),
      rowsPerPayment: inserted.rows / perRound,
    }
  }
  // The first one warms up: programs, caches, statements.
  const rounds: PaymentRound[] = []
  for (let no = 0; no <= ROUNDS; no++) rounds.push(await round())
  client.close()
  await service.end()
  await bare.end()
  return rounds.slice(1)
}

/** The seconds that it took. */
async function sendAll(
  client: Client,
  payments: ReturnType<typeof take>,
  atOnce: number,
): Promise<number> {
  const waiting = payments.values()
  const startedAt = performance.now()
  const one = async () => {
    for (const { contractId, body } of waiting)
      await client.send('POST', `/contracts/${contractId}/payments`, 201, body)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return (performance.now() - startedAt) / 1000
}
