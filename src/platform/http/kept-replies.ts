import type { FastifyReply } from 'fastify'
import { maskedView } from '../../domain/masked-view.ts'
import type { Reader } from '../database/database.ts'
import { untilRecorded } from '../database/until-recorded.ts'
import { whenThere } from '../when-there.ts'

/** A short text leaves in one piece with its headers; a long one is made bytes once. */
const TEXT_MAX = 8192
const wired = (json: string) => (json.length > TEXT_MAX ? Buffer.from(json) : json)

/**
 * Sends replies of JSON, masked, that are kept as they are sent until something is recorded. `key`
 * names what else replies of the route depend on: contract, query, language. Whoever asks has been
 * let through before: that is looked at for each request. Those over `lengthMax` are not kept.
 */
export function keptReplies(answersMax: number, lengthMax: number) {
  const kept = untilRecorded<Buffer | string>(answersMax, ({ length }) => length <= lengthMax)
  return (
    db: Reader,
    reply: FastifyReply,
    { asOf, knownAt }: { asOf: string; knownAt: string },
    key: string,
    view: () => Promise<object>,
  ): void | Promise<void> => {
    const json = kept(db, knownAt, `${asOf} ${key}`, async () =>
      wired(JSON.stringify(maskedView(await view()))),
    )
    return whenThere(json, (ready) => {
      reply.header('content-type', 'application/json; charset=utf-8').send(ready)
    })
  }
}
