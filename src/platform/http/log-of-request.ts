import type { FastifyBaseLogger } from 'fastify'

type Log = FastifyBaseLogger
const METHODS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent', 'child'] as const

class Unmade {
  made: Log | undefined
  readonly make: () => Log

  constructor(make: () => Log) {
    this.make = make
  }
}
for (const method of METHODS)
  Reflect.set(Unmade.prototype, method, function (this: Unmade, ...words: unknown[]): unknown {
    this.made ??= this.make()
    return Reflect.apply(this.made[method], this.made, words)
  })

/** The log of a request, made when it is used: most requests use none. */
export const logOfRequest = (make: () => Log): Log => new Unmade(make) as unknown as Log
