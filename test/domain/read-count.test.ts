import { describe, expect, it } from 'vitest'
import { readCount } from '../../src/domain/read-count.ts'

describe('readCount', () => {
  it.each([
    [35, 35],
    [0, 0],
    ['35户', 35],
    ['２８ 户', 28],
    ['三十五户', 35],
    ['共120人', 120],
    ['1,200', 1200],
    ['35.0', 35],
    ['30天', 30],
    [34.99999999999999, 35],
    [10_000_000, 10_000_000],
  ])('%j is %i, without a guess', (cell, count) => {
    expect(readCount(cell)).toEqual({ value: count })
  })

  it.each([
    ['约120人', 120, '120'],
    ['十余户', 10, '10'],
    ['1.2万人', 12_000, '12000'],
    ['三百五', 350, '350'],
  ])('%j is read as %i and says so: %s', (cell, value, readAs) => {
    expect(readCount(cell)).toEqual({ value, readAs })
  })

  it.each([
    [35.5, 'number-not-whole'],
    ['三十五点五', 'number-not-whole'],
    ['35户120人', 'number-unreadable'],
    ['几十户', 'number-unreadable'],
    ['张三等35户', 'number-unreadable'],
    [true, 'number-unreadable'],
    ['30-40户', 'number-range'],
    [-1, 'number-negative'],
    [10_000_001, 'out-of-range'],
    ['#DIV/0!', 'cell-error'],
  ])('%j is refused: %s', (cell, code) => {
    const read = readCount(cell)
    expect(read).toEqual({ code, reason: expect.not.stringContaining('张三') })
  })
})
