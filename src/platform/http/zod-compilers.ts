import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify'
import type { z } from 'zod'
import { InvalidRequest } from './problem-details.ts'

/** Validates with zod. A null in a body is the same as nothing: clients write both for a gap. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  // Most queries are empty: what defaults make of one is the same each time.
  const ofNothing = httpPart === 'querystring' ? schema.safeParse({}) : undefined
  return (data) => {
    if (ofNothing?.success && isEmpty(data)) return { value: { ...(ofNothing.data as object) } }
    const given = httpPart === 'body' ? withoutNulls(data) : data
    const parsed = schema.safeParse(given ?? {}, { reportInput: true })
    if (parsed.success) return { value: parsed.data }
    return { error: new InvalidRequest(parsed.error.issues) }
  }
}

function isEmpty(data: unknown): boolean {
  for (const _name in data as object) return false
  return true
}

// Replies are built by our own code and typed; their schemas serve the documentation, and
// checking them again on the way out could only turn a good answer into a failure.
export const serializerCompiler: FastifySerializerCompiler<unknown> = () => JSON.stringify

function withoutNulls(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutNulls)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, withoutNulls(value)]),
  )
}
