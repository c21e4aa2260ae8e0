import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const STARTS = 5
const ASK_AGAIN_MS = 5

/** Seconds from the start of the service on `path` until it is ready; the median of some. */
export async function measureStart(path: string): Promise<number> {
  const starts: number[] = []
  for (let no = 0; no < STARTS; no++) starts.push(await start(path))
  return median(starts)
}

async function start(path: string): Promise<number> {
  const port = await freePort()
  const env = { ...process.env, DATABASE_URL: `file:${path}`, PORT: `${port}` }
  const startedAt = performance.now()
  const service = spawn(process.execPath, [PROGRAM], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while (!(await isReady(port))) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  const seconds = (performance.now() - startedAt) / 1000
  service.kill()
  await once(service, 'exit')
  return seconds
}

/** Seconds until a process of Node without a program has ended: no start can be shorter. */
export async function measureNode(): Promise<number> {
  const starts: number[] = []
  for (let no = 0; no < STARTS; no++) {
    const startedAt = performance.now()
    await once(spawn(process.execPath, ['-e', '0']), 'exit')
    starts.push((performance.now() - startedAt) / 1000)
  }
  return median(starts)
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
