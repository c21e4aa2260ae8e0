import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

/** This process, told apart from later ones that are given its number. */
export const THIS_PROCESS = `${hostname()} ${process.pid} ${randomUUID()}`

/** Whether a process may still be at work, as far as can be seen from this machine. */
export function isAtWork(name: string): boolean {
  if (name === THIS_PROCESS) return true
  const [host, pid] = name.split(' ')
  return host === hostname() && Number(pid) !== process.pid && isThere(Number(pid))
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}
