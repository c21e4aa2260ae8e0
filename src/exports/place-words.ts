import { mailText } from '../domain/mask-name.ts'
import type { Reader } from '../platform/database/database.ts'
import { regionNames } from '../regions/region-store.ts'

/** The county, the township in it, the village in that, as they were called at an instant. */
export async function placeWords(
  db: Reader,
  county: { code: string; name: string },
  region: string,
  knownAt: string,
): Promise<string> {
  const names = await regionNames(db, knownAt)
  const codes = [6, 9, 12]
    .filter((digits) => region.length >= digits)
    .map((digits) => region.slice(0, digits))
  const nameOf = (code: string) => (code === county.code ? county.name : (names.get(code) ?? code))
  return mailText(codes.map(nameOf).join(''))
}
