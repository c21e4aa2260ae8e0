import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCode, readPhone } from '../../src/domain/read-code.ts'

describe('readCode', () => {
  it.each([
    ['2015-0012', '2015-0012'],
    ['0012', '0012'],
    ["'0012", '0012'],
    ['青流转（２０１５）１２号', '青流转(2015)12号'],
    ['2015 - 12 号', '2015 - 12 号'],
    [519901101201, '519901101201'],
    ['51 9901 101201', '519901101201'],
    ['9351 9901 MA00 0000 0X', '93519901MA0000000X'],
    [999_999_999_999_999, '999999999999999'],
    ['510902199001011234', '510902199001011234'],
  ])('%j is %s', (cell, code) => {
    expect(readCode(cell)).toEqual({ value: code })
  })

  it('says so when a number may have lost its last zero', () => {
    expect(readCode(2015.1)).toEqual({ value: '2015.1', readAs: '2015.1' })
  })

  it.each([
    [510902199001011200, 'code-cut'],
    [1e15, 'code-cut'],
    [Number.POSITIVE_INFINITY, 'code-cut'],
    ['5.1E+17', 'code-cut'],
    ['5.10902e17', 'code-cut'],
    [-1, 'code-unreadable'],
    [Number.NaN, 'code-unreadable'],
    [true, 'code-unreadable'],
    ['#N/A', 'cell-error'],
  ])('%j is refused: %s', (cell, code) => {
    expect(readCode(cell)).toMatchObject({ code, reason: expect.any(String) })
  })

  it.each([null, '', '无', '/', "'"])('%j is nothing', (cell) => {
    expect(readCode(cell)).toBeUndefined()
  })

  it('keeps every digit of a code that is text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{4}-\d{4}$|^\d{12}$|^\d{18}$/), (value) => {
        expect(readCode(value)).toEqual({ value })
      }),
    )
  })
})

describe('readPhone', () => {
  it.each([
    [13812341234, '13812341234'],
    ['138 1234 1234', '13812341234'],
    ['138-1234-1234', '13812341234'],
    ['+8613812341234', '13812341234'],
    ['0825-2345678', '0825-2345678'],
    ['(0825)2345678', '(0825)2345678'],
    ['2345678', '2345678'],
    ['0825—2345678', '0825-2345678'],
  ])('%j is %s', (cell, phone) => {
    expect(readPhone(cell)).toEqual({ value: phone })
  })

  it.each([
    ['13812341234、13912341234', '13812341234', '取其中第一个号码'],
    ['13812341234/0825-2345678', '13812341234', '取其中第一个号码'],
    ['1381234123', '1381234123', '位数不符,按原样登记'],
    ['13812341234(微信同号)', '13812341234', '取其中的号码'],
    ['张三 13812341234', '13812341234', '取其中的号码'],
    ['0825-2345678(办)', '0825-2345678', '取其中的号码'],
  ])('%j is read as %s and says so', (cell, value, readAs) => {
    expect(readPhone(cell)).toEqual({ value, readAs })
  })

  it.each([
    ['1.38E+10', 'code-cut'],
    ['张三', 'phone-unreadable'],
    ['1'.repeat(41), 'phone-unreadable'],
    [true, 'code-unreadable'],
  ])('%j is refused: %s, and the reason does not repeat it', (cell, code) => {
    const read = readPhone(cell)
    expect(read).toEqual({ code, reason: expect.not.stringContaining(String(cell)) })
  })
})
