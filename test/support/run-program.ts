import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const LOADER = import.meta.resolve('tsx')

export interface Program {
  process: ChildProcess
  /** What it has printed so far. */
  output: { stdout: string; stderr: string }
  /** Resolves with its exit code. */
  ended: Promise<number | null>
}

/** Starts a program of this project as its user would, built, in a folder of its own. */
export function runProgram(
  file: string,
  args: string[],
  options: { cwd: string; env?: Record<string, string> },
): Program {
  const loader = file.startsWith('src/') ? [] : ['--import', LOADER]
  const program = resolve(ROOT, file.replace(/^src\/(.*)\.ts$/, 'dist/$1.js'))
  if (loader.length === 0) buildOnce()
  const child = spawn(process.execPath, [...loader, program, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  return { process: child, output, ended }
}

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/**
 * Command lines in one process, one after the other, each as in a process of its own: starting one
 * takes longer than most of them.
 */
export function openCommandLine(options: { cwd: string; env?: Record<string, string> }) {
  buildOnce()
  const host = fork(join(import.meta.dirname, 'command-host.mjs'), {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    execArgv: [],
  })
  const broken = once(host, 'exit').then(([code]) => {
    throw new Error(`the host of the command lines has ended with ${code}`)
  })
  broken.catch(() => {})
  let last: Promise<unknown> = Promise.resolve()
  return {
    /** What is `typed` is piped in; `env` holds for this one. */
    run(args: string[], { typed = '', env = {} as Record<string, string> } = {}): Promise<Ended> {
      const run = last.then(async () => {
        host.send({ args, typed, env })
        const [ended] = await Promise.race([once(host, 'message'), broken])
        return ended as Ended
      })
      last = run.catch(() => undefined)
      return run
    },
    close: () => host.disconnect(),
  }
}

let isBuilt = false

/** Nothing to do after `npm test` has built, unless src was changed since. */
function buildOnce(): void {
  if (!isBuilt) execFileSync(process.execPath, [join(ROOT, 'scripts/setup.mjs'), 'build'])
  isBuilt = true
}

/** Waits until `holds` is true, at most half a minute. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return
    await new Promise((go) => setTimeout(go, 50))
  }
  throw new Error('it did not come to pass within 30 seconds')
}
