import type { LandUse } from '../../src/domain/contract-terms.ts'
import type { Random } from './random.ts'

export const COUNTY_NAME = '柑源县'

// biome-ignore format: word lists
const PLACES = [
  '麻柳', '石桥', '龙潭', '白鹤', '双井', '老鹰', '金竹', '青杠', '黄桷', '桂花', '柏树', '水井', '瓦窑', '油房',
  '碾子', '土桥', '高峰', '大石', '小河', '乌木', '响水', '石板', '月亮', '鸡冠', '牛角', '马鞍', '凤凰', '仙女',
  '观音', '文昌', '茶店', '枣树', '梨树', '核桃', '杉木', '楠木', '皂角', '芭蕉', '斑竹', '慈竹', '荷叶', '石马',
  '铁炉', '铜鼓', '银杏', '云台', '天星', '花石', '古井', '新堰', '方碑', '栀子', '苦竹', '柿子', '棕树', '野鸭',
  '何家', '罗家', '蒲家', '谯家', '敬家', '冯家', '邓家', '杜家', '岳家', '向家', '彭家', '苟家', '涂家', '庞家',
]
const LANDFORMS = [...'湾沟坝梁垭塘桥寨坪岩堰嘴坡埝岭滩洞']
const SURNAMES = [...'何罗蒲谯敬冯邓杜岳向彭苟涂庞李王张刘陈杨黄周吴赵唐曾谢肖蒋任']
const GIVEN_FIRST = [...'德永国光明成兴世天文正朝启元志仕先云素桂淑玉秀碧晓']
const GIVEN_LAST = [...'贵华富林安全发才友平军强芳英兰群珍琼容清祥福寿高茂']
const BRAND_FIRST = [...'禾润丰绿澄沃穗田锦青金瑞泽硕恒昌橙岭溪川陇蜀惠康']
const BRAND_LAST = [...'源达和盛丰野农禾泰茂兴荣泉耘园华美鑫远']

const TRADES: Record<LandUse, { company: string[]; cooperative: string[]; farm: string[] }> = {
  late_citrus: {
    company: ['农业开发', '柑桔种植', '果业', '生态农业', '农业科技'],
    cooperative: ['柑桔种植', '晚熟柑桔', '果树种植'],
    farm: ['果园', '种植', ''],
  },
  sericulture: {
    company: ['蚕业', '蚕桑开发', '茧丝绸'],
    cooperative: ['蚕桑', '养蚕', '桑蚕种养'],
    farm: ['蚕桑', ''],
  },
  rice_fish: {
    company: ['稻渔农业', '生态渔业', '粮油'],
    cooperative: ['稻渔种养', '水稻种植', '水产养殖'],
    farm: ['稻渔', '种养', ''],
  },
  agri_park: {
    company: ['现代农业', '农业园区投资', '农旅开发', '设施农业'],
    cooperative: ['蔬菜种植', '现代农业', '花卉苗木'],
    farm: ['蔬菜', '生态', ''],
  },
  other: { company: ['农业'], cooperative: ['种植'], farm: [''] },
}

/** Draws until the name was not drawn before. */
export function unused(taken: Set<string>, draw: () => string): string {
  for (;;) {
    const name = draw()
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

export function villageName(random: Random): string {
  const place = random.pick(PLACES)
  const landform = random.pick(LANDFORMS.filter((form) => !place.includes(form)))
  return `${place}${landform}村`
}

export function personName(random: Random): string {
  const last = random.pick(GIVEN_LAST)
  return random.pick(SURNAMES) + (random.chance(12) ? '' : random.pick(GIVEN_FIRST)) + last
}

/** The county's invented name in front keeps a business from being a real one. */
export function businessName(
  random: Random,
  kind: 'company' | 'cooperative' | 'family_farm',
  landUse: LandUse,
  townshipName: string,
  owner: string | undefined,
): string {
  const brand = random.pick(BRAND_FIRST) + random.pick(BRAND_LAST)
  const trade = TRADES[landUse]
  if (kind === 'company') return `${COUNTY_NAME}${brand}${random.pick(trade.company)}有限公司`
  if (kind === 'cooperative')
    return `${COUNTY_NAME}${brand}${random.pick(trade.cooperative)}专业合作社`
  return `${COUNTY_NAME}${townshipName}${owner ?? brand}${random.pick(trade.farm)}家庭农场`
}
