import { asc } from 'drizzle-orm'
import { regionsFor } from '../access/bounds.ts'
import type { Caller } from '../access/caller.ts'
import { groupBy } from '../domain/group-by.ts'
import { normalisedRegionName } from '../domain/region-name.ts'
import type { Reader } from '../platform/database/database.ts'
import { type Lookup, lookup } from './lookup.ts'
import { standingVersions } from './put-versions.ts'

export interface KnownRegion {
  /** Its code. */
  id: string
  version: number
  name: string
  secondRoundExpiresOn: string | null
  /** What it was called before. */
  oldNames: string[]
}
export type KnownRegions = Lookup<KnownRegion>

/** A village as it is shown, with the names that are known. */
export interface Village {
  villageCode: string
  villageName?: string
  township?: string
}

/** Every region that stands and the caller may know, with the names it had: some hundreds. */
export async function knownRegions(db: Reader, caller: Caller): Promise<KnownRegions> {
  const { regions } = db.tables
  const rows = await db
    .select()
    .from(regions)
    .where(regionsFor(db, caller))
    .orderBy(asc(regions.id), asc(regions.version))
  const known: KnownRegions = lookup(({ id, name, oldNames }) => [
    nowKey(id, name),
    ...oldNames.map((oldName) => onceKey(id, oldName)),
  ])
  for (const versions of groupBy(rows, ({ id }) => id).values()) {
    const standing = standingVersions(versions)
    const last = standing.at(-1)
    const names = new Set(standing.map(({ name }) => name))
    names.delete(last?.name ?? '')
    if (last) known.put({ ...last, oldNames: [...names] })
  }
  return known
}

// A code is only asked for its length: the level of what is called so.
const nowKey = (code: string, name: string) => `${code.length} ${normalisedRegionName(name)}`
const onceKey = (code: string, name: string) => `once ${nowKey(code, name)}`

/** Regions of the level of `like` that are called so now; where there are none, that were. */
export function regionsCalled(
  regions: KnownRegions,
  like: string,
  name: string,
  under = '',
): KnownRegion[] {
  const within = ({ id }: KnownRegion) => id.startsWith(under)
  const now = regions.at(nowKey(like, name)).filter(within)
  return now.length > 0 ? now : regions.at(onceKey(like, name)).filter(within)
}

export function villageOf(regions: KnownRegions, villageCode: string): Village {
  const villageName = regions.get(villageCode)?.name
  const township = regions.get(villageCode.slice(0, 9))?.name
  return {
    villageCode,
    ...(villageName !== undefined && { villageName }),
    ...(township !== undefined && { township }),
  }
}

/** Whether a region is, or was, called so. */
export function isCalled(regions: KnownRegions, code: string, name: string): boolean {
  const region = regions.get(code)
  if (!region) return false
  const wanted = normalisedRegionName(name)
  return [region.name, ...region.oldNames].some((one) => normalisedRegionName(one) === wanted)
}
