import type { FastifyReply } from 'fastify'
import { maskedView } from '../../domain/masked-view.ts'
import type { Reader } from '../database/database.ts'
import { untilRecorded } from '../database/until-recorded.ts'
import { whenThere } from '../when-there.ts'

/**
 * Sends replies of JSON, masked, whose bytes are kept until something is recorded. `key` names what
 * else replies of the route depend on: contract, query, language. Whoever asks has been let through
 * before: that is looked at for each request.
 */
export function keptReplies(answersMax: number) {
  const kept = untilRecorded<Buffer>(answersMax)
  return (
    db: Reader,
    reply: FastifyReply,
    { asOf, knownAt }: { asOf: string; knownAt: string },
    key: string,
    view: () => Promise<object>,
  ): void | Promise<void> => {
    const json = kept(db, knownAt, `${asOf} ${key}`, async () =>
      Buffer.from(JSON.stringify(maskedView(await view()))),
    )
    return whenThere(json, (bytes) => {
      reply.header('content-type', 'application/json; charset=utf-8').send(bytes)
    })
  }
}
