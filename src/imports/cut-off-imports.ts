import { eq, notInArray } from 'drizzle-orm'
import { audit } from '../access/audit-trail.ts'
import { SERVICE } from '../access/caller.ts'
import type { Deps } from '../deps.ts'
import type { Database } from '../platform/database/database.ts'
import { isAtWork, THIS_PROCESS } from '../platform/process-at-work.ts'
import { noteCutOff } from './import-store.ts'
import { refreshTouched } from './touched-operators.ts'

/** The imports that this process works on. */
export const underWay = new Set<string>()

/**
 * Makes good what imports have left that were cut off, here or in a process that has ended: they
 * are noted as such, and stored risks brought up to what they had recorded.
 */
export async function makeGoodCutOff(deps: Pick<Deps, 'db' | 'refreshRisks'>): Promise<void> {
  await noteCutOffImports(deps.db)
  const { imports, importOperators: t } = deps.db.read.tables
  // One that is under way does so itself, at its end.
  const running = deps.db.read
    .select({ id: imports.id })
    .from(imports)
    .where(eq(imports.state, 'running'))
  const behind = await deps.db.read
    .selectDistinct({ id: t.importId })
    .from(t)
    .where(notInArray(t.importId, running))
  for (const { id } of behind) await refreshTouched(deps, id)
}

/** Notes which imports were cut off: nobody works on them. */
export async function noteCutOffImports(db: Database): Promise<void> {
  const { imports: t } = db.read.tables
  const running = await db.read.select().from(t).where(eq(t.state, 'running'))
  for (const { id, runBy, counts } of running) {
    if (underWay.has(id)) continue
    const isOurs = runBy === THIS_PROCESS
    if (runBy !== null && !isOurs && isAtWork(runBy)) continue
    await db.transaction(async (tx) => {
      if (!(await noteCutOff(tx, id))) return
      const detail = { code: isOurs ? 'failed' : 'process-ended', counts: { ...counts } }
      const entry = { action: 'break-off-import', subject: 'imports', subjectId: id } as const
      await audit(tx, { caller: SERVICE }, { ...entry, detail })
    })
  }
}
