import { describe, expect, it } from 'vitest'
import { normalisedRegionName } from '../../src/domain/region-name.ts'

describe('normalisedRegionName', () => {
  it.each([
    ...['白果村', '白果', ' 白 果村', '白果村村民委员会', '白果村民委员会', '白果村委会'],
    ...['白果村村委会', '青溪镇白果村', '柑源县青溪镇白果村', '四川省遂宁市柑源县青溪镇白果村'],
    ...['白果村（原石桥村）', '白果村3组', '白果村三社', '白果村第3村民小组', '白果村1、2组'],
    '青溪街道白果村',
  ])('%s is the village 白果', (name) => {
    expect(normalisedRegionName(name)).toBe('白果')
  })

  it.each([
    ['白果社区居委会', '白果社区'],
    ['白果社区居民委员会', '白果社区'],
    ['青溪街道白果社区', '白果社区'],
    ['白马场镇社区', '白马场镇社区'],
    ['柑源县青溪镇', '青溪'],
    ['青溪镇人民政府', '青溪'],
    ['青溪乡', '青溪乡'],
    ['城北街道办事处', '城北街道'],
    ['新市镇', '新市'],
    ['古镇村', '古镇'],
    ['一村', '一村'],
    ['柑源县', '柑源县'],
    ['', ''],
  ])('%s is %j', (name, normalised) => {
    expect(normalisedRegionName(name)).toBe(normalised)
  })

  it.each([
    ['白果村', '白果社区'],
    ['城关镇', '城关乡'],
    ['青溪一村', '青溪二村'],
  ])('%s is not %s', (one, other) => {
    expect(normalisedRegionName(one)).not.toBe(normalisedRegionName(other))
  })
})
