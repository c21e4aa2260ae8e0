/** Which operators are proposed as one: a person decides. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { joinProposalsAmong } from '../../src/imports/join-proposals.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, VILLAGE } from '../support/test-county.ts'

let county: TestCounty
afterEach(() => county.close())

const CODE = '93519901MA00000000'
const SOUND = ['91350100M000100Y43', '91110000600037341L'] as const

/** An operator that leases in these villages. */
async function leasing(fact: object, ...villages: string[]): Promise<string> {
  const { id } = await county.operator(fact)
  for (const villageCode of villages) await county.contract(id, { villageCode, contractNo: id })
  return id
}
interface Proposal {
  operators: { id: string; name: string; uscc: string | null; contracts: number }[]
  reason: string
}
const proposals = async () => {
  const { items, nextCursor } = await county.read('/operator-join-proposals')
  expect(nextCursor).toBeNull()
  return items as Proposal[]
}
const names = async () =>
  (await proposals()).map(({ reason, operators }) => [reason, ...operators.map((one) => one.name)])

const SPELLINGS = ['青溪柑橘专业合作社', '青溪 柑桔农民专业合作社']

describe.each(['sqlite'] as const)('on %s', (database) => {
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03', database)
  })

  it('the same code first, then similar names; who has most contracts stands first', async () => {
    const [first = '', second = ''] = SPELLINGS
    const one = await leasing({ name: first }, VILLAGE)
    const more = await leasing({ name: second }, VILLAGE, OTHER_VILLAGE)
    const coded = await leasing({ name: '白云农业有限公司', kind: 'company', uscc: CODE })
    const spaced = { name: '白云公司', kind: 'company', uscc: CODE.toLowerCase() }
    const other = await leasing(spaced)
    await leasing({ name: '第三家' }, VILLAGE)
    expect(await proposals()).toEqual([
      {
        reason: 'same_uscc',
        operators: [
          { id: coded, name: '白云农业有限公司', uscc: CODE, contracts: 0 },
          { id: other, name: '白云公司', uscc: CODE.toLowerCase(), contracts: 0 },
        ],
      },
      {
        reason: 'similar_name',
        operators: [
          { id: more, name: second, uscc: null, contracts: 2 },
          { id: one, name: first, uscc: null, contracts: 1 },
        ],
      },
    ])
    expect(await joinProposalsAmong(county.db.read, [one])).toMatchObject([
      { reason: 'similar_name' },
    ])
    expect(await joinProposalsAmong(county.db.read, [])).toEqual([])
  })

  it('not what is joined or withdrawn, and again after the join is withdrawn', async () => {
    const [first = '', second = ''] = SPELLINGS
    const [one, two] = [await leasing({ name: first }), await leasing({ name: second })]
    const { id } = await county.record(`/operators/${one}/joins`, { sameAsId: two, reason: '同' })
    expect(await names()).toEqual([])
    const three = await leasing({ name: '青溪柑桔合作社' })
    expect(await names()).toEqual([['similar_name', second, '青溪柑桔合作社']])
    await county.withdraw('operators', three)
    expect(await names()).toEqual([])
    await county.withdraw('operator-joins', id)
    expect(await names()).toEqual([['similar_name', first, second]])
  })
})

describe('operators of one name', () => {
  beforeEach(async () => {
    county = await openTestCounty('2025-03-03')
  })
  const person = { name: '张三', kind: 'individual' }

  it.each<[string, () => Promise<unknown>, string[][]]>([
    [
      'persons in different townships are two',
      async () => {
        await leasing(person, VILLAGE)
        await leasing(person, OTHER_VILLAGE)
      },
      [],
    ],
    [
      'persons in one township may be one, the third elsewhere is not',
      async () => {
        await leasing(person, VILLAGE)
        await leasing({ ...person, name: '张 三' }, '519901101202', OTHER_VILLAGE)
        await leasing(person, '519901103201')
      },
      [['similar_name', '张 三', '张三']],
    ],
    [
      'persons who share two townships are proposed once',
      async () => {
        await leasing(person, VILLAGE, OTHER_VILLAGE)
        await leasing(person, VILLAGE, OTHER_VILLAGE)
      },
      [['similar_name', '张三', '张三']],
    ],
    [
      'persons without a contract are not looked at',
      async () => {
        await leasing(person)
        await leasing(person)
      },
      [],
    ],
    [
      'persons with one code are one wherever they lease',
      async () => {
        await leasing({ ...person, uscc: '512901197001011234' }, VILLAGE)
        await leasing({ ...person, uscc: '512901197001011234' }, OTHER_VILLAGE)
      },
      [['same_uscc', '张三', '张三']],
    ],
    [
      'two sound codes are two operators',
      async () => {
        await leasing({ name: '青溪合作社', uscc: SOUND[0] }, VILLAGE)
        await leasing({ name: '青溪专业合作社', uscc: SOUND[1] }, VILLAGE)
      },
      [],
    ],
    [
      'a code that fails its check may be a slip of the pen',
      async () => {
        await leasing({ name: '青溪合作社', uscc: SOUND[0] }, VILLAGE)
        await leasing({ name: '青溪专业合作社', uscc: '91110000600037341M' })
      },
      [['similar_name', '青溪合作社', '青溪专业合作社']],
    ],
    [
      'what stands for a missing code joins nobody',
      async () => {
        await leasing({ name: '甲合作社', uscc: '000000000000000000' })
        await leasing({ name: '乙合作社', uscc: '000000000000000000' })
        await leasing({ name: '丙合作社', uscc: '待补' })
        await leasing({ name: '丁合作社', uscc: '待补' })
      },
      [],
    ],
  ])('%s', async (_, given, expected) => {
    await given()
    expect(await names()).toEqual(expected)
  })
})
