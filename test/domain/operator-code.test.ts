import { expect, it } from 'vitest'
import { operatorCodeProblem } from '../../src/domain/operator-code.ts'

it.each([
  // The examples of the standards.
  ['91350100M000100Y43', undefined],
  ['11010519491231002X', undefined],
  ['510901198001011230', undefined],
  ['910901198001011230', 'uscc-checksum'],
  ['11010519491231002x', undefined],
  ['110105 1949-1231 002X', undefined],
  ['１１０１０５19491231002X', undefined],
  ['110105491231002', undefined],
  ['110105000229002', 'uscc-checksum'],
  ['110105560229002', undefined],
  ['91350100M000100Y44', 'uscc-checksum'],
  ['91350100M000100Y4', 'uscc-checksum'],
  ['110105194912310021', 'id-checksum'],
  ['11010519491231002A', 'uscc-checksum'],
  ['110105194902310021', 'uscc-checksum'],
  ['110105210012310021', 'uscc-checksum'],
  ['110105491331002', 'uscc-checksum'],
  ['无', 'uscc-checksum'],
  ['', 'uscc-checksum'],
])('%s has the problem %s', (code, problem) => {
  expect(operatorCodeProblem(code)).toBe(problem)
})

it.each(['11010519491231002', '51090119800101123'])('one check character is that of %s', (id) => {
  const right = [...'0123456789X'].filter((last) => !operatorCodeProblem(id + last))
  expect(right).toHaveLength(1)
})
