import { setImmediate } from 'node:timers/promises'
import { and, asc, gt, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Level } from '../domain/levels.ts'
import type { Reader } from '../platform/database/database.ts'

/** Summed in some milliseconds. */
const RISKS_PER_TURN = 20_000

export interface VillageSum {
  code: string
  arrearsFen: number
  flagged: number
  flaggedFen: number
}

/** What the contracts of each village owe, and how many of them are flagged. */
export async function villageSums(
  db: Reader,
  flaggedLevels: readonly Level[],
): Promise<VillageSum[]> {
  const { risks: t } = db.tables
  const sums = new Map<string, VillageSum>()
  for (let after: string | undefined = ''; after !== undefined; ) {
    const next = await db
      .select({ id: t.contractId })
      .from(t)
      .where(gt(t.contractId, after))
      .orderBy(asc(t.contractId))
      .limit(1)
      .offset(RISKS_PER_TURN - 1)
    const part = and(gt(t.contractId, after), next[0] ? lte(t.contractId, next[0].id) : undefined)
    for (const { code, ...rest } of await sumsOf(db, flaggedLevels, part)) {
      const before = sums.get(code) ?? { arrearsFen: 0, flagged: 0, flaggedFen: 0 }
      sums.set(code, {
        code,
        arrearsFen: before.arrearsFen + rest.arrearsFen,
        flagged: before.flagged + rest.flagged,
        flaggedFen: before.flaggedFen + rest.flaggedFen,
      })
    }
    await setImmediate()
    after = next[0]?.id
  }
  return [...sums.values()]
}

function sumsOf(db: Reader, flaggedLevels: readonly Level[], part: SQL | undefined) {
  const { risks: t } = db.tables
  const isFlagged = inArray(t.level, [...flaggedLevels])
  return db
    .select({
      code: t.villageCode,
      arrearsFen: sql`sum(${t.arrearsFen})`.mapWith(Number),
      flagged: sql`sum(case when ${isFlagged} then 1 else 0 end)`.mapWith(Number),
      flaggedFen: sql`sum(case when ${isFlagged} then ${t.arrearsFen} else 0 end)`.mapWith(Number),
    })
    .from(t)
    .where(part)
    .groupBy(t.villageCode)
}
