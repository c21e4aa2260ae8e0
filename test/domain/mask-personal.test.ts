import { expect, it } from 'vitest'
import {
  hasMaskedNumber,
  maskContractNo,
  maskHousehold,
  maskPerson,
  maskPhone,
} from '../../src/domain/mask-personal.ts'

it.each([
  ['张三', '张*'],
  ['张三丰', '张*丰'],
  ['欧阳 小 明', '欧*明'],
])('shows the person %s as %s', (name, masked) => {
  expect(maskPerson(name)).toBe(masked)
})

it.each([
  ['13812341234', '138****1234'],
  ['138 1234 1234', '138****1234'],
  ['0825-6123456', '082****3456'],
  ['6123456', '***3456'],
  ['+8613812341234', '138****1234'],
  ['008613812341234', '138****1234'],
  ['86 138 1234 1234', '138****1234'],
  ['(+86)13812341234', '138****1234'],
  ['+86 13812341234、0086-139 0000 5678', '138****1234、139****5678'],
  ['+86 825 6123456', '+868*****3456'],
  ['13812341234、13900005678', '138****1234、139****5678'],
  ['转 801', '转 801'],
])('shows the phone %s as %s', (phone, masked) => {
  expect(maskPhone(phone)).toBe(masked)
})

it.each([
  ['张三', '张*'],
  ['张三等35户', '张*等35户'],
  ['张三丰35户', '张*丰35户'],
  ['2组12户', '2组12户'],
  ['红岩村', '红岩村'],
  ['红岩村3组', '红岩村3组'],
  ['红岩村青龙组', '红岩村青龙组'],
  ['三组', '三组'],
  ['李大组', '李*组'],
  ['李大组35户', '李*组35户'],
  ['王小二 510901197001011234', '王*二510***********1234'],
])('shows the household %s as %s', (name, masked) => {
  expect(maskHousehold(name)).toBe(masked)
})

it.each([
  ['13812341234', '138****1234', true],
  ['510902197001011234', '510***********1234', true],
  ['流转13812341234', '流转13812341234', false],
  ['+8613812341234', '138****1234', true],
  ['2020-0001', '2020-0001', false],
  ['519901101201', '519901101201', false],
])('shows the contract %s as %s', (contractNo, shown, isMasked) => {
  expect(maskContractNo(contractNo)).toBe(shown)
  expect(hasMaskedNumber(shown)).toBe(isMasked)
})

it.each([
  ['联系 138****1234', true],
  ['51090219700101123X', false],
  ['510***********123X号', true],
  ['张*三', false],
  ['2*3=6 ****', false],
])('in %s a number was masked: %s', (text, isMasked) => {
  expect(hasMaskedNumber(text)).toBe(isMasked)
})
