import { describe, expect, it } from 'vitest'
import { mailName, mailText } from '../../src/domain/mask-name.ts'

describe('mailName', () => {
  it.each([
    ['individual', '张三', '张*'],
    ['individual', '张三丰', '张*丰'],
    ['individual', '欧阳', '欧*'],
    ['individual', '欧阳震华', '欧*华'],
    ['individual', '张', '*'],
    ['individual', '阿依古丽·买买提', '阿*提'],
    ['individual', ' 张 三 ', '张*'],
    ['individual', '张\u3000三', '张*'],
    ['individual', '张\u200b三', '张*'],
    ['individual', 'John Smith', 'J*h'],
    ['individual', 'Li', 'L*'],
    ['individual', '𠮷田𠮷', '𠮷*𠮷'],
    ['individual', '𠮷田', '𠮷*'],
    ['individual', '张三等35户', '张*户'],
    ['individual', '李四海家庭农场', '李*场'],
    ['individual', '', ''],
    ['family_farm', '李四海家庭农场', '李*海家庭农场'],
    ['family_farm', '李四海 家庭农场', '李*海家庭农场'],
    ['family_farm', '柑源县李四海家庭农场', '柑*海家庭农场'],
    ['family_farm', '李四家庭农场', '李*家庭农场'],
    ['family_farm', '李家庭农场', '*家庭农场'],
    ['family_farm', '家庭农场', '家庭农场'],
    ['family_farm', '李四海农场', '李*海农场'],
    ['family_farm', '李四海生态农场', '李*海生态农场'],
    ['family_farm', '李四海养殖场', '李*海养殖场'],
    ['family_farm', '李四海种植园', '李*海种植园'],
    ['family_farm', '李四海家庭农场有限公司', '李*海家庭农场有限公司'],
    ['family_farm', '李四海家庭农场(个体工商户)', '李*海家庭农场(个体工商户)'],
    ['individual', '张三(红旗果园)', '张*(红旗果园)'],
    ['individual', '张三（红旗果园）', '张*（红旗果园）'],
    ['individual', '张三丰 (青溪村)', '张*丰(青溪村)'],
    ['individual', '张三(13912345678)', '张*(139****5678)'],
    ['individual', '张三(李四海)', '张*(李*海)'],
    ['individual', '红旗果园(张三)', '红*园(张*)'],
    ['individual', '(红旗)张三', '(*三'],
    ['individual', '张三()', '张*()'],
    ['family_farm', '李四海(红旗果园)', '李*海(红旗果园)'],
    ['family_farm', '李四海家庭农场（个体工商户）', '李*海家庭农场（个体工商户）'],
    ['family_farm', '青溪家庭农场(李四海)', '青*家庭农场(李*海)'],
    ['family_farm', '李四海', '李*海'],
    ['company', '张三丰农业有限公司', '张三丰农业有限公司'],
    ['cooperative', '青溪 合作社', '青溪 合作社'],
    ['other', '张三丰', '张三丰'],
  ])('%s %s is %s', (kind, name, mailed) => {
    expect(mailName(kind, name)).toBe(mailed)
  })
})

it.each([
  ['张三(13800138000)公司', '张三(138****8000)公司'],
  ['510902197001011234', '510***********1234'],
  ['51090219700101123X号', '510***********123X号'],
  ['+8613912345678', '139****5678'],
  ['008613912345678', '139****5678'],
  ['8613912345678', '139****5678'],
  ['86 139 1234 5678', '139****5678'],
  ['张三(+86)139-1234-5678', '张三139****5678'],
  ['张三(8613912345678)', '张三(139****5678)'],
  ['008613910123456', '139****3456'],
  ['2086 13912345678', '2086 139****5678'],
  ['2015-0012', '2015-0012'],
  ['519901101201', '519901101201'],
  ['A138001380001', 'A138001380001'],
])('of what was written as %s mail says %s', (text, said) => {
  expect(mailText(text)).toBe(said)
  expect(mailName('company', text)).toBe(said)
})
