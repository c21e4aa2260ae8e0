import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellError, lineOf, readText } from '../../src/domain/read-text.ts'

describe('readText', () => {
  it.each([
    ['青溪村', '青溪村'],
    [' 青溪村（３组） ', '青溪村(3组)'],
    ['５００　元', '500 元'],
    ['青溪\n村\t 3组', '青溪 村 3组'],
    ['青\u200b溪\ufeff村', '青溪村'],
    ['ＡＢＣ－１２', 'ABC-12'],
    ['2000㎡', '2000m2'],
    ['协商，上调。《合同》“甲”、乙', '协商,上调。《合同》“甲”、乙'],
    ['2019—2021…', '2019—2021…'],
    ["'=SUM(A1)", '=SUM(A1)'],
    ["'青溪", "'青溪"],
    [500, '500'],
    [0, '0'],
    [0.1 + 0.2, '0.3'],
    [1234.5600000000002, '1234.56'],
    [519901101201, '519901101201'],
    [true, 'TRUE'],
  ])('%j is %j', (cell, text) => {
    expect(readText(cell)).toBe(text)
  })

  it.each([
    ...[null, '', '  ', '\u3000', '无', '暂无', '/', '／', '-', '－', '—', '——', '--', 'N/A'],
    ...['\\', '***', '没有', ' 无 '],
  ])('%j says that there is nothing', (cell) => {
    expect(readText(cell)).toBeUndefined()
  })

  it('reads what it has read again as the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // a second guard would be the text's own
        const once = lineOf(text)
        if (!once.startsWith("'")) expect(lineOf(once)).toBe(once)
      }),
      { numRuns: 200 },
    )
  })
})

describe('cellError', () => {
  it.each(['#REF!', '#N/A', '#VALUE!', '#DIV/0!', '#NAME?', '#NULL!', '#NUM!', '####', '#'])(
    '%s is no data',
    (line) => {
      expect(cellError(line)?.code).toBe('cell-error')
    },
  )

  it.each(['青溪村', '#3', '3#地块', 'REF'])('%s is data', (line) => {
    expect(cellError(line)).toBeUndefined()
  })
})
