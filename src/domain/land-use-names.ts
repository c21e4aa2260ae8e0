import type { LandUse } from './contract-terms.ts'

export const LAND_USE_NAMES: Readonly<Record<LandUse, string>> = {
  late_citrus: '晚熟柑桔',
  sericulture: '蚕桑',
  rice_fish: '稻渔综合种养',
  agri_park: '农业园区',
  other: '其他',
}
