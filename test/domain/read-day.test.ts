import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/domain/calendar-day.ts'
import { readDay } from '../../src/domain/read-day.ts'

const START = '2015-01-01'

describe('a day that is written in full', () => {
  it.each([
    ...['2015-01-01', '2015.1.1', '2015/1/1', '2015-1-1', '2015/01/01', '2015。1。1', '2015、1、1'],
    ...['2015年1月1日', '2015 年 1 月 1 日', '2015年01月01号', '２０１５年１月１日'],
    ...['20150101', 20150101, '2015-01-01 00:00:00', '2015/1/1 0:00', '2015-01-01T08:30:00'],
    ...['二〇一五年一月一日', '二零一五年元月一日', '二O一五年一月一日', '二0一五年一月一日'],
    ...['2015年1月1日起', '自2015年1月1日', '2015-1-1.', '2015年1月1日 星期四', '2015.1.1(周四)'],
  ])('%j is 2015-01-01, without a guess', (cell) => {
    for (const at of ['start', 'end', 'day'] as const)
      expect(readDay(cell, at)).toEqual({ value: START })
  })

  it('comes back in every form', () => {
    const day = fc.integer({ min: 0, max: 109_571 }).map((n) => addDays('1900-01-01', n))
    fc.assert(
      fc.property(day, (value) => {
        const [year, month, date] = value.split('-').map(Number)
        const forms = [value, `${year}.${month}.${date}`, `${year}/${month}/${date}`]
        forms.push(`${year}年${month}月${date}日`, value.replaceAll('-', ''), `${value} 00:00:00`)
        for (const cell of [...forms, Number(value.replaceAll('-', ''))])
          expect(readDay(cell, 'day')).toEqual({ value })
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    [42005, '2015-01-01'],
    ['42005', '2015-01-01'],
    [42005.75, '2015-01-01'],
    [36526, '2000-01-01'],
    [20000, '1954-10-03'],
    [80000, '2119-01-11'],
    ['15.1.1', '2015-01-01'],
    ['15年1月1日', '2015-01-01'],
    ['98-7-1', '1998-07-01'],
    ['15/1/1', '2015-01-01'],
    ['2015年1月1日左右', '2015-01-01'],
    ['约2015.1.1', '2015-01-01'],
    ['2015年12月31日前', '2015-12-31'],
    ['2014-12-31T16:00:00Z', '2015-01-01'],
    ['2014-12-31T15:59:59.999Z', '2014-12-31'],
  ])('%j is read as %s and says so', (cell, day) => {
    expect(readDay(cell, 'day')).toEqual({ value: day, readAs: day })
  })
})

describe('less than a day', () => {
  it.each([
    ['2015年1月', '2015-01-01', '2015-01-31'],
    ['2015年2月份', '2015-02-01', '2015-02-28'],
    ['2016.2', '2016-02-01', '2016-02-29'],
    ['2015-06', '2015-06-01', '2015-06-30'],
    ['2015/12', '2015-12-01', '2015-12-31'],
    ['201501', '2015-01-01', '2015-01-31'],
    [201501, '2015-01-01', '2015-01-31'],
    [2015.11, '2015-11-01', '2015-11-30'],
    ['二〇一五年元月', '2015-01-01', '2015-01-31'],
    ['15年6月', '2015-06-01', '2015-06-30'],
    ['2015年3月上旬', '2015-03-01', '2015-03-10'],
    ['2015年3月中旬', '2015-03-11', '2015-03-20'],
    ['2015年3月下旬', '2015-03-21', '2015-03-31'],
    ['2015年12月底', '2015-12-31', '2015-12-31'],
    ['2014年春', '2014-03-01', '2014-05-31'],
    ['2014年春季', '2014-03-01', '2014-05-31'],
    ['2014年夏', '2014-06-01', '2014-08-31'],
    ['2014年秋季', '2014-09-01', '2014-11-30'],
    ['2015年冬', '2015-12-01', '2016-02-29'],
    ['2015年上半年', '2015-01-01', '2015-06-30'],
    ['2015年下半年', '2015-07-01', '2015-12-31'],
    ['2015年第三季度', '2015-07-01', '2015-09-30'],
    ['2015年底', '2015-12-31', '2015-12-31'],
    ['2015年年初', '2015-01-01', '2015-01-31'],
  ])('%j starts on %s and ends on %s', (cell, from, to) => {
    expect(readDay(cell, 'start')).toEqual({ value: from, readAs: from })
    expect(readDay(cell, 'day')).toEqual({ value: from, readAs: from })
    expect(readDay(cell, 'end')).toEqual({ value: to, readAs: to })
  })

  it.each(['2014', 2014, '2014年', '2014年度', '2014年全年'])('%j dates no event', (cell) => {
    expect(readDay(cell, 'start')).toEqual({ value: '2014-01-01', readAs: '2014-01-01' })
    expect(readDay(cell, 'end')).toEqual({ value: '2014-12-31', readAs: '2014-12-31' })
    expect(readDay(cell, 'day')).toMatchObject({ code: 'day-unreadable' })
  })
})

describe('an end without a day', () => {
  it.each(['长期', '永久', '长期有效', '无固定期限', '至二轮承包期满', '二轮到期', '承包期满为止'])(
    '%s is 20 years from the start, less a day',
    (cell) => {
      const readAs = '2034-12-31(未写明止日,按最长 20 年计)'
      expect(readDay(cell, 'end', START)).toEqual({ value: '2034-12-31', readAs })
      expect(readDay(cell, 'end')).toMatchObject({ code: 'term-without-start' })
      expect(readDay(cell, 'start', START)).toMatchObject({ code: 'day-unreadable' })
    },
  )

  it.each([
    ['10年', '2015-01-01', '2024-12-31(按 10 年计)'],
    ['二十年', '2015-03-01', '2035-02-28(按 20 年计)'],
    ['租期5年', '2016-02-29', '2021-02-27(按 5 年计)'],
  ])('%s from %s is read as %s', (cell, startOn, readAs) => {
    expect(readDay(cell, 'end', startOn)).toEqual({ value: readAs.slice(0, 10), readAs })
  })

  it('is not made of a year of four digits', () => {
    expect(readDay('2034年', 'end', START)).toMatchObject({ value: '2034-12-31' })
  })
})

describe('both ends in one cell', () => {
  it.each([
    '2015.1.1-2034.12.31',
    '2015-1-1-2034-12-31',
    '2015年1月1日至2034年12月31日',
    '2015/1/1—2034/12/31',
    '自2015年1月1日起至2034年12月31日止',
  ])('%s', (cell) => {
    expect(readDay(cell, 'start')).toEqual({ value: '2015-01-01' })
    expect(readDay(cell, 'end')).toEqual({ value: '2034-12-31' })
    expect(readDay(cell, 'day')).toMatchObject({ code: 'day-unreadable' })
  })

  it.each([
    ['2015-2034', '2015-01-01', '2034-12-31'],
    ['2015年1月至2034年12月', '2015-01-01', '2034-12-31'],
  ])('%s says that it is a guess', (cell, from, to) => {
    expect(readDay(cell, 'start')).toEqual({ value: from, readAs: from })
    expect(readDay(cell, 'end')).toEqual({ value: to, readAs: to })
  })

  it('takes 长期 from the start that it names', () => {
    expect(readDay('2016年1月1日至长期', 'start')).toEqual({ value: '2016-01-01' })
    expect(readDay('2016年1月1日至长期', 'end', START)).toMatchObject({ value: '2035-12-31' })
  })
})

describe('what is no day', () => {
  it.each([
    ['2015-02-30', 'day-impossible', '2015 年 2 月没有 30 日;应为日历上有的一天'],
    ['2015年2月29日', 'day-impossible', '2015 年 2 月没有 29 日;应为日历上有的一天'],
    ['20151301', 'day-impossible', '没有 13 月;应为日期,如 2015-01-01'],
    ['2015.0.1', 'day-impossible', '没有 0 月;应为日期,如 2015-01-01'],
    ['1015-01-01', 'out-of-range', '日期应在 1900 年至 2199 年之间'],
    [2015.1, 'day-ambiguous', '分不清是 1 月还是 10 月,应写成如 2015-01-01'],
    ['10/5/15', 'day-ambiguous', '分不清年月日的顺序,应写成如 2015-01-01'],
    ['1/1/2015', 'day-unreadable', '应为日期,如 2015-01-01'],
    ['2014年春节前', 'day-unreadable', '应为日期,如 2015-01-01'],
    ['2014年农历正月初一', 'day-unreadable', '应为日期,如 2015-01-01'],
    ['1月1日', 'day-unreadable', '应为日期,如 2015-01-01'],
    ['每年12月31日前', 'day-unreadable', '应为日期,如 2015-01-01'],
    ['2015年constructor', 'day-unreadable', '应为日期,如 2015-01-01'],
    ['2015年1月constructor', 'day-unreadable', '应为日期,如 2015-01-01'],
    [19_999, 'day-unreadable', '应为日期,如 2015-01-01'],
    [80_001, 'day-unreadable', '应为日期,如 2015-01-01'],
    [0, 'day-unreadable', '应为日期,如 2015-01-01'],
    [-42005, 'day-unreadable', '应为日期,如 2015-01-01'],
    [true, 'day-unreadable', '应为日期,如 2015-01-01'],
    ['-'.repeat(10_000), undefined, undefined],
    ['2015-'.repeat(2_000), 'day-unreadable', '应为日期,如 2015-01-01'],
  ])('%j: %s', (cell, code, reason) => {
    expect(readDay(cell, 'day')).toEqual(code && { code, reason })
  })

  it.each([
    ['长期', '2190-01-01'],
    ['2199年冬', undefined],
    ['0001-01-01T00:00:00Z', undefined],
  ])('%s from %s lies outside what is recorded', (cell, startOn) => {
    expect(readDay(cell, 'end', startOn)).toMatchObject({ code: 'out-of-range' })
  })

  it('may be the error of a formula', () => {
    expect(readDay('#N/A', 'start')).toMatchObject({ code: 'cell-error' })
  })

  it.each([null, '', '无', '/', '—'])('%j is nothing', (cell) => {
    expect(readDay(cell, 'end', START)).toBeUndefined()
  })
})
