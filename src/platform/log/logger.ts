import { pino, stdSerializers } from 'pino'

/** Fields that may hold personal data or secrets, wherever they stand in what is logged. */
const REDACTED = ['authorization', 'name', 'lessor', 'representative', 'phone', 'uscc', 'note']

/** JSON lines on stdout. Requests are logged by method, route and id: never their bodies. */
export function createLogger(level: string) {
  return pino({
    level,
    redact: {
      paths: [...REDACTED, ...REDACTED.map((field) => `*.${field}`), 'req.headers', 'res.headers'],
      remove: true,
    },
    serializers: {
      req: ({ method, url, id }: { method: string; url: string; id: string }) => ({
        method,
        path: url.split('?')[0],
        id,
      }),
      err: (error: Error) => {
        const { type, message, stack } = stdSerializers.err(error)
        return { type, message, stack }
      },
    },
  })
}
export type Logger = ReturnType<typeof createLogger>
