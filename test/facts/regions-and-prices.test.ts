import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCounty, type TestCounty, TOWNSHIP, VILLAGE } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

const codes = (items: { code: string }[]) => items.map(({ code }) => code)
const warned = ({ warnings }: { warnings: { code: string }[] }) => warnings.map(({ code }) => code)

describe.each(databaseKinds)('on %s', (database) => {
  let county: TestCounty
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
    for (const [code, name] of [
      ['519901', '示范县'],
      ['519901101', '青溪镇'],
      ['519901101201', '青溪村'],
      ['519901101202', '白云村'],
      ['519901110', '石桥镇'],
      ['519901110201', '石桥村'],
      ['519902', '邻县'],
    ])
      await county.put(`/regions/${code}`, { name })
  })
  afterAll(() => county.close())

  describe('regions', () => {
    it('are answered with their name and what the village expects of its contracts', async () => {
      const region = await county.put(`/regions/${VILLAGE}`, {
        name: '青溪村',
        secondRoundExpiresOn: '2028-12-31',
      })
      expect(region).toMatchObject({
        code: VILLAGE,
        name: '青溪村',
        secondRoundExpiresOn: '2028-12-31',
        recordedBy: 'test',
        warnings: [],
      })
    })

    it.each([
      [
        '519901',
        ['519901', '519901101', '519901101201', '519901101202', '519901110', '519901110201'],
      ],
      ['519901101', ['519901101', '519901101201', '519901101202']],
      ['5199011', ['519901101', '519901101201', '519901101202', '519901110', '519901110201']],
      ['519902', ['519902']],
      ['519903', []],
    ])('under %s are %j', async (under, expected) => {
      const { items, nextCursor } = await county.read(`/regions?under=${under}`)
      expect(codes(items)).toEqual(expected)
      expect(nextCursor).toBeNull()
    })

    it('come page by page, each once and in the order of their codes', async () => {
      const found: string[] = []
      let from = ''
      do {
        const { items, nextCursor } = await county.read(`/regions?limit=2${from}`)
        expect(items.length).toBeLessThanOrEqual(2)
        found.push(...codes(items))
        from = nextCursor === null ? '' : `&cursor=${nextCursor}`
      } while (from)
      expect(found).toEqual(codes((await county.read('/regions')).items))
      expect(new Set(found).size).toBe(7)
    })

    it('take another name, and are listed with it once', async () => {
      await county.put('/regions/519901101202', { name: '白云社区' })
      const { items } = await county.read('/regions?under=519901101202')
      expect(items).toMatchObject([{ code: '519901101202', name: '白云社区' }])
    })

    it('are kept before their parent is, with a warning', async () => {
      const village = () => county.put('/regions/519901120201', { name: '先到的村' })
      expect(warned(await village())).toEqual(['parent-unknown'])
      await county.put('/regions/519901120', { name: '后到的镇' })
      expect(warned(await village())).toEqual([])
    })
  })

  describe('grain prices', () => {
    const IN_GRAIN = {
      contractNo: 'G-1',
      startOn: '2020-01-01',
      rent: {
        lines: [{ areaMu: 2, basis: 'grain', jinPerMu: 400, grain: 'mid_late_indica' }],
        firstDueOn: '2020-12-31',
      },
    }
    const dues = (standing: { instalments: { amountFen: number; priced: boolean }[] }) =>
      standing.instalments.slice(0, 3).map(({ amountFen, priced }) => [amountFen, priced])

    it('price each instalment by the price in force on its own due day', async () => {
      const { id } = await county.contract((await county.operator()).id, IN_GRAIN)
      const standing = () => county.read(`/contracts/${id}/standing`)
      expect(dues(await standing())).toEqual([
        [0, false],
        [0, false],
        [0, false],
      ])
      const first = await county.put('/grain-prices/mid_late_indica/2021-12-31', {
        fenPer50kg: 12_900,
        source: '国家稻谷最低收购价',
      })
      expect(first).toMatchObject({ grain: 'mid_late_indica', effectiveOn: '2021-12-31' })
      // 2 mu × 400 jin × 12,900 fen / 100
      expect(dues(await standing())).toEqual([
        [0, false],
        [103_200, true],
        [103_200, true],
      ])
      await county.put('/grain-prices/mid_late_indica/2022-01-01', {
        fenPer50kg: 13_000,
        source: '公告',
      })
      expect(dues(await standing())).toEqual([
        [0, false],
        [103_200, true],
        [104_000, true],
      ])
      await county.put('/grain-prices/mid_late_indica/2022-01-01', {
        fenPer50kg: 12_000,
        source: '更正',
      })
      expect(dues(await standing())).toEqual([
        [0, false],
        [103_200, true],
        [96_000, true],
      ])

      const believed = await county.read(`/contracts/${id}/standing?knownAt=${first.recordedAt}`)
      expect(dues(believed)).toEqual([
        [0, false],
        [103_200, true],
        [103_200, true],
      ])
      const { items } = await county.read('/grain-prices')
      expect(items).toMatchObject([
        { grain: 'mid_late_indica', effectiveOn: '2021-12-31', fenPer50kg: 12_900 },
        { grain: 'mid_late_indica', effectiveOn: '2022-01-01', fenPer50kg: 12_000, source: '更正' },
      ])
    })

    it('move the risk of the contracts that are paid in that grain, without a night', async () => {
      const { id } = await county.contract((await county.operator()).id, {
        ...IN_GRAIN,
        rent: { ...IN_GRAIN.rent, lines: [{ areaMu: 2, jinPerMu: 400, grain: 'maize' }] },
      })
      expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ score: 0, arrearsFen: 0 })
      await county.put('/grain-prices/maize/2019-01-01', { fenPer50kg: 10_000, source: '公告' })
      const risk = await county.read(`/contracts/${id}/risk`)
      expect(risk).toMatchObject({ arrearsFen: 5 * 80_000, yearsOwed: 5, level: 'red' })
      const { items } = await county.read(`/risk/worklist?region=${TOWNSHIP}`)
      expect(items.map(({ contractId }: { contractId: string }) => contractId)).toContain(id)
    })

    it('are refused when a rent becomes absurd by them: it is said which, nothing is kept', async () => {
      const { id } = await county.operator()
      const inBarley = (areaMu: number, jinPerMu: number, contractNo: string) => ({
        ...IN_GRAIN,
        contractNo,
        rent: { ...IN_GRAIN.rent, lines: [{ areaMu, jinPerMu, grain: 'barley' }] },
      })
      await county.contract(id, inBarley(2, 400, 'G-SOUND'))
      const slips = []
      for (const no of ['G-SLIP', '13812345678', 'G-3', 'G-4', 'G-5', 'G-6'])
        slips.push(await county.contract(id, inBarley(100_000, 90_000, no)))
      const price = { fenPer50kg: 12_000, source: '公告' }
      const before = await county.rows()
      const { status, body } = await county.send('PUT', '/grain-prices/barley/2019-01-01', price)
      expect([status, body.code, body.errors]).toEqual([
        422,
        'rent-too-large',
        [{ field: 'fenPer50kg', reason: body.detail }],
      ])
      expect(body.detail).toBe(
        '按此价有 6 份合同租金总额过大(G-SLIP、138****5678、G-3、G-4、G-5等),请核对粮价和合同',
      )
      expect(await county.rows()).toEqual(before)
      for (const { id } of slips) await county.withdraw('contracts', id)
      await county.put('/grain-prices/barley/2019-01-01', price)
      const tooDear = { fenPer50kg: 10_000_000, source: '公告' }
      await county.contract(id, inBarley(5000, 800, 'G-DEAR'))
      const dear = await county.send('PUT', '/grain-prices/barley/2019-01-01', tooDear)
      expect([dear.status, dear.body.detail]).toEqual([
        422,
        '按此价有 1 份合同租金总额过大(G-DEAR),请核对粮价和合同',
      ])
    })

    it('leave contracts that are paid in another grain or in cash as they are', async () => {
      const { id } = await county.contract((await county.operator()).id)
      const before = await county.read(`/contracts/${id}/standing`)
      await county.put('/grain-prices/wheat/2019-01-01', { fenPer50kg: 11_800, source: '公告' })
      const after = await county.read(`/contracts/${id}/standing`)
      expect({ ...after, knownAt: '' }).toEqual({ ...before, knownAt: '' })
    })
  })
})
