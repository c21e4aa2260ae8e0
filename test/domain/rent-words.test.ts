import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RentLine } from '../../src/domain/contract-terms.ts'
import { type RentGiven, readRent, rentWords } from '../../src/domain/rent-words.ts'
import { anyClause } from './arbitrary-words.ts'

const paddy: RentLine = { land: 'paddy', areaMu: 320.5, basis: 'cash', fenPerMu: 60000 }
const dry: RentLine = {
  land: 'dry',
  areaMu: 180,
  basis: 'grain',
  jinPerMu: 400,
  grain: 'mid_late_indica',
}
const sumMu = (lines: readonly RentLine[]) =>
  lines.reduce((sum, { areaMu }) => sum + Math.round(areaMu * 100), 0) / 100

describe('what the ledger writes', () => {
  it.each<[RentLine[], string]>([
    [[paddy, dry], '田 320.50亩 600元/亩;土 180.00亩 400斤/亩 中晚籼稻'],
    [[{ areaMu: 500.5, basis: 'cash', fenPerMu: 60000 }], '600元/亩'],
    [[{ land: 'all', areaMu: 500.5, basis: 'cash', fenPerMu: 60050 }], '田土 600.50元/亩'],
    [[paddy], '田 320.50亩 600元/亩'],
    [[{ areaMu: 3, fenPerMu: 60000 }], '按600元/亩'],
    [[{ areaMu: 3, jinPerMu: 400.5 }], '按400.50斤/亩'],
    [[{ areaMu: 3, basis: 'cash', fenPerMu: 0 }], '0元/亩'],
    [[{ areaMu: 3 }], '租金未约定'],
    [[{ areaMu: 3, basis: 'cash' }], '现金未约定'],
    [[{ areaMu: 3, basis: 'grain', grain: 'wheat' }], '实物未约定 小麦'],
    [[{ ...dry, fenPerMu: 60000 }], '土 180.00亩 400斤/亩 中晚籼稻(另记600元/亩)'],
    [[{ ...paddy, jinPerMu: 400, grain: '魔芋' }], '田 320.50亩 600元/亩(另记400斤/亩 魔芋)'],
    [[{ ...dry, grain: '小麦' }], '土 180.00亩 400斤/亩 “小麦”'],
    [[{ ...dry, grain: '稻;(甲”乙)' }], '土 180.00亩 400斤/亩 “稻;(甲””乙)”'],
  ])('%j as %s, and reads it back', (lines, words) => {
    expect(rentWords(lines)).toBe(words)
    expect(readRent(words, { areaMu: sumMu(lines) })).toStrictEqual({ value: lines })
  })

  it('reads back every clause that the service takes, without a guess', () => {
    fc.assert(
      fc.property(anyClause, ({ lines }) => {
        const on = (land: string) => sumMu(lines.filter((line) => line.land === land))
        const given = { areaMu: sumMu(lines), paddyMu: on('paddy'), dryMu: on('dry') }
        expect(readRent(rentWords(lines), { areaMu: given.areaMu })).toStrictEqual({ value: lines })
        expect(readRent(rentWords(lines), given)).toStrictEqual({ value: lines })
      }),
      { numRuns: 1000 },
    )
  })
})

const cash = (fenPerMu: number) => ({ basis: 'cash', fenPerMu })
const inGrain = (jinPerMu: number, grain?: string) => ({
  basis: 'grain',
  jinPerMu,
  ...(grain !== undefined && { grain }),
})
const indica = (jinPerMu: number) => inGrain(jinPerMu, 'mid_late_indica')

describe('what people write, for 30 mu', () => {
  it.each([
    [800, cash(80000)],
    ['800', cash(80000)],
    [0, cash(0)],
    ['0', cash(0)],
    [599.9999999999999, cash(60000)],
    ['免租', cash(0)],
    ['免收', cash(0)],
    ['不收租金', cash(0)],
    ['零租金', cash(0)],
    ['0租金', cash(0)],
    ['零元', cash(0)],
    ['零', cash(0)],
    ['无偿使用', cash(0)],
    ['800元/亩', cash(80000)],
    ['８００元／亩', cash(80000)],
    ['1,200.50 元/亩', cash(120050)],
    ['每亩500元', cash(50000)],
    ['每亩五百元', cash(50000)],
    ['一亩500元', cash(50000)],
    ['亩租金600元', cash(60000)],
    ['600元/亩·年', cash(60000)],
    ['600元/亩/年', cash(60000)],
    ['600元/年/亩', cash(60000)],
    ['每年每亩600元。', cash(60000)],
    ['土地流转费600元/亩', cash(60000)],
    ['20000元/亩', cash(2000000)],
    ['400斤/亩', inGrain(400)],
    ['按600元/亩', { fenPerMu: 60000 }],
  ])('%s is in so many words', (cell, terms) => {
    expect(readRent(cell, { areaMu: 30 })).toStrictEqual({ value: [{ ...terms, areaMu: 30 }] })
  })

  it.each([
    ['500斤黄谷', indica(500), '500斤/亩 中晚籼稻'],
    ['５００斤黄谷', indica(500), '500斤/亩 中晚籼稻'],
    ['五百斤黄谷', indica(500), '500斤/亩 中晚籼稻'],
    ['黄谷400斤', indica(400), '400斤/亩 中晚籼稻'],
    ['400斤/亩 黄谷', indica(400), '400斤/亩 中晚籼稻'],
    ['500斤稻谷/亩·年', indica(500), '500斤/亩 中晚籼稻'],
    ['每亩500斤稻谷', indica(500), '500斤/亩 中晚籼稻'],
    ['1000斤稻谷折价', indica(1000), '1000斤/亩 中晚籼稻'],
    ['500斤黄谷(按当年市场价折款)', indica(500), '500斤/亩 中晚籼稻'],
    ['500公斤', inGrain(1000), '1000斤/亩'],
    ['200kg小麦/亩', inGrain(400, 'wheat'), '400斤/亩 小麦'],
    ['500斤魔芋', inGrain(500, '魔芋'), '500斤/亩 魔芋'],
    ['约800元/亩', cash(80000), '800元/亩'],
    ['800元左右', cash(80000), '800元/亩'],
    ['1.2万元/亩', cash(1200000), '12000元/亩'],
    ['800.005', cash(80001), '800.01元/亩'],
  ])('%s is a guess that says so', (cell, terms, readAs) => {
    const value = [{ ...terms, areaMu: 30 }]
    expect(readRent(cell, { areaMu: 30 })).toStrictEqual({ value, readAs })
  })

  it.each([
    ['按市场价', 'rent-unreadable'],
    ['面议', 'rent-unreadable'],
    ['黄谷500', 'rent-unreadable'],
    ['600元/亩,另付管理费20元', 'rent-unreadable'],
    ['-5', 'rent-unreadable'],
    [true, 'rent-unreadable'],
    ['#REF!', 'cell-error'],
    ['600-800元/亩', 'rent-range'],
    ['600元至800元', 'rent-range'],
    ['400~500斤', 'rent-range'],
    ['50元/亩/月', 'rent-not-yearly'],
    ['前3年600元/亩', 'rent-not-yearly'],
    ['1.2万元', 'rent-per-mu-or-total'],
    [24000, 'rent-per-mu-or-total'],
    ['5000元/年', 'rent-per-mu-or-total'],
    ['15000斤黄谷', 'rent-per-mu-or-total'],
    [0.08, 'rent-unit-unknown'],
    ['2000000元/亩', 'out-of-range'],
    ['200000斤/亩', 'out-of-range'],
    ['9000000.00亩 600元/亩', 'areas-differ'],
    ['400斤/亩 “”', 'grain-unreadable'],
    ['田800土500', 'area-missing'],
    ['500斤黄谷折合600元', 'area-missing'],
    ['田 20.00亩 600元/亩;土 20.00亩 400斤/亩', 'areas-differ'],
  ])('%s is refused as %s', (cell, code) => {
    expect(readRent(cell, { areaMu: 30 })).toStrictEqual({
      code,
      reason: expect.stringMatching(/应|超出|不一致|改成/),
    })
  })

  it.each(['', '  ', '无', '/', '—', null])('%j says nothing', (cell) => {
    expect(readRent(cell, { areaMu: 30 })).toBeUndefined()
  })
})

describe('whose land a rate is for', () => {
  const both = { areaMu: 500.5, paddyMu: 320.5, dryMu: 180 }
  const lands = (paddyFen: number, dryFen: number) => [
    { land: 'paddy', areaMu: 320.5, ...cash(paddyFen) },
    { land: 'dry', areaMu: 180, ...cash(dryFen) },
  ]
  it.each<[string | number, RentGiven, unknown]>([
    [800, both, lands(80000, 80000)],
    ['800元/亩', { paddyMu: 320.5, dryMu: 180 }, lands(80000, 80000)],
    ['田800土500', both, lands(80000, 50000)],
    ['水田800元/亩、旱地500元/亩', both, lands(80000, 50000)],
    ['土500,田800', both, lands(80000, 50000).reverse()],
    ['田320.5亩800元,土180亩500元', { areaMu: 500.5 }, lands(80000, 50000)],
    [800, { paddyMu: 320.5 }, [{ land: 'paddy', areaMu: 320.5, ...cash(80000) }]],
    ['田800', { areaMu: 320.5 }, [{ land: 'paddy', areaMu: 320.5, ...cash(80000) }]],
    [800, { areaMu: 500.5, paddyMu: 320.5 }, [{ areaMu: 500.5, ...cash(80000) }]],
    [800, { areaMu: 30, paddyMu: 0, dryMu: 0 }, [{ areaMu: 30, ...cash(80000) }]],
  ])('%s with %j', (cell, given, value) => {
    expect(readRent(cell, given)).toStrictEqual({ value })
  })

  it.each<[string | number, RentGiven, string]>([
    [800, {}, 'area-missing'],
    ['田800', both, 'areas-differ'],
    ['田800土500', { areaMu: 500.5, paddyMu: 320.5 }, 'area-missing'],
    ['田 320.50亩 600元/亩', { areaMu: 320.52 }, 'areas-differ'],
  ])('%s with %j is refused as %s', (cell, given, code) => {
    expect(readRent(cell, given)).toMatchObject({ code })
  })

  it('lets two areas differ by what rounding loses', () => {
    const read = readRent('田 320.50亩 600元/亩', { areaMu: 320.51 })
    expect(read).toStrictEqual({ value: [paddy] })
  })
})

describe('a column in 万元', () => {
  it.each([
    [0.08, { value: [{ ...cash(80000), areaMu: 30 }] }],
    ['800元/亩', { value: [{ ...cash(80000), areaMu: 30 }] }],
    [800, { value: [{ ...cash(80000), areaMu: 30 }], readAs: '800元/亩' }],
    [5, { code: 'rent-per-mu-or-total', reason: expect.any(String) }],
  ])('%s', (cell, read) => {
    expect(readRent(cell, { areaMu: 30, unit: 'wan_yuan' })).toStrictEqual(read)
  })
})
