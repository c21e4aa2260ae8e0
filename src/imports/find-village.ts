import { normalisedRegionName } from '../domain/region-name.ts'
import { Refusal } from '../errors.ts'
import { type KnownRegions, regionsCalled, type Village, villageOf } from './known-regions.ts'
import { guess, type RowAsked } from './row-work.ts'

/** Where a row says that it lies. */
export interface Place {
  township?: string | undefined
  villageName?: string | undefined
  villageCode?: string | undefined
}

/**
 * The village of a row: by its code, else by its name within the township that is named, or in the
 * whole county when only one is called so.
 * Refuses: village-missing, village-code-malformed, region-outside, township-differs,
 * village-unknown, village-ambiguous.
 */
export function findVillage(work: RowAsked<Place>): Village {
  const { regions, caller } = work.known
  const { villageCode, villageName, township } = placeNamed(regions, work.record)
  if (villageCode !== undefined) {
    if (!/^\d{12}$/.test(villageCode)) throw codeMalformed
    if (!villageCode.startsWith(caller.regionCode ?? '')) throw outside
    const found = villageOf(regions, villageCode)
    const called = found.villageName
    if (villageName && called && normalisedRegionName(called) !== normalisedRegionName(villageName))
      guess(work, 'villageName', villageName, `按村代码读作${called}`)
    if (township !== undefined) tellTownship(work, township, found)
    return found
  }
  if (villageName === undefined) throw missing
  const townships = township === undefined ? [] : regionsCalled(regions, TOWNSHIP, township)
  const under = townships.length > 0 ? townships.map(({ id }) => id) : ['']
  const found = under.flatMap((code) => regionsCalled(regions, VILLAGE, villageName, code))
  const [village] = found
  if (!village) throw unknown(villageName, township)
  if (found.length > 1) throw ambiguous(villageName, found.length)
  if (normalisedRegionName(village.name) !== normalisedRegionName(villageName))
    guess(work, 'villageName', villageName, `${village.name}(原名${villageName})`)
  const shown = villageOf(regions, village.id)
  if (township !== undefined && townships.length === 0)
    guess(
      work,
      'township',
      township,
      `区划中没有该乡镇,按村名读作${shown.township ?? '其所属乡镇'}`,
    )
  return shown
}

/**
 * A township that does not hold the village of the code. Where both are registered one of them is
 * wrong, and with it who gets to see the row; a title speaks for most rows, not for each.
 */
function tellTownship(work: RowAsked<Place>, written: string, { villageCode, township }: Village) {
  const { regions } = work.known
  const called = regionsCalled(regions, TOWNSHIP, written)
  if (called.some(({ id }) => villageCode.startsWith(id)) || township === undefined) return
  const isOwn = work.columns['township'] !== undefined
  if (called.length > 0 && isOwn) throw townshipDiffers(villageCode, township, written)
  const readAs = called.length > 0 ? '' : '区划中没有该乡镇,'
  work.guessed.push({
    column: work.columns['township'] ?? '标题',
    value: written,
    readAs: `${readAs}按村代码读作${township}`,
  })
}

const SHORT_TOWNSHIP = /^(\p{Script=Han}(?:镇|乡))(\p{Script=Han}+(?:村|社区).*)$/u

/**
 * What stands in the column of the village apart: a code that is registered, or a township with a
 * short name before the village (沙镇枫叶村), which only the regions tell from a village 古镇桥村.
 */
export function placeNamed(regions: KnownRegions, place: Place): Place {
  const { villageCode, villageName = '', township } = place
  if (villageCode !== undefined) return place
  if (/^\d{12}$/.test(villageName) && regions.get(villageName))
    return { township, villageCode: villageName }
  const [, above, village] = SHORT_TOWNSHIP.exec(villageName) ?? []
  if (above === undefined || regionsCalled(regions, VILLAGE, villageName).length > 0) return place
  const isElsewhere = township !== undefined && township !== above
  if (isElsewhere || regionsCalled(regions, TOWNSHIP, above).length === 0) return place
  return { township: above, villageName: village }
}

/**
 * Whether a village lies in the township that a row names; undefined: it names none that is
 * registered.
 */
export function isInTownship(
  regions: KnownRegions,
  place: Place,
  villageCode: string,
): boolean | undefined {
  const { township } = placeNamed(regions, place)
  const called = township === undefined ? [] : regionsCalled(regions, TOWNSHIP, township)
  return called.length === 0 ? undefined : called.some(({ id }) => villageCode.startsWith(id))
}

const TOWNSHIP = '*'.repeat(9)
const VILLAGE = '*'.repeat(12)

const refused = (code: string, zh: string, en: string, field = 'villageName') =>
  new Refusal('rule-broken', code, { zh, en }, field)
const missing = refused('village-missing', '没有写明村', 'no village is named')
const outside = refused(
  'region-outside',
  '不在您的管辖区划内',
  'lies outside of your region',
  'villageCode',
)
const codeMalformed = refused(
  'village-code-malformed',
  '村代码应为 12 位数字',
  'a village code has 12 digits',
  'villageCode',
)
const townshipDiffers = (villageCode: string, township: string, written: string) =>
  refused(
    'township-differs',
    `村代码 ${villageCode} 属于${township},与所填乡镇${written}不符,请核对村代码和乡镇`,
    `the code is of a village in ${township}, not in ${written}`,
    'township',
  )
const unknown = (name: string, township = '') =>
  refused(
    'village-unknown',
    `区划中没有${township}${name},请先导入或登记区划,或填写村代码`,
    `no village is called ${name}; import the regions first`,
  )
const ambiguous = (name: string, count: number) =>
  refused(
    'village-ambiguous',
    `有 ${count} 个村叫${name},请写明乡镇或村代码`,
    `${count} villages are called ${name}; name the township or the code`,
  )
