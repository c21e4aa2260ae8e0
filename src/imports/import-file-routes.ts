import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { noQuery, uuid } from '../platform/http/fields.ts'
import { markedFile } from './import-file.ts'
import { getImport } from './import-store.ts'

/** The file of an import, handed back with what became of its rows. */
export function importFileRoutes({ db }: Deps) {
  return async (app: FastifyInstance) => {
    app.get(
      '/imports/:id/file',
      {
        config: access('reveal', { id: 'imports' }),
        schema: {
          tags: ['imports'],
          summary: '带导入结果的原文件 · the file with the result of each row',
          params: z.strictObject({ id: uuid }),
          querystring: noQuery,
        },
      },
      async (request, reply) => {
        const { id } = request.params as { id: string }
        const { fileName } = await getImport(db.read, id)
        const chunks = markedFile(db.read, id)
        // What is refused is refused before the first byte is sent.
        const first = await chunks.next()
        const entry = { action: 'hand-back', subject: 'imports', subjectId: id } as const
        await db.note((tx) => audit(tx, actorOf(request), entry))
        const content = (async function* () {
          if (first.done) return
          yield first.value
          yield* chunks
        })()
        const name = encodeURIComponent(`导入结果_${fileName}`)
        return reply
          .type('application/octet-stream')
          .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
          .send(Readable.from(content, { objectMode: false }))
      },
    )
  }
}
