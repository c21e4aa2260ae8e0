import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { audit } from '../access/audit-trail.ts'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access, requirePermission } from '../access/authorize.ts'
import type { Deps } from '../deps.ts'
import { noQuery, text } from '../platform/http/fields.ts'
import { allMappings, type MappingRow, putMapping } from './import-mappings.ts'
import { IMPORT_LEDGERS } from './import-row.ts'
import { MAY_IMPORT } from './may-import.ts'

const tags = ['imports']
const COLUMNS_MAX = 100
const params = z.strictObject({ name: text(100) })
const columns = z
  .record(text(100), text(100))
  .refine((given) => Object.keys(given).length <= COLUMNS_MAX, {
    params: { zh: `最多 ${COLUMNS_MAX} 栏`, en: `at most ${COLUMNS_MAX} columns` },
  })
const body = z
  .strictObject({ ledger: z.enum(IMPORT_LEDGERS), columns })
  .meta({ examples: [{ ledger: 'contracts', columns: { 地租: '租金标准' } }] })
const mapping = body.extend({
  name: z.string(),
  recordedAt: z.string(),
  recordedBy: z.string(),
})

const viewOf = ({ name, ledger, columns, recordedAt, recordedBy }: MappingRow) => ({
  name,
  ledger,
  columns,
  recordedAt,
  recordedBy,
})

/** How a county calls its columns, saved by name for the next file. */
export function importMappingRoutes({ db }: Deps) {
  return async (app: FastifyInstance) => {
    app.get(
      '/import-mappings',
      {
        config: access('read', 'rows'),
        schema: {
          tags,
          summary: '列出栏目对照 · list saved mappings',
          querystring: noQuery,
          response: { 200: z.object({ items: z.array(mapping.loose()), nextCursor: z.null() }) },
        },
      },
      async (request) => ({
        items: (await allMappings(db.read, callerOf(request))).map(viewOf),
        nextCursor: null,
      }),
    )
    app.put(
      '/import-mappings/:name',
      {
        config: access('import', 'rows'),
        schema: {
          tags,
          summary: '保存栏目对照 · save a mapping',
          params,
          querystring: noQuery,
          body,
          response: { 200: mapping.loose() },
        },
      },
      async (request) => {
        const { name } = request.params as z.output<typeof params>
        const wish = { name, ...(request.body as z.output<typeof body>) }
        requirePermission(callerOf(request), MAY_IMPORT[wish.ledger])
        const row = await db.transaction(async (tx) => {
          const saved = await putMapping(tx, callerOf(request), wish)
          const { id: subjectId, ledger } = saved
          const entry = { subject: 'import-mappings', subjectId, detail: { ledger } }
          await audit(tx, actorOf(request), { action: 'put', ...entry })
          return saved
        })
        return viewOf(row)
      },
    )
  }
}
