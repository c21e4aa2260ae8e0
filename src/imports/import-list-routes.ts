import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../access/authenticate.ts'
import { access } from '../access/authorize.ts'
import { rowsFor } from '../access/bounds.ts'
import type { Deps } from '../deps.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { noQuery, page, uuid } from '../platform/http/fields.ts'
import { importHeadReply, importReply, importRowReply } from './import-reply.ts'
import { IMPORT_LEDGERS } from './import-row.ts'
import { getImport, pageOfImports, pageOfRows } from './import-store.ts'
import { importHead, importReport, rowView } from './import-view.ts'

const tags = ['imports']
const idParams = z.strictObject({ id: uuid })

/** What became of the spreadsheets that were sent. */
export function importListRoutes(deps: Deps) {
  return async (app: FastifyInstance) => {
    listRoutes(app, deps)
    rowsRoute(app, deps)
  }
}

function listRoutes(app: FastifyInstance, { db }: Deps): void {
  const listQuery = z.strictObject({ ...page, ledger: z.enum(IMPORT_LEDGERS).optional() })
  const list = z.object({ items: z.array(importHeadReply), nextCursor: z.string().nullable() })
  app.get(
    '/imports',
    {
      config: access('read', 'rows'),
      schema: {
        tags,
        summary: '列出导入 · list imports',
        querystring: listQuery,
        response: { 200: list },
      },
    },
    async (request) => {
      const { cursor, limit, ledger } = request.query as z.output<typeof listQuery>
      const [before] = cursor === undefined ? [] : readCursor(cursor, ['string'])
      const bounds = rowsFor(db.read, 'imports', callerOf(request))
      const after = before as string | undefined
      const rows = await pageOfImports(db.read, bounds, ledger, after, limit + 1)
      const { shown, nextCursor } = pageOf(rows, limit, ({ id }) => [id])
      return { items: shown.map(importHead), nextCursor }
    },
  )
  app.get(
    '/imports/:id',
    {
      config: access('read', { id: 'imports' }),
      schema: {
        tags,
        summary: '查看导入 · read an import',
        params: idParams,
        querystring: noQuery,
        response: { 200: importReply },
      },
    },
    (request) => importReport(db.read, (request.params as { id: string }).id, callerOf(request)),
  )
}

function rowsRoute(app: FastifyInstance, { db }: Deps): void {
  const rowsQuery = z.strictObject({ ...page, status: importRowReply.shape.status.optional() })
  const rows = z.object({ items: z.array(importRowReply), nextCursor: z.string().nullable() })
  app.get(
    '/imports/:id/rows',
    {
      config: access('read', { id: 'imports' }),
      schema: {
        tags,
        summary: '逐行查看导入结果 · the rows of an import',
        params: idParams,
        querystring: rowsQuery,
        response: { 200: rows },
      },
    },
    async (request) => {
      const { id } = await getImport(db.read, (request.params as { id: string }).id)
      const { cursor, limit, status } = request.query as z.output<typeof rowsQuery>
      const [after = 0] = cursor === undefined ? [] : readCursor(cursor, ['number'])
      const wish = { status, after: Number(after), limit: limit + 1 }
      const found = await pageOfRows(db.read, id, wish)
      const { shown, nextCursor } = pageOf(found, limit, ({ no }) => [no])
      return { items: shown.map(rowView), nextCursor }
    },
  )
}
