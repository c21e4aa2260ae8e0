import { desc, isNull } from 'drizzle-orm'
import { ALL_KNOWN, standingFacts } from '../facts/fact-store.ts'
import type { Reader } from '../platform/database/database.ts'
import type { KeptFact } from '../platform/database/tables-of-imports.ts'
import { regionNames } from '../regions/region-store.ts'
import { ownVersions, type PutTable, standingVersions, versionsOf } from './put-versions.ts'

/**
 * The regions or grain prices among facts of an import that were put anew since, and the regions
 * that something lies in and that would be gone without it.
 */
export async function putBuiltOn(
  db: Reader,
  name: PutTable,
  facts: readonly KeptFact[],
): Promise<string[]> {
  const own = ownVersions(facts)
  const hit: string[] = []
  const leaving = new Set<string>()
  for (const [id, versions] of await versionsOf(db, name, facts)) {
    const isOwn = standingVersions(versions).map(({ version }) => own.get(id)?.has(version))
    if (isOwn.lastIndexOf(false) > isOwn.indexOf(true)) hit.push(id)
    else if (!isOwn.includes(false)) leaving.add(id)
  }
  if (name !== 'regions' || leaving.size === 0) return hit
  const used = await codesInUse(db, leaving)
  return [...hit, ...[...leaving].filter((code) => used.has(code))]
}

/** The regions in which something lies or that something names, and those above them. */
async function codesInUse(db: Reader, leaving: ReadonlySet<string>): Promise<Set<string>> {
  const { contracts: c, petitions: p, operators: o, cases, users, tokens } = db.tables
  const named = [
    db.selectDistinct({ code: c.villageCode }).from(c).where(standingFacts(c, ALL_KNOWN)),
    db.selectDistinct({ code: p.villageCode }).from(p).where(standingFacts(p, ALL_KNOWN)),
    db.selectDistinct({ code: o.recordedIn }).from(o).where(standingFacts(o, ALL_KNOWN)),
    db.selectDistinct({ code: cases.townshipCode }).from(cases),
    db.selectDistinct({ code: users.regionCode }).from(users).where(isNull(users.disabledAt)),
    db.selectDistinct({ code: tokens.regionCode }).from(tokens).where(isNull(tokens.revokedAt)),
  ]
  const codes = [...(await regionNames(db)).keys()].filter((code) => !leaving.has(code))
  for (const query of named) for (const { code } of await query) if (code) codes.push(code)
  const { alertRecipientLists: lists } = db.tables
  const [list] = await db.select().from(lists).orderBy(desc(lists.id)).limit(1)
  for (const { regionCode } of list?.items ?? []) codes.push(regionCode)
  return new Set(codes.flatMap((code) => [code, code.slice(0, 9), code.slice(0, 6)]))
}
