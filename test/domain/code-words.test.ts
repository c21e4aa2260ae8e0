import { describe, expect, it } from 'vitest'
import {
  readFundingSource,
  readOperatorKind,
  readSubsidyStanding,
  readYesNo,
} from '../../src/domain/code-words.ts'

describe('readYesNo', () => {
  it.each(['是', '有', '已投保', '投保', '√', 'Y', 1, true])('%j is yes', (cell) => {
    expect(readYesNo(cell)).toEqual({ value: true })
  })

  it.each(['否', '无', '没有', '未投保', '×', 'n', 0, false])('%j is no', (cell) => {
    expect(readYesNo(cell)).toEqual({ value: false })
  })

  it.each([null, '', '/', '—'])('%j is nothing', (cell) => {
    expect(readYesNo(cell)).toBeUndefined()
  })

  it.each([
    ['部分', 'word-unknown'],
    [2, 'word-unknown'],
    ['constructor', 'word-unknown'],
    ['#REF!', 'cell-error'],
  ])('%j is refused: %s', (cell, code) => {
    expect(readYesNo(cell)).toMatchObject({ code })
  })
})

describe('readFundingSource', () => {
  it.each([
    ['中央', 'central'],
    ['中央财政专项资金', 'central'],
    ['省级', 'province'],
    ['省级财政资金', 'province'],
    ['市', 'city'],
    ['县级配套', 'county'],
  ])('%s is %s', (cell, value) => {
    expect(readFundingSource(cell)).toEqual({ value })
  })

  it.each([
    ['国家', 'central', '中央'],
    ['区级', 'county', '县级'],
  ])('%s is read as %s and says so: %s', (cell, value, readAs) => {
    expect(readFundingSource(cell)).toEqual({ value, readAs })
  })

  it.each([
    ['中央和省级', 'word-unknown'],
    ['自筹', 'word-unknown'],
    ['constructor', 'word-unknown'],
    ['资金'.repeat(5_000), 'word-unknown'],
    ['#N/A', 'cell-error'],
  ])('%j is refused: %s', (cell, code) => {
    expect(readFundingSource(cell)).toMatchObject({ code })
  })

  it('may be empty', () => {
    expect(readFundingSource('/')).toBeUndefined()
  })
})

describe('readSubsidyStanding', () => {
  it.each([
    ['认定应付', { value: 'recognised' }],
    ['业主主张', { value: 'claimed' }],
    ['认定', { value: 'recognised' }],
    ['应付', { value: 'recognised', readAs: '认定应付' }],
    ['已认定', { value: 'recognised', readAs: '认定应付' }],
    ['未认定', { value: 'claimed', readAs: '业主主张' }],
  ])('%s is %j', (cell, read) => {
    expect(readSubsidyStanding(cell)).toEqual(read)
  })

  it.each(['不认定', '待定', '部分认定', '是', 'constructor'])(
    '%s is neither the one nor the other',
    (cell) => {
      expect(readSubsidyStanding(cell)).toMatchObject({ code: 'word-unknown' })
    },
  )

  it('may be empty', () => {
    expect(readSubsidyStanding('—')).toBeUndefined()
  })
})

describe('readOperatorKind', () => {
  it.each([
    ['公司', 'company'],
    ['企业', 'company'],
    ['国企', 'company'],
    ['国有企业', 'company'],
    ['集体企业', 'company'],
    ['合作社', 'cooperative'],
    ['农民专业合作社', 'cooperative'],
    ['家庭农场', 'family_farm'],
    ['个人', 'individual'],
    ['种植大户', 'individual'],
    ['其他', 'other'],
  ])('%s is %s, whatever it is called', (cell, value) => {
    expect(readOperatorKind(cell, '李四家庭农场')).toEqual({ value })
  })

  it.each([
    ['青溪果业有限公司', 'company', '公司'],
    ['青溪晚熟柑桔专业合作社', 'cooperative', '合作社'],
    ['李四家庭农场', 'family_farm', '家庭农场'],
    ['李四家庭农场有限公司', 'family_farm', '家庭农场'],
    ['张三', 'individual', '个人'],
    ['张三(3组)', 'individual', '个人'],
    ['青溪村股份经济合作联合社', 'other', '其他'],
    ['青溪养殖场', 'other', '其他'],
    ['constructor', 'other', '其他'],
  ])('%s is, by its name, %s, which is a guess', (name, value, readAs) => {
    expect(readOperatorKind(null, name)).toEqual({ value, readAs })
    expect(readOperatorKind('/', name)).toEqual({ value, readAs })
  })

  it.each([
    ['民营企业', 'company', '公司'],
    ['种粮大户', 'individual', '个人'],
    ['一般经营主体', 'family_farm', '家庭农场'],
  ])('%s is no kind of its own: %s is a guess', (cell, value, readAs) => {
    expect(readOperatorKind(cell, '李四家庭农场')).toEqual({ value, readAs })
  })

  it('is nothing without a name and a word', () => {
    expect(readOperatorKind('', '')).toBeUndefined()
    expect(readOperatorKind('#REF!', '张三')).toMatchObject({ code: 'cell-error' })
  })
})
