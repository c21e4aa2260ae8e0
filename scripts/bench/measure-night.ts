import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Run } from '../../src/risk/risk-store.ts'
import { AS_OF, NOW, TIME_ZONE } from './bench-county.ts'

const PROGRAM = fileURLToPath(new URL('./night-program.mjs', import.meta.url))

export interface MeasuredNight {
  seconds: number
  /** The longest that the night has kept others from writing. */
  longestMs: number
  /** The most memory that the whole process had, threads included. */
  peakBytes: number
  /** Risks and score changes that it put. */
  rowsWritten: number
  run: Run
}

/** The night of the county at `path`, the first time and again: as `npm start` would run it. */
export function measureNights(path: string): [MeasuredNight, MeasuredNight] {
  const reply = execFileSync(process.execPath, [PROGRAM, path, AS_OF, NOW, TIME_ZONE], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(reply) as [MeasuredNight, MeasuredNight]
}
