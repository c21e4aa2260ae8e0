import type { LandUse } from '../../src/domain/contract-terms.ts'
import { COUNTY_NAME, unused, villageName } from './names.ts'
import { drawn, type Random, randomOf } from './random.ts'

const COUNTY_CODE = '519901'

export interface Township {
  code: string
  name: string
  villages: Village[]
  /** How much of each use lies here, against other townships. */
  uses: Record<LandUse, number>
  /** How much of the trouble lies here. */
  trouble: number
}
export interface Village {
  code: string
  name: string
  secondRoundExpiresOn: string | undefined
  township: Township
}

type Sketch = readonly [
  name: string,
  villages: number,
  citrus: number,
  sericulture: number,
  riceFish: number,
  park: number,
  trouble: number,
]
const TOWNSHIPS: readonly Sketch[] = [
  ['云栎镇', 16, 10, 1, 0, 6, 2],
  ['麻柳塘镇', 15, 14, 0, 1, 3, 10],
  ['石鹿镇', 14, 12, 1, 1, 2, 7],
  ['双岔河镇', 13, 8, 0, 5, 2, 3],
  ['桑垭镇', 12, 4, 9, 0, 1, 3],
  ['白鹤埝镇', 13, 7, 0, 6, 1, 2],
  ['凤尾场镇', 12, 11, 1, 0, 2, 8],
  ['青杠垭镇', 11, 9, 2, 0, 0, 1],
  ['龙须寨镇', 12, 10, 0, 0, 1, 6],
  ['高斗镇', 11, 6, 5, 0, 1, 1],
  ['竹笕镇', 12, 9, 0, 1, 3, 2],
  ['鱼泉坝镇', 13, 5, 0, 7, 2, 2],
  ['水磨滩镇', 12, 8, 0, 4, 1, 1],
  ['乌木湾镇', 11, 10, 1, 0, 2, 4],
  ['红砂堰镇', 12, 11, 0, 1, 1, 3],
  ['金盆垭镇', 13, 9, 2, 0, 4, 5],
  ['板栗坪镇', 11, 8, 3, 0, 0, 1],
  ['响鼓岭镇', 12, 7, 1, 0, 5, 2],
  ['荞子坝镇', 11, 6, 6, 1, 0, 1],
  ['土地岭乡', 10, 8, 2, 0, 0, 0],
  ['黄角坳乡', 10, 7, 3, 0, 0, 1],
  ['老鹰岩乡', 10, 6, 1, 0, 0, 0],
  ['半边街乡', 10, 6, 1, 1, 0, 1],
]
const SECOND_ROUND_EXPIRY = [
  ['2028-12-31', 60],
  ['2028-09-30', 20],
  ['2027-12-31', 8],
  ['2029-06-30', 6],
  [undefined, 6],
] as const

export function drawTownships(): Township[] {
  const random = randomOf('regions')
  const taken = new Set<string>()
  const numbers = { 镇: 100, 乡: 200 }
  return TOWNSHIPS.map(([name, villages, citrus, sericulture, riceFish, park, trouble]) => {
    const rank = name.endsWith('乡') ? '乡' : '镇'
    numbers[rank] += 1
    const township: Township = {
      code: `${COUNTY_CODE}${numbers[rank]}`,
      name,
      villages: [],
      uses: {
        late_citrus: citrus,
        sericulture,
        rice_fish: riceFish,
        agri_park: park,
        other: 0,
      },
      trouble,
    }
    for (let at = 0; at < villages; at++)
      township.villages.push(drawVillage(random, township, taken))
    return township
  })
}

function drawVillage(random: Random, township: Township, taken: Set<string>): Village {
  return {
    code: `${township.code}${201 + township.villages.length}`,
    name: unused(taken, () => villageName(random)),
    secondRoundExpiresOn: drawn(random, SECOND_ROUND_EXPIRY),
    township,
  }
}

/** Rows of regions.csv, parents first. */
export function regionRows(townships: readonly Township[]) {
  return [
    { code: COUNTY_CODE, name: COUNTY_NAME },
    ...townships.map(({ code, name }) => ({ code, name })),
    ...townships.flatMap(({ villages }) =>
      villages.map(({ code, name, secondRoundExpiresOn }) => ({
        code,
        name,
        secondRoundExpiresOn,
      })),
    ),
  ]
}
