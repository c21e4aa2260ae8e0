import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import type { ImportRecords } from '../../src/imports/import-row.ts'
import { sendFile } from '../support/import-file.ts'
import { importRecords, takeBack } from '../support/import-records.ts'
import { openTestCounty, type TestCounty } from '../support/test-county.ts'
import { databaseKinds } from '../support/test-service.ts'

describe.each(databaseKinds)('lists that are taken back on %s', (database) => {
  let county: TestCounty
  beforeAll(async () => {
    county = await openTestCounty('2025-03-03', database)
  })
  afterAll(() => county.close())

  // Every fact has a township and a grain of its own.
  let [TOWNSHIP, VILLAGE, GRAIN] = ['519901100', '', '']
  beforeEach(() => {
    TOWNSHIP = `${Number(TOWNSHIP) + 1}`
    VILLAGE = `${TOWNSHIP}201`
    GRAIN = `grain ${TOWNSHIP}`
  })

  const regionsOf = (...records: ImportRecords['regions'][]) =>
    importRecords(county, 'regions', records)
  const pricesOf = (...prices: [effectiveOn: string, fenPer50kg: number][]) =>
    importRecords(
      county,
      'grain-prices',
      prices.map(([effectiveOn, fenPer50kg]) => ({
        grain: GRAIN,
        effectiveOn,
        fenPer50kg,
        source: '最低收购价',
      })),
    )
  const putPrice = (effectiveOn: string, fenPer50kg: number) =>
    county.put(`/grain-prices/${encodeURIComponent(GRAIN)}/${effectiveOn}`, {
      fenPer50kg,
      source: '公告',
    })
  const regions = async () => (await county.read(`/regions?under=${TOWNSHIP}`)).items
  const names = async () => (await regions()).map(({ name }: { name: string }) => name)
  const listed = async () =>
    (await county.read('/grain-prices')).items.filter(
      ({ grain }: { grain: string }) => grain === GRAIN,
    )
  const prices = async () =>
    (await listed()).map(({ fenPer50kg }: { fenPer50kg: number }) => fenPer50kg)
  const refusal = async (importId: string) => {
    const error = await takeBack(county, importId).catch((thrown: unknown) => thrown)
    if (error instanceof Refusal) return `${error.kind} ${error.code} ${error.words.zh}`
    throw error ?? new Error('was taken back')
  }
  const codesOf = ({ warnings }: { warnings: { code: string }[] }) =>
    warnings.map(({ code }) => code)
  const township = (name = '青溪镇') => ({ code: TOWNSHIP, name })
  const village = (name = '青溪村') => ({ code: VILLAGE, name })
  const leased = async (over: object = {}) =>
    county.contract((await county.operator()).id, { villageCode: VILLAGE, ...over })

  describe('regions', () => {
    it('are gone for everybody, and come back with a PUT or a further import', async () => {
      const sent = `区划代码,名称\n${TOWNSHIP},青溪镇\n${VILLAGE},青溪村`
      const { body } = await sendFile(county, 'regions', sent)
      expect(await names()).toEqual(['青溪镇', '青溪村'])
      const reply = await county.record(`/imports/${body.id}/withdrawal`, { reason: '导错文件' })
      expect(reply).toMatchObject({ state: 'taken_back', warnings: [] })
      expect(await regions()).toEqual([])

      const contract = await leased()
      expect(codesOf(contract)).toContain('village-unknown')
      const recipient = { email: 'a@example.org', name: '镇', regionCode: TOWNSHIP, active: true }
      const list = () => county.send('PUT', '/alert-recipients', { items: [recipient] })
      expect(await list()).toMatchObject({ status: 422, body: { code: 'region-unknown' } })
      await county.withdraw('contracts', contract.id)

      expect((await sendFile(county, 'regions', sent)).body.counts).toMatchObject({ kept: 2 })
      expect(await names()).toEqual(['青溪镇', '青溪村'])
      expect(await list()).toMatchObject({ status: 200 })
      const { regions: rows = [] } = await county.rows('regions')
      expect(
        rows
          .filter((region) => region.id === VILLAGE)
          .sort((a, b) => a.version - b.version)
          .map(({ version, withdrawn, changeReason }) => [version, withdrawn, changeReason]),
      ).toEqual([
        [1, false, null],
        [2, true, '导错文件'],
        [3, false, null],
      ])
    })

    it('are not found by the rows of imports, by neither name', async () => {
      const first = await regionsOf(village('甲村'))
      const renamed = await regionsOf(village('乙村'))
      await takeBack(county, renamed.importId)
      const lease = (villageName: string) => ({
        contractNo: villageName,
        operatorName: '青溪合作社',
        villageName,
        lessor: { kind: 'village_collective' as const, households: 1 },
        landUse: 'late_citrus' as const,
        startOn: '2020-01-01',
        endOn: '2029-12-31',
        rent: { lines: [{ areaMu: 1, fenPerMu: 100 }] },
      })
      const take = async (name: string) =>
        (await importRecords(county, 'contracts', [lease(name)])).said
      expect(await take('乙村')).toEqual(['village-unknown'])
      await takeBack(county, first.importId)
      expect(await take('甲村')).toEqual(['village-unknown'])
      await county.put(`/regions/${VILLAGE}`, { name: '丙村' })
      expect(await take('甲村')).toEqual(['village-unknown'])
      expect(await take('丙村')).toEqual(['kept'])
    })

    it('have their earlier name and day again', async () => {
      await county.put(`/regions/${VILLAGE}`, {
        name: '青溪村',
        secondRoundExpiresOn: '2028-12-31',
      })
      await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
      await leased()
      const { importId } = await regionsOf({
        ...village('清溪村'),
        secondRoundExpiresOn: '2027-12-31',
      })
      const between = (await county.rows('regions'))['regions']?.map(({ recordedAt }) => recordedAt)
      await takeBack(county, importId)
      const { items } = await county.read(`/regions?under=${VILLAGE}`)
      expect(items).toMatchObject([
        { name: '青溪村', secondRoundExpiresOn: '2028-12-31', changeReason: '导错了文件' },
      ])
      const nameAt = async (knownAt: string) =>
        (await county.send('GET', `/exports/contracts.csv?region=${VILLAGE}&knownAt=${knownAt}`))
          .body
      expect(await nameAt(between?.sort().at(-1))).toContain('清溪村')
      expect(await nameAt(items[0].recordedAt)).not.toContain('清溪村')
    })

    it('can be taken back one import after the other, the latest first', async () => {
      const first = await regionsOf(village())
      const second = await regionsOf(village('白果村'))
      expect(await refusal(first.importId)).toMatch('import-built-on')
      await takeBack(county, second.importId)
      expect(await names()).toEqual(['青溪村'])
      await takeBack(county, first.importId)
      expect(await names()).toEqual([])
      expect((await regionsOf(village())).said).toEqual(['kept'])
    })

    it.each<[string, () => Promise<unknown>]>([
      ['it was named anew', () => county.put(`/regions/${TOWNSHIP}`, { name: '清溪镇' })],
      ['a contract lies in it', () => leased()],
      [
        'a petition lies in it',
        () =>
          county.record('/petitions', {
            villageCode: VILLAGE,
            occurredOn: '2025-03-01',
            channel: 'visit',
            people: 2,
          }),
      ],
      [
        'a case lies in it whose contract was withdrawn',
        async () => {
          const { id } = await leased()
          await county.night('2025-03-03')
          await county.withdraw('contracts', id)
        },
      ],
      ['another region lies under it', () => county.put(`/regions/${VILLAGE}`, { name: '青溪村' })],
      [
        'a recipient of alerts is told of it',
        () =>
          county.put('/alert-recipients', {
            items: [{ email: 'a@example.org', name: '镇', regionCode: TOWNSHIP, active: false }],
          }),
      ],
    ])('stay when %s', async (_what, buildOn) => {
      const { importId } = await regionsOf({ code: `${TOWNSHIP}202`, name: '石桥村' }, township())
      await buildOn()
      expect(await refusal(importId)).toBe(
        'conflict import-built-on 有 1 行登记的区划或粮价已被使用,或之后已重新登记' +
          '(如"白果村"第 3 行),不能撤回;有误的请重新登记',
      )
      expect(await names()).toContain('石桥村')
    })

    it('that had another name before are put back whatever lies in them', async () => {
      await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
      await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
      await leased()
      const { importId } = await regionsOf(township('清溪镇'))
      await takeBack(county, importId)
      expect(await names()).toEqual(['青溪镇', '青溪村'])
    })
  })

  describe('grain prices', () => {
    const inGrain = (over: object = {}) => ({
      contractNo: 'G-1',
      rent: {
        lines: [{ areaMu: 2, jinPerMu: 400, grain: GRAIN }],
        firstDueOn: '2020-12-31',
      },
      ...over,
    })
    const dues = async (contractId: string, query = '') =>
      (await county.read(`/contracts/${contractId}/standing${query}`)).instalments
        .slice(0, 3)
        .map(({ amountFen, priced }: { amountFen: number; priced: boolean }) =>
          priced ? amountFen : 'unpriced',
        )

    it('unprice the rents again, and the risk with them; what was known stays known', async () => {
      const { id } = await leased(inGrain())
      const { importId } = await pricesOf(['2019-01-01', 12_000], ['2021-12-31', 13_000])
      expect(await dues(id)).toEqual([96_000, 104_000, 104_000])
      expect((await county.read(`/contracts/${id}/risk`)).level).toBe('red')
      const known = (await listed())[1].recordedAt

      const reply = await county.record(`/imports/${importId}/withdrawal`, { reason: '导错了文件' })
      expect(reply).toMatchObject({ state: 'taken_back', warnings: [] })
      expect(await dues(id)).toEqual(['unpriced', 'unpriced', 'unpriced'])
      expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ arrearsFen: 0, score: 0 })
      expect(await prices()).toEqual([])
      expect(await dues(id, `?knownAt=${known}`)).toEqual([96_000, 104_000, 104_000])
      const { instalments = [] } = await county.rows('instalments')
      expect(
        instalments.filter(
          ({ contractId, supersededAt, priced }) =>
            contractId === id && supersededAt === null && priced,
        ),
      ).toEqual([])

      expect((await pricesOf(['2019-01-01', 12_000])).said).toEqual(['kept'])
      expect(await dues(id)).toEqual([96_000, 96_000, 96_000])
    })

    it('have their earlier value again, whatever was paid on them', async () => {
      await putPrice('2019-01-01', 11_000)
      const { id } = await leased(inGrain())
      const { importId } = await pricesOf(['2019-01-01', 12_000], ['2021-12-31', 13_000])
      await county.record(`/contracts/${id}/payments`, { amountFen: 300_000, paidOn: '2023-01-05' })
      await takeBack(county, importId)
      expect(await dues(id)).toEqual([88_000, 88_000, 88_000])
      expect(await listed()).toMatchObject([
        { fenPer50kg: 11_000, source: '公告', changeReason: '导错了文件' },
      ])
      expect((await listed())[0]).not.toHaveProperty('withdrawn')
    })

    it('stay when rent was paid that would have no price', async () => {
      const { id: operatorId } = await county.operator()
      const { id } = await county.contract(operatorId, inGrain())
      await county.contract(operatorId, inGrain({ contractNo: 'G-2' }))
      const { importId } = await pricesOf(['2019-01-01', 12_000])
      const { id: paymentId } = await county.record(`/contracts/${id}/payments`, {
        amountFen: 96_000,
        paidOn: '2021-01-05',
        designatedDueOn: '2020-12-31',
      })
      expect(await refusal(importId)).toBe(
        'conflict import-prices-paid 有 1 份合同(如 G-1)已按这次导入的粮价收过租金,' +
          '撤回后这些租金无价可计;请重新登记正确的粮价,或先冲销这些收款',
      )
      expect(await dues(id)).toEqual([96_000, 96_000, 96_000])
      await county.record(`/payments/${paymentId}/reversal`, { reason: '退回' })
      await takeBack(county, importId)
      expect(await prices()).toEqual([])
    })

    it('stay when they were put anew since', async () => {
      const { importId } = await pricesOf(['2019-01-01', 12_000], ['2021-12-31', 13_000])
      await putPrice('2021-12-31', 13_100)
      expect(await refusal(importId)).toMatch('import-built-on 有 1 行')
      expect(await prices()).toEqual([12_000, 13_100])
    })
  })
})
