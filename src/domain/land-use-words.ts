import type { LandUse } from './contract-terms.ts'
import { LAND_USE_NAMES } from './land-use-names.ts'
import { cellError, readText } from './read-text.ts'
import type { Reading, SourceCell } from './reading.ts'

const LAND_USES_BY_NAME = new Map(
  Object.entries(LAND_USE_NAMES).map(([landUse, name]) => [name, landUse as LandUse]),
)

/** What a ledger may call each use. */
const WORDS: readonly [LandUse, RegExp][] = [
  ['late_citrus', /[柑橘橙柚]|桔(?!梗)|不知火|春见|沃柑|耙耙柑|粑粑柑|果园|爱媛/u],
  ['sericulture', /桑|蚕(?!豆)/u],
  ['rice_fish', /稻.{0,3}[虾鱼渔蛙鸭蟹鳅鳖]|虾稻|渔稻/u],
  ['agri_park', /园区|农业(?:产业)?园|产业园|示范园|科技园|农旅园|现代农业/u],
]

/**
 * The use of leased land that a cell names. Only the five names of the county's own table are taken
 * as they are; of other words the use named first counts, words for none of the four are 其他, and
 * both say so.
 *
 * Units: none. Source: product.md, The problem (the county's four uses); field.md, Glossary.
 * @example readLandUse('桑园') // { value: 'sericulture', readAs: '蚕桑' }
 */
export function readLandUse(cell: SourceCell): Reading<LandUse> {
  const text = readText(cell)?.replaceAll(' ', '')
  if (text === undefined) return undefined
  const error = cellError(text)
  if (error) return error
  if (typeof cell !== 'string' || !/\p{L}/u.test(text)) return unreadable
  const official = LAND_USES_BY_NAME.get(text)
  if (official !== undefined) return { value: official }
  let [value, firstAt]: [LandUse, number] = ['other', text.length]
  for (const [landUse, words] of WORDS) {
    const at = text.search(words)
    if (at < 0 || at >= firstAt) continue
    value = landUse
    firstAt = at
  }
  return { value, readAs: LAND_USE_NAMES[value] }
}

const unreadable = {
  code: 'land-use-unreadable',
  reason: `应为土地用途,如 ${Object.values(LAND_USE_NAMES).join('、')}`,
}
