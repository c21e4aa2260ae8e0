import { expect, it } from 'vitest'
import { readYears } from '../../src/domain/read-years.ts'
import { yearRanges } from '../../src/domain/year-ranges.ts'

it.each([
  [[], ''],
  [[2021], '2021'],
  [[2020, 2021], '2020—2021'],
  [[2019, 2020, 2021, 2023, 2025, 2026], '2019—2021、2023、2025—2026'],
])('lists %j as %s', (years, words) => {
  expect(yearRanges(years)).toBe(words)
  if (words !== '') expect(readYears(words)).toEqual({ value: years })
})
