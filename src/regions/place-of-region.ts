import { mailText } from '../domain/mask-name.ts'

/** The county, and below it the township and the village, by name; by code where none is known. */
export function placeOf(
  regionCode: string,
  names: ReadonlyMap<string, string>,
  county: { code: string; name: string },
): string[] {
  return [6, 9, 12]
    .filter((digits) => digits <= regionCode.length)
    .map((digits) => regionCode.slice(0, digits))
    .map((code) => (code === county.code ? county.name : mailText(names.get(code) ?? code)))
}
