import { eq } from 'drizzle-orm'
import { audit } from '../access/audit-trail.ts'
import { SERVICE } from '../access/caller.ts'
import type { Deps } from '../deps.ts'
import type { Database } from '../platform/database/database.ts'
import { isAtWork } from '../platform/process-at-work.ts'
import { noteCutOff } from './import-store.ts'
import { refreshTouched } from './touched-operators.ts'

/** Notes which imports were cut off: nobody works on them, as their process has ended. */
export async function noteCutOffImports(db: Database): Promise<void> {
  const { imports: t } = db.read.tables
  const running = await db.read.select().from(t).where(eq(t.state, 'running'))
  for (const { id, runBy, counts } of running) {
    if (runBy !== null && isAtWork(runBy)) continue
    await db.transaction(async (tx) => {
      if (!(await noteCutOff(tx, id))) return
      const detail = { code: 'process-ended', counts: { ...counts } }
      const entry = { action: 'break-off-import', subject: 'imports', subjectId: id } as const
      await audit(tx, { caller: SERVICE }, { ...entry, detail })
    })
  }
}

/**
 * Brings stored risks up to what imports have recorded that did not come to it. One that is still
 * at work may be among them: it does the same again at its end.
 */
export async function refreshAfterCutOff(deps: Deps): Promise<void> {
  const { importOperators: t } = deps.db.read.tables
  const behind = await deps.db.read.selectDistinct({ id: t.importId }).from(t)
  for (const { id } of behind) await refreshTouched(deps, id)
}
