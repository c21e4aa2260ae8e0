import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** This process, told apart from later ones that are given its number. */
export const THIS_PROCESS = `${hostname()} ${process.pid} ${lifeOf(process.pid) ?? randomUUID()}`

/** Whether another process may still be at work, as far as can be seen from this machine. */
export function isAtWork(name: string): boolean {
  const [host, pid, life] = name.split(' ')
  if (host !== hostname() || Number(pid) === process.pid || !isThere(Number(pid))) return false
  // Where nothing is told of it, one that was given the number anew is taken for it.
  return (lifeOf(Number(pid)) ?? life) === life
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** When a process began, on Linux: the boot of the machine, and its ticks since then. */
function lifeOf(pid: number): string | undefined {
  const stat = contentOf(`/proc/${pid}/stat`)
  const boot = contentOf('/proc/sys/kernel/random/boot_id')
  if (stat === undefined || boot === undefined) return undefined
  // Its name, which comes second and in brackets, may hold anything.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // What was killed stays listed until whoever started it takes note.
  return state === 'Z' || state === 'X' ? 'over' : `${boot.trim()}/${rest[18]}`
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
