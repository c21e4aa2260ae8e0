import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { rotateKeys } from '../../src/platform/database/rotate-keys.ts'
import { openTestCounty, type TestCounty, TOWNSHIP } from '../support/test-county.ts'

/** What one caller writes must not keep others from reading, nor show what is masked. */

let county: TestCounty
let recorder: Record<string, string>
beforeAll(async () => {
  county = await openTestCounty('2025-03-03')
  const wish = { label: '青溪镇专班', role: 'recorder' as const, regionCode: TOWNSHIP }
  const token = await county.db.transaction((tx) => addToken(tx, wish))
  recorder = { authorization: `Bearer ${token}` }
})
afterAll(() => county.close())

describe('a code that looks sealed', () => {
  it.each(['v1:deadbeef:AAAA', 'V1:abc', 'v2:x', 'v1:'])(
    '%s is kept as it was sent',
    async (uscc) => {
      const sent = { name: '甲', kind: 'company', uscc }
      const { id } = await county.record('/operators', sent, recorder)
      expect((await county.read(`/operators/${id}`)).uscc).toBe(uscc)
      expect((await county.read('/operators?limit=500')).items.length).toBeGreaterThan(0)
    },
  )

  it('does not keep keys from being changed', async () => {
    await expect(rotateKeys(county.db)).resolves.toBeDefined()
  })
})

describe('a number of a person', () => {
  it.each([
    ['phone', '138–1234–5678'],
    ['phone', '138/1234/5678'],
    ['phone', '138.1234.5678'],
    ['uscc', '510902 19700101 1234'],
    ['uscc', '身份证510902197001011234'],
  ])('as the %s %s is masked', async (field, value) => {
    const { id } = await county.record('/operators', {
      name: '乙',
      kind: 'individual',
      [field]: value,
    })
    const shown = (await county.read(`/operators/${id}`))[field]
    expect(shown).toContain('*')
    expect(shown.replace(/\D/g, '').length).toBeLessThan(8)
  })
})

describe('a mapping', () => {
  const columns = { valueOf: '租金标准', hasOwnProperty: '合同编号', constructor: '业主' }

  it('may have any heading', async () => {
    const saved = await county.put('/import-mappings/odd', { ledger: 'contracts', columns })
    expect(saved.columns).toEqual(columns)
    expect((await county.read('/import-mappings')).items).toHaveLength(1)
  })

  it('of a township is its own, and hides none of the county', async () => {
    const ofCounty = { ledger: 'contracts', columns: { 地租: '租金标准' } }
    await county.put('/import-mappings/std', ofCounty)
    const ofTownship = { ledger: 'contracts', columns: { 地租: '合同编号' } }
    const put = await county.send('PUT', '/import-mappings/std', ofTownship, recorder)
    expect(put.status).toBe(200)
    const named = ({ body }: { body: { items: { name: string; columns: object }[] } }) =>
      body.items.filter(({ name }) => name === 'std').map((one) => one.columns)
    expect(named(await county.send('GET', '/import-mappings'))).toEqual([ofCounty.columns])
    const seen = await county.send('GET', '/import-mappings', undefined, recorder)
    expect(named(seen)).toEqual([ofTownship.columns])
  })
})

it('a kept answer does not tell a telephone to those who have no key, and outlives the key', async () => {
  const body = { name: '丙', kind: 'company', phone: '13987654321' }
  const key = { 'idempotency-key': 'k-phone' }
  const first = await county.record('/operators', body, key)
  const { idempotentReplies: t } = county.db.read.tables
  const stored = () => county.db.read.select({ as: sql<string>`${t.bodyHash}` }).from(t)
  const [before] = await stored()
  expect(before?.as).toMatch(/^v1:/)
  await rotateKeys(county.db)
  expect((await stored())[0]?.as).not.toBe(before?.as)
  expect(await county.record('/operators', body, key)).toEqual(first)
  const other = await county.send(
    'POST',
    '/operators',
    { ...body, phone: '13987654322' },
    {
      authorization: `Bearer ${county.token}`,
      ...key,
    },
  )
  expect(other.status).toBe(409)
})
