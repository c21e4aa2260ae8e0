/** SIGTERM while the service is at work: real processes, real sockets. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openCommandLine, type Program, runProgram, until } from './support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'land-rent-ended-'))
const env = { PORT: '0', DATABASE_URL: `file:${cwd}/county.db` }
const commandLine = openCommandLine({ cwd, env })
afterAll(() => {
  commandLine.close()
  rmSync(cwd, { recursive: true, force: true })
})
let token: string

beforeAll(async () => {
  const { stdout } = await commandLine.run('token add --label 县局 --role admin'.split(' '))
  token = stdout.trim()
})

async function started() {
  const program = runProgram('src/main.ts', [], { cwd, env })
  const port = () => Number(/127\.0\.0\.1:(\d+)/.exec(program.output.stdout)?.[1] ?? 0)
  await until(() => port() > 0)
  return { program, port: port() }
}

/** Begins to record an operator; answers how to say the rest, and what is heard until the end. */
async function beginToRecord(port: number, name: string) {
  const body = JSON.stringify({ name, kind: 'company' })
  const headers = [
    'POST /api/v1/operators HTTP/1.1',
    'host: here',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  const socket = await opened(port)
  const heard = heardBy(socket)
  socket.write(`${headers.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`)
  // Answered after what came before it, on a connection that is kept.
  expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200)
  return { heard, sayTheRest: () => socket.write(body.slice(5)) }
}

const opened = (port: number) =>
  new Promise<Socket>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
  })

function heardBy(socket: Socket): Promise<string> {
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk.toString()
  })
  socket.on('error', () => {})
  return new Promise((resolve) => socket.on('close', () => resolve(heard)))
}

const isRefused = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', () => resolve(true))
  })

const single = (query: string) => {
  const db = new Sqlite(join(cwd, 'county.db'))
  const found = db.prepare(query).pluck().get()
  db.close()
  return found
}
const ended = async ({ process, ended: code }: Program) => {
  const startedAt = Date.now()
  process.kill('SIGTERM')
  return { code: await code, ms: Date.now() - startedAt }
}

it('answers what is under way, takes nothing new, and is not held up by idle clients', async () => {
  const { program, port } = await started()
  const silent = await opened(port)
  const recording = await beginToRecord(port, '青溪果业')
  program.process.kill('SIGTERM')
  await until(() => isRefused(port))
  expect(program.process.exitCode).toBe(null)
  recording.sayTheRest()
  const heard = await recording.heard
  expect(heard).toMatch(/^HTTP\/1\.1 201 Created\r\n/)
  expect(heard).toMatch(/^connection: close\r$/im)
  expect(await program.ended).toBe(0)
  silent.destroy()
  expect(single(`select count(*) from operators where name = '青溪果业'`)).toBe(1)
  expect(program.output.stdout).not.toContain('"level":50')
})

it('does not wait for ever for a request that does not come to its end', async () => {
  const { program, port } = await started()
  const recording = await beginToRecord(port, '云树果业')
  const { code, ms } = await ended(program)
  expect(code).toBe(0)
  expect(ms).toBeGreaterThan(9_000)
  expect(ms).toBeLessThan(14_000)
  expect(await recording.heard).toBe('')
}, 40_000)

it('leaves a night that is under way to the next start', async () => {
  expect((await commandLine.run(['night'])).code).toBe(0)
  single(`update runs set status = 'running' returning 1`)
  const cutOff = runProgram('src/main.ts', [], { cwd, env })
  await until(() => cutOff.output.stdout.includes('a night begins'))
  const { code, ms } = await ended(cutOff)
  expect(code).toBe(0)
  expect(ms).toBeLessThan(5000)
  const { program } = await started()
  await until(() => single('select status from runs') === 'completed')
  expect((await ended(program)).code).toBe(0)
  expect((await commandLine.run(['verify'])).stdout).toContain('differences: 0')
})
