import { createHash } from 'node:crypto'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../access/authenticate.ts'
import { access, requirePermission } from '../access/authorize.ts'
import { rowsFor } from '../access/bounds.ts'
import type { Permission } from '../access/permissions.ts'
import { Refusal } from '../errors.ts'
import { type Attempt, findReply, hashOf, type KeptReply, keepReply } from '../facts/idempotent.ts'
import { keyHeader, postRoute } from '../facts/post-route.ts'
import { pageOf, readCursor } from '../platform/http/cursor.ts'
import { noQuery, page, text, uuid } from '../platform/http/fields.ts'
import { sentFile } from '../platform/http/sent-file.ts'
import { savedColumns } from './import-mappings.ts'
import { IMPORT_LEDGERS, type ImportLedger } from './import-row.ts'
import { getImport, pageOfImports, pageOfRows } from './import-store.ts'
import { importHead, importReport, rowView } from './import-view.ts'
import { mappedFields } from './ledger-columns.ts'
import { type ImportDeps, inTurn, runImport } from './run-import.ts'
import { takeBackImport } from './take-back-import.ts'

const tags = ['imports']
const ledger = z.enum(IMPORT_LEDGERS)
const idParams = z.strictObject({ id: uuid })
const wishQuery = z.strictObject({
  dryRun: z.stringbool().optional().meta({ description: '只试读,不登记 · try, record nothing' }),
  mapping: text(100).optional().meta({ description: '已保存的栏目对照 · name of a saved mapping' }),
})
const FORM = {
  type: 'object',
  examples: [{ file: '区划代码,名称\n519901101,青溪镇', mapping: '{"镇名": "名称"}' }],
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'xlsx, csv (UTF-8, GB18030)' },
    mapping: {
      type: 'string',
      description: '栏目对照(JSON):{"文件中的表头": "标准栏目"} · headings of the file to ours',
    },
  },
} as const
const counts = z.object({
  read: z.int(),
  kept: z.int(),
  unchanged: z.int(),
  reported: z.int(),
  skipped: z.int(),
})
const head = z
  .object({
    id: z.string(),
    ledger,
    fileName: z.string(),
    fileHash: z.string(),
    dryRun: z.boolean(),
    state: z.enum(['running', 'done', 'taken_back']),
    counts,
    recordedAt: z.string(),
    recordedBy: z.string(),
  })
  .loose()
const row = z
  .object({
    sheet: z.string(),
    row: z.int(),
    status: z.enum(['kept', 'unchanged', 'reported', 'skipped']),
    record: z.looseObject({}).nullable(),
    guessed: z.array(z.object({ column: z.string(), value: z.string(), readAs: z.string() })),
    problems: z.array(
      z.object({
        column: z.string(),
        value: z.string(),
        code: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .loose()
const report = head.extend({ rows: z.array(row) })

/** Whoever may record a fact by hand may import a ledger of them. */
const MAY_IMPORT: Readonly<Record<ImportLedger, Permission>> = {
  regions: 'regions',
  operators: 'record',
  contracts: 'record',
  payments: 'record',
  arrears: 'record',
  subsidies: 'subsidies',
  'grain-prices': 'county',
}

/** Spreadsheets in, and what became of each of their rows. */
export function importRoutes(deps: ImportDeps) {
  return async (app: FastifyInstance) => {
    const { bytesMax } = deps.importLimits
    await app.register(multipart, { limits: { fileSize: bytesMax, files: 1, fields: 5 } })
    app.post(
      '/imports/:ledger',
      {
        config: access({ param: 'ledger', of: MAY_IMPORT }, 'rows'),
        bodyLimit: bytesMax + FORM_BYTES_MAX,
        schema: {
          tags,
          summary: '导入台账 · import a spreadsheet',
          consumes: ['multipart/form-data'],
          params: z.strictObject({ ledger }),
          headers: keyHeader,
          querystring: wishQuery,
          body: z.unknown().meta(FORM),
          response: { 200: report, 201: report },
        },
      },
      async (request, reply) => {
        const answer = await takeIn(deps, request)
        return reply.code(answer.status as 201).send(answer.reply as z.output<typeof report>)
      },
    )
    listRoutes(app, deps)
    rowsRoute(app, deps)
    postRoute(app, deps, {
      url: '/imports/:id/withdrawal',
      access: { may: 'import', bounds: { id: 'imports' } },
      tag: 'imports',
      summary: '撤回导入 · take an import back',
      params: idParams,
      body: z.strictObject({ reason: text(500) }),
      example: { reason: '导入了错误的文件' },
      reply: head,
      record: async (tx, caller, { id }, { reason }) => {
        const { ledger } = await getImport(tx, id)
        requirePermission(caller, MAY_IMPORT[ledger as ImportLedger])
        const warnings = await takeBackImport(tx, caller, id, reason)
        return { view: importHead(await getImport(tx, id)), warnings }
      },
    })
  }
}

const FORM_BYTES_MAX = 65_536

async function takeIn(deps: ImportDeps, request: FastifyRequest) {
  const { db } = deps
  const params = request.params as { ledger: z.output<typeof ledger> }
  const { dryRun = false, mapping: saved } = request.query as z.output<typeof wishQuery>
  const { content, fileName, fields } = await sentFile(request, ['mapping'])
  const mapping = columnsOf(fields['mapping'])
  const columns = mapping ?? (await savedColumns(db.read, callerOf(request), params.ledger, saved))
  if (columns) mappedFields(params.ledger, columns)
  const wish = { ...params, fileName, content, dryRun, ...(columns && { columns }) }
  const attempt = attemptOf(request, { ...wish, content: sha256(content) })
  return inTurn(db, async () => {
    // An equal attempt may have ended while this one waited.
    const before = await findReply(db.read, attempt)
    if (before) return before
    const answer: KeptReply = { status: dryRun ? 200 : 201, reply: undefined }
    await runImport(deps, callerOf(request), wish, async (tx, importId) => {
      answer.reply = await importReport(tx, importId)
      await keepReply(tx, attempt, answer)
    })
    return answer
  })
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

function attemptOf(request: FastifyRequest, wish: object): Attempt {
  const { 'idempotency-key': key } = request.headers
  const [path = ''] = request.url.split('?')
  return {
    caller: callerOf(request),
    route: `POST ${path}`,
    key: typeof key === 'string' ? key : undefined,
    bodyHash: hashOf(wish),
  }
}

const columnsBody = z.record(text(100), text(100))

function columnsOf(text = ''): Record<string, string> | undefined {
  if (text === '') return undefined
  try {
    return columnsBody.parse(JSON.parse(text))
  } catch {
    const words = {
      zh: 'mapping 应为 JSON 对象,如 {"地租":"租金标准"}',
      en: 'mapping must be a JSON object of texts',
    }
    throw new Refusal('malformed', 'mapping-malformed', words, 'mapping')
  }
}

function listRoutes(app: FastifyInstance, { db }: ImportDeps): void {
  const listQuery = z.strictObject({ ...page, ledger: ledger.optional() })
  const list = z.object({ items: z.array(head), nextCursor: z.string().nullable() })
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
        response: { 200: report },
      },
    },
    (request) => importReport(db.read, (request.params as { id: string }).id),
  )
}

function rowsRoute(app: FastifyInstance, { db }: ImportDeps): void {
  const rowsQuery = z.strictObject({ ...page, status: row.shape.status.optional() })
  const rows = z.object({ items: z.array(row), nextCursor: z.string().nullable() })
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
