import { createHash } from 'node:crypto'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf, callerOf } from '../access/authenticate.ts'
import { access, requirePermission } from '../access/authorize.ts'
import { Refusal } from '../errors.ts'
import { type Attempt, findReply, hashOf, type KeptReply, keepReply } from '../facts/idempotent.ts'
import { keyHeader, postRoute } from '../facts/post-route.ts'
import { text, uuid } from '../platform/http/fields.ts'
import { sentFile } from '../platform/http/sent-file.ts'
import { savedColumns } from './import-mappings.ts'
import { importHeadReply, importReply } from './import-reply.ts'
import { IMPORT_LEDGERS, type ImportLedger, isImportLedger } from './import-row.ts'
import { getImport } from './import-store.ts'
import { importHead, importReport } from './import-view.ts'
import { mappedFields } from './ledger-columns.ts'
import { MAY_IMPORT } from './may-import.ts'
import { type ImportDeps, inTurn, runImport } from './run-import.ts'
import { takeBackImport } from './take-back-import.ts'

const tags = ['imports']
// Read as a word: a ledger that there is not is not found, rather than malformed.
const ledgerParams = z.strictObject({
  ledger: z.string().meta({ description: '台账 · ledger', enum: [...IMPORT_LEDGERS] }),
})
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
          params: ledgerParams,
          headers: keyHeader,
          querystring: wishQuery,
          body: z.unknown().meta(FORM),
          response: { 200: importReply, 201: importReply },
        },
      },
      async (request, reply) => {
        const answer = await takeIn(deps, request)
        return reply.code(answer.status as 201).send(answer.reply as z.output<typeof importReply>)
      },
    )
    postRoute(app, deps, {
      url: '/imports/:id/withdrawal',
      access: { may: 'import', bounds: { id: 'imports' } },
      tag: 'imports',
      action: 'take-back',
      summary: '撤回导入 · take an import back',
      params: idParams,
      body: z.strictObject({ reason: text(500) }),
      example: { reason: '导入了错误的文件' },
      reply: importHeadReply,
      record: async (tx, caller, { id }, { reason }) => {
        const { ledger } = await getImport(tx, id)
        requirePermission(caller, MAY_IMPORT[ledger as ImportLedger])
        await takeBackImport(tx, caller, id, reason)
        return { view: importHead(await getImport(tx, id)), warnings: [] }
      },
    })
  }
}

const FORM_BYTES_MAX = 65_536

async function takeIn(deps: ImportDeps, request: FastifyRequest) {
  const { db } = deps
  const { ledger } = request.params as z.output<typeof ledgerParams>
  if (!isImportLedger(ledger)) throw noSuchLedger
  const { dryRun = false, mapping: saved } = request.query as z.output<typeof wishQuery>
  const { content, fileName, fields } = await sentFile(request, ['mapping'])
  const mapping = columnsOf(fields['mapping'])
  const columns = mapping ?? (await savedColumns(db.read, callerOf(request), ledger, saved))
  if (columns) mappedFields(ledger, columns)
  const wish = { ledger, fileName, content, dryRun, ...(columns && { columns }) }
  const attempt = attemptOf(request, { ...wish, content: sha256(content) })
  return inTurn(db, async () => {
    // An equal attempt may have ended while this one waited.
    const before = await findReply(db.read, attempt)
    if (before) return before
    const answer: KeptReply = { status: dryRun ? 200 : 201, reply: undefined }
    const { caller: _caller, ...from } = actorOf(request)
    await runImport(deps, callerOf(request), { ...wish, from }, async (tx, importId) => {
      answer.reply = await importReport(tx, importId, callerOf(request))
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

const noSuchLedger = new Refusal('not-found', 'no-such-ledger', {
  zh: '没有这种台账',
  en: 'no such ledger',
})
