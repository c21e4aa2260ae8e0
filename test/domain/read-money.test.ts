import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFen } from '../../src/domain/read-money.ts'

describe('readFen in a column of 元', () => {
  it.each([
    [1234.5, 123_450],
    [0, 0],
    [0.1 + 0.2, 30],
    [1234.5600000000002, 123_456],
    [1e-17, 0],
    [-2.7e-17, 0],
    ['1,234.50', 123_450],
    ['1，234', 123_400],
    ['１２０００元', 1_200_000],
    ['¥1,200.00', 120_000],
    ['￥1200', 120_000],
    ['人民币1200元整', 120_000],
    ['一万二千元', 1_200_000],
    ['壹万贰仟叁佰元整', 1_230_000],
    ['12元5角', 1_250],
    ['12元5角3分', 1_253],
    ['12000 元', 1_200_000],
    ['1200元。', 120_000],
    ['1234.5600000000001', 123_456],
    ['1000000000', 100_000_000_000],
  ])('%j is %i fen, without a guess', (cell, fen) => {
    expect(readFen(cell)).toEqual({ value: fen })
  })

  it.each([
    ['1.2万元', 1_200_000, '12,000.00 元'],
    ['1.2万', 1_200_000, '12,000.00 元'],
    ['1万2千元', 1_200_000, '12,000.00 元'],
    ['一万二', 1_200_000, '12,000.00 元'],
    ['约1200元', 120_000, '1,200.00 元'],
    ['1200元左右', 120_000, '1,200.00 元'],
    ['10余万元', 10_000_000, '100,000.00 元'],
    ['1200(估)', 120_000, '1,200.00 元'],
    ['3千元', 300_000, '3,000.00 元'],
    ['0.5亿元', 5_000_000_000, '50,000,000.00 元'],
    ['0.005', 1, '0.01 元'],
    [33.335, 3334, '33.34 元'],
    [100 / 3, 3333, '33.33 元'],
  ])('%j is read as %i fen and says so: %s', (cell, value, readAs) => {
    expect(readFen(cell)).toEqual({ value, readAs })
  })

  it.each([
    ['500斤黄谷', 'number-unreadable'],
    ['800元/亩', 'number-unreadable'],
    ['按市场价', 'number-unreadable'],
    ['1,23', 'number-unreadable'],
    ['1 200', 'number-unreadable'],
    ['1.2.3', 'number-unreadable'],
    ['1万2', 'number-unreadable'],
    ['1.2E+5', 'number-unreadable'],
    ['500+300', 'number-unreadable'],
    ['不足500元', 'number-unreadable'],
    ['5角3元', 'number-unreadable'],
    ['constructor', 'number-unreadable'],
    ['9'.repeat(10_000), 'number-unreadable'],
    [true, 'number-unreadable'],
    [Number.NaN, 'number-unreadable'],
    ['3-5万', 'number-range'],
    ['300至500元', 'number-range'],
    ['300元~500元', 'number-range'],
    [-5, 'number-negative'],
    ['-5', 'number-negative'],
    ['－５元', 'number-negative'],
    ['负5元', 'number-negative'],
    ['(1,200.00)', 'number-negative'],
    ['（500）', 'number-negative'],
    ['1000000000.01', 'out-of-range'],
    ['10.1亿元', 'out-of-range'],
    [1e300, 'out-of-range'],
    ['#REF!', 'cell-error'],
    ['####', 'cell-error'],
  ])('%j is refused: %s', (cell, code) => {
    expect(readFen(cell)).toEqual({ code, reason: expect.stringMatching(/[\u4e00-\u9fff]/) })
  })

  it.each([null, '', '无', '/', '—'])('%j is nothing', (cell) => {
    expect(readFen(cell)).toBeUndefined()
  })
})

describe('readFen in a column of 万元', () => {
  it.each([
    [64.1, 64_100_000],
    ['1.2', 1_200_000],
    ['1.2万元', 1_200_000],
    ['1.2万', 1_200_000],
    ['三十五', 35_000_000],
    ['0.000001', 1],
  ])('%j is %i fen, without a guess', (cell, fen) => {
    expect(readFen(cell, 'wan_yuan')).toEqual({ value: fen })
  })

  it.each([
    ['12000元', 1_200_000, '12,000.00 元'],
    ['一万二千元', 1_200_000, '12,000.00 元'],
    ['三万', 3_000_000, '30,000.00 元'],
    ['三千', 300_000, '3,000.00 元'],
    ['1.2亿', 12_000_000_000, '120,000,000.00 元'],
    ['0.00000055', 1, '0.01 元'],
  ])('%j is read as %i fen and says so: %s', (cell, value, readAs) => {
    expect(readFen(cell, 'wan_yuan')).toEqual({ value, readAs })
  })

  it.each([
    ['100000.000001', 'out-of-range'],
    ['3-5', 'number-range'],
    ['500斤', 'number-unreadable'],
  ])('%j is refused: %s', (cell, code) => {
    expect(readFen(cell, 'wan_yuan')).toMatchObject({ code })
  })
})

describe('what a program has written', () => {
  const fen = fc.integer({ min: 0, max: 100_000_000_000 })

  it('comes back to the fen, as text and as a number', () => {
    fc.assert(
      fc.property(fen, (value) => {
        const text = decimals(value, 2)
        const grouped = text.replace(/\B(?=(\d{3})+\.)/g, ',')
        for (const cell of [text, grouped, `${grouped} 元`, `¥${text}`, Number(text)])
          expect(readFen(cell)).toEqual({ value })
        for (const cell of [decimals(value, 6), Number(decimals(value, 6))])
          expect(readFen(cell, 'wan_yuan')).toEqual({ value })
      }),
      { numRuns: 2000 },
    )
  })

  it('comes back to the fen when a sheet has added it up', () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { maxLength: 50 })
    fc.assert(
      fc.property(amounts, (parts) => {
        const sum = parts.reduce((total, part) => total + part / 100, 0)
        const value = parts.reduce((total, part) => total + part, 0)
        expect(readFen(sum)).toEqual({ value })
      }),
    )
  })
})

function decimals(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}
