import { z } from 'zod'
import { IMPORT_LEDGERS } from './import-row.ts'

/** What is answered of an import and of its rows. */

const counts = z.object({
  read: z.int(),
  kept: z.int(),
  unchanged: z.int(),
  reported: z.int(),
  skipped: z.int(),
})
export const importHeadReply = z
  .object({
    id: z.string(),
    ledger: z.enum(IMPORT_LEDGERS),
    fileName: z.string(),
    fileHash: z.string(),
    dryRun: z.boolean(),
    state: z
      .enum(['running', 'done', 'cut_off', 'taken_back'])
      .meta({ description: '进行中 · 已完成 · 已中断(同一文件可再次导入,补上其余各行)· 已撤回' }),
    counts,
    recordedAt: z.string(),
    recordedBy: z.string(),
  })
  .loose()
export const importRowReply = z
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
export const importReply = importHeadReply.extend({ rows: z.array(importRowReply) })
