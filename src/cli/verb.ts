import type { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import type { openService } from '../open-service.ts'

/** What may stand behind the verbs. */
export const OPTIONS = {
  label: { type: 'string' },
  role: { type: 'string' },
  region: { type: 'string' },
  expires: { type: 'string' },
  username: { type: 'string' },
  generate: { type: 'boolean' },
  head: { type: 'string' },
  'as-of': { type: 'string' },
  mapping: { type: 'string' },
  result: { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const
export type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

type Service = Awaited<ReturnType<typeof openService>>
export type Verb = (service: Service, flags: Flags, rest: string[], config: Config) => Promise<void>

/** The command is not one; its message says why, its usage what it should have been. */
export class WrongCommand extends Error {
  readonly usage: string | undefined
  constructor(message: string, usage?: string) {
    super(message)
    this.usage = usage
  }
}

export const print = (line: string) => process.stdout.write(`${line}\n`)
