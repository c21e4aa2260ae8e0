import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lessorWords, readLessor } from '../../src/domain/lessor-words.ts'
import { anyText } from './arbitrary-words.ts'

const collective = 'village_collective'
const household = 'household'

it.each([
  [{ kind: collective, name: '青溪村股份经济合作联合社' }, '青溪村股份经济合作联合社'],
  [{ kind: household, name: '张三等35户', households: 35 }, '张三等35户'],
  [{ kind: household, name: '张三' }, '张三'],
  [{ kind: collective, name: '张三' }, '村集体“张三”'],
  [{ kind: household, name: '张三等35户', households: 3 }, '农户“张三等35户”3户'],
  [{ kind: collective, name: '青溪村村委会', households: 9 }, '村集体“青溪村村委会”9户'],
  [{ kind: household, households: 35 }, '农户35户'],
  [{ kind: collective }, '村集体'],
] as const)('%j is written %s', (lessor, words) => {
  expect(lessorWords(lessor)).toBe(words)
  expect(readLessor(words)).toStrictEqual({ value: lessor })
})

it('reads back kind and name without a guess; households unless their own column has them', () => {
  const lessor = fc.record(
    {
      kind: fc.constantFrom(collective, household),
      name: anyText(200),
      households: fc.integer({ min: 0, max: 10_000_000 }),
    },
    { requiredKeys: ['kind'] },
  )
  fc.assert(
    fc.property(lessor, ({ households, ...named }) => {
      const words = lessorWords({ ...named, households })
      const read = readLessor(words)
      const counted = words === named.name ? [households, undefined] : [households]
      expect(counted.map((n) => ({ value: { ...named, households: n } }))).toContainEqual(read)
      expect(read).not.toHaveProperty('readAs')
    }),
    { numRuns: 1000 },
  )
})

it.each([
  ['青溪村经济合作社', { kind: collective, name: '青溪村经济合作社' }],
  [
    '青溪村股份经济合作联合社（120户）',
    { kind: collective, name: '青溪村股份经济合作联合社（120户）', households: 120 },
  ],
  ['农村集体经济组织', { kind: collective }],
  ['农户', { kind: household }],
  ['2组12户', { kind: household, name: '2组12户', households: 12 }],
  ['三十五户', { kind: household, households: 35 }],
  ['欧阳震华', { kind: household, name: '欧阳震华' }],
  ['冯*富等2户', { kind: household, households: 2 }],
])('%s is in so many words', (cell, value) => {
  expect(readLessor(cell)).toStrictEqual({ value })
})

it.each([
  ['青溪村村委会', collective, undefined, '村集体'],
  ['青溪村', collective, undefined, '村集体'],
  ['青溪村3组', collective, undefined, '村集体'],
  ['青溪村二社', collective, undefined, '村集体'],
  ['某某农业有限公司', collective, undefined, '村集体'],
  ['青溪村3组农户', household, undefined, '农户'],
  ['张三等', household, undefined, '农户'],
  ['张三、李四', household, 2, '农户 2 户'],
  ['约35户', household, 35, '农户 35 户'],
  ['村委会代35户', household, 35, '农户 35 户'],
])('%s is a guess that does not repeat the name', (cell, kind, households, readAs) => {
  const read = readLessor(cell)
  expect(read).toMatchObject({ value: { kind }, readAs })
  expect(read && 'value' in read && read.value.households).toBe(households)
})

it.each(['张*三', '张*'])('%s is a household: a masked name is no name', (cell) => {
  expect(readLessor(cell)).toStrictEqual({ value: { kind: household } })
})

it.each([
  [5, 'lessor-unreadable'],
  ['5', 'lessor-unreadable'],
  ['名'.repeat(201), 'lessor-unreadable'],
  ['农户99999999户', 'out-of-range'],
  ['#REF!', 'cell-error'],
])('%s is refused as %s', (cell, code) => {
  expect(readLessor(cell)).toStrictEqual({ code, reason: expect.any(String) })
})

it.each(['', '无', '/', null])('%j says nothing', (cell) => {
  expect(readLessor(cell)).toBeUndefined()
})
