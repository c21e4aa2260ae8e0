import { expect, it } from 'vitest'
import { maskHousehold, maskPerson, maskPhone } from '../../src/domain/mask-personal.ts'

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
  ['+8613812341234', '+861******1234'],
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
])('shows the household %s as %s', (name, masked) => {
  expect(maskHousehold(name)).toBe(masked)
})
