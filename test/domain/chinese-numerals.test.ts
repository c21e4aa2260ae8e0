import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inFigures } from '../../src/domain/chinese-numerals.ts'

describe('inFigures', () => {
  it.each([
    ['三十五', '35'],
    ['十', '10'],
    ['十二', '12'],
    ['一百零五', '105'],
    ['一千〇二十', '1020'],
    ['一万二千', '12000'],
    ['一万零五百', '10500'],
    ['壹万贰仟叁佰元整', '12300元整'],
    ['三亿五千万', '350000000'],
    ['两亩', '2亩'],
    ['二〇一五年十二月三十一日', '2015年12月31日'],
    ['三点二五亩', '3.25亩'],
    ['1.2万元', '1.2万元'],
    ['3千', '3千'],
    ['百分之五', '百分之5'],
    ['青溪村', '青溪村'],
    ['五十三百', '五十三百'],
    ['三五十', '三五十'],
  ])('%s is %s', (text, figures) => {
    expect(inFigures(text)).toEqual({ text: figures, colloquial: false })
  })

  it.each([
    ['一万二', '12000'],
    ['三百五', '350'],
    ['两千八', '2800'],
  ])('%s is spoken for %s', (text, figures) => {
    expect(inFigures(text)).toEqual({ text: figures, colloquial: true })
  })

  it('reads every number below 100,000,000 as it is written in full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (n) => {
        expect(inFigures(inWords(n))).toEqual({ text: String(n), colloquial: false })
      }),
      { numRuns: 2000 },
    )
  })
})

/** 10203 is 一万零二百零三. */
function inWords(n: number): string {
  const wan = Math.floor(n / 10_000)
  const rest = n % 10_000
  if (wan === 0) return section(rest)
  if (rest === 0) return `${section(wan)}万`
  return `${section(wan)}万${rest < 1000 ? '零' : ''}${section(rest)}`
}

function section(n: number): string {
  let words = ''
  let gap = false
  for (const [scale, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(n / scale) % 10
    if (digit === 0) gap = words !== ''
    else {
      words += `${gap ? '零' : ''}${'零一二三四五六七八九'[digit]}${name}`
      gap = false
    }
  }
  return words
}
