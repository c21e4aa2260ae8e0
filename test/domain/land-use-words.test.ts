import { expect, it } from 'vitest'
import { LAND_USES } from '../../src/domain/contract-terms.ts'
import { LAND_USE_NAMES } from '../../src/domain/land-use-names.ts'
import { readLandUse } from '../../src/domain/land-use-words.ts'

it.each(LAND_USES)('the name of %s is no guess', (landUse) => {
  expect(readLandUse(LAND_USE_NAMES[landUse])).toStrictEqual({ value: landUse })
})

it.each([
  ['晚熟柑橘', 'late_citrus'],
  ['柑桔种植', 'late_citrus'],
  ['脐橙', 'late_citrus'],
  ['不知火', 'late_citrus'],
  ['果园', 'late_citrus'],
  ['柑桔园区', 'late_citrus'],
  ['桑园', 'sericulture'],
  ['养蚕', 'sericulture'],
  ['栽桑养蚕', 'sericulture'],
  ['稻虾', 'rice_fish'],
  ['稻 鱼', 'rice_fish'],
  ['稻田养鱼', 'rice_fish'],
  ['稻蛙', 'rice_fish'],
  ['园区', 'agri_park'],
  ['现代农业园', 'agri_park'],
  ['现代农业园区(柑桔)', 'agri_park'],
  ['蔬菜', 'other'],
  ['粮食', 'other'],
  ['中药材', 'other'],
  ['水产', 'other'],
  ['桔梗', 'other'],
  ['蚕豆', 'other'],
] as const)('%s is a guess: %s', (cell, value) => {
  expect(readLandUse(cell)).toStrictEqual({ value, readAs: LAND_USE_NAMES[value] })
})

it.each([
  [500, 'land-use-unreadable'],
  ['500', 'land-use-unreadable'],
  [true, 'land-use-unreadable'],
  ['#REF!', 'cell-error'],
])('%s is refused as %s', (cell, code) => {
  expect(readLandUse(cell)).toStrictEqual({ code, reason: expect.stringMatching(/晚熟柑桔|改成/) })
})

it.each(['', '无', '—', null])('%j says nothing', (cell) => {
  expect(readLandUse(cell)).toBeUndefined()
})
