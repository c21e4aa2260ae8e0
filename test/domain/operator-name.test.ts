import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalisedOperatorName } from '../../src/domain/operator-name.ts'

describe('normalisedOperatorName', () => {
  it.each([
    ['青溪柑橘农民专业合作社', '青溪柑桔专业合作社'],
    ['青溪柑桔合作社', '青溪柑桔专业合作社'],
    ['青溪果业有限责任公司', '青溪果业有限公司'],
    ['青溪　果业 有限公司', '青溪果业有限公司'],
    ['青溪果业（四川）有限公司', '青溪果业(四川)有限公司'],
    ['青溪（四川）农业有限公司', '青溪四川农业有限公司'],
    ['青溪果业有限公司（法人李某）', '青溪果业有限公司'],
    ['四川省遂宁市青溪果业有限公司', '四川遂宁青溪果业有限公司'],
    ['ＡＢ农业有限公司', 'ab农业有限公司'],
    ['阿依·古丽', '阿依古丽'],
  ])('%s and %s are probably one', (one, other) => {
    expect(normalisedOperatorName(one)).toBe(normalisedOperatorName(other))
  })

  it.each([
    ['青溪果业有限公司', '白果果业有限公司'],
    ['青溪果业有限公司', '青溪果业合作社'],
    ['四川绿源农业有限公司', '重庆绿源农业有限公司'],
    ['青溪果业有限公司', '青溪果业一分公司'],
    ['张三', '张三丰'],
    ['张三(3组)', '张三(5组)'],
    ['李四家庭农场', '李四'],
  ])('%s and %s are not', (one, other) => {
    expect(normalisedOperatorName(one)).not.toBe(normalisedOperatorName(other))
  })

  it('leaves something of every name that has letters or figures', () => {
    const word = fc.stringMatching(/^[青溪白果业A-Z0-9]{1,8}$/)
    const ending = fc.constantFrom('', '有限公司', '专业合作社', '(四川)', '（已注销）')
    fc.assert(
      fc.property(word, ending, (name, end) => {
        expect(normalisedOperatorName(name + end)).not.toBe('')
      }),
    )
  })
})
