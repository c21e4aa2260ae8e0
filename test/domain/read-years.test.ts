import { describe, expect, it } from 'vitest'
import { readYears } from '../../src/domain/read-years.ts'

describe('readYears', () => {
  it.each([
    [2019, [2019]],
    ['2019', [2019]],
    ['2019年度', [2019]],
    ['二〇一九年', [2019]],
    ['欠2019年租金', [2019]],
    ['2019—2021', [2019, 2020, 2021]],
    ['2019-2021年', [2019, 2020, 2021]],
    ['2019 - 2021', [2019, 2020, 2021]],
    ['2019年至2021年', [2019, 2020, 2021]],
    ['2019、2021年', [2019, 2021]],
    ['2021，2019', [2019, 2021]],
    ['2019年和2020年', [2019, 2020]],
    ['2019—2021、2023', [2019, 2020, 2021, 2023]],
    ['2019、2019—2020', [2019, 2020]],
    ['2020、2021两年', [2020, 2021]],
    ['2019-2021年三年', [2019, 2020, 2021]],
  ])('%j is %j, without a guess', (cell, years) => {
    expect(readYears(cell)).toEqual({ value: years })
  })

  it.each([
    ['19-21年', [2019, 2020, 2021], '2019—2021'],
    ['2019-21', [2019, 2020, 2021], '2019—2021'],
    ['19、21、22年', [2019, 2021, 2022], '2019、2021—2022'],
    ['98年', [1998], '1998'],
    ['2019年下半年', [2019], '2019'],
    ['2019-01-01', [2019], '2019'],
  ])('%j is read as %j and says so: %s', (cell, value, readAs) => {
    expect(readYears(cell)).toEqual({ value, readAs })
  })

  it.each([
    ['近三年', 'years-unreadable'],
    ['3年', 'years-unreadable'],
    ['19', 'years-unreadable'],
    ['2018年至今', 'years-unreadable'],
    ['2021-2019', 'years-unreadable'],
    ['2020、2021三年', 'years-unreadable'],
    ['2019.1', 'years-unreadable'],
    [true, 'years-unreadable'],
    ['1949', 'out-of-range'],
    ['2019—9999', 'out-of-range'],
    ['#REF!', 'cell-error'],
  ])('%j is refused: %s', (cell, code) => {
    expect(readYears(cell)).toMatchObject({ code, reason: expect.any(String) })
  })

  it.each([null, '无', '—'])('%j is nothing', (cell) => {
    expect(readYears(cell)).toBeUndefined()
  })
})
