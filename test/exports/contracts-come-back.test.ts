/** The ledger of contracts, imported into another county, gives the same standings to the fen. */
import { afterEach, expect, it } from 'vitest'
import { fileOf } from '../support/ledger-files.ts'
import {
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

const DAY = '2022-03-01'
const PRICES = [
  ['mid_late_indica', '2014-01-01', 13_800],
  ['mid_late_indica', '2021-01-01', 12_850],
] as const

const counties: TestCounty[] = []
afterEach(async () => {
  for (const county of counties.splice(0)) await county.close()
})

async function openCounty() {
  const county = await openTestCounty(DAY)
  counties.push(county)
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '红岩村' })
  await county.put('/regions/519901102', { name: '白鹤镇' })
  await county.put(`/regions/${OTHER_VILLAGE}`, { name: '红岩村' })
  for (const [grain, effectiveOn, fenPer50kg] of PRICES)
    await county.put(`/grain-prices/${grain}/${effectiveOn}`, { fenPer50kg, source: '最低收购价' })
  return county
}

const LEASES = [
  {},
  { contractNo: '0012', villageCode: OTHER_VILLAGE, lessor: { kind: 'village_collective' } },
  {
    contractNo: '2020-0003',
    lessor: { kind: 'household', name: '王小二等35户', households: 35, people: 120 },
    signedOn: '2019-12-20',
    riskDepositFen: 1_234_567,
    insured: true,
    penaltyPer10kPerDay: 5.5,
    toleranceDays: 30,
    rent: {
      lines: [
        { land: 'paddy', areaMu: 320.55, basis: 'cash', fenPerMu: 60_001 },
        { land: 'dry', areaMu: 180.01, basis: 'grain', jinPerMu: 400.25, grain: 'mid_late_indica' },
      ],
      escalation: { everyYears: 3, percent: 7.25 },
      frequency: 'semiannual',
      firstDueOn: '2020-06-30',
    },
  },
  {
    contractNo: '+2020-0004',
    lessor: { kind: 'household', name: '赵六' },
    startOn: '2019-01-31',
    endOn: '2023-05-15',
    rent: { lines: [{ areaMu: 33.33, fenPerMu: 99_999 }], frequency: 'monthly' },
  },
  {
    contractNo: '2020-0005',
    rent: { lines: [{ areaMu: 7.5, basis: 'cash', fenPerMu: 45_000 }], frequency: 'once' },
  },
  { contractNo: undefined, landUse: 'rice_fish', rent: { lines: [{ areaMu: 4 }] } },
]

it.each(['xlsx', 'csv', 'csv?charset=gb18030'])('as %s', async (format) => {
  const county = await openCounty()
  const person = await county.operator({ name: '张三丰', kind: 'individual', phone: '13800001234' })
  const company = await county.operator({ name: '=柑源果业有限公司', kind: 'company' })
  const leases = []
  for (const [at, lease] of LEASES.entries())
    leases.push(await county.contract((at % 2 === 0 ? person : company).id, lease))
  await county.record(`/contracts/${leases[0].id}/amendments`, {
    effectiveOn: '2021-10-01',
    reason: '经协商下调(第二次);"补充协议"',
    endOn: '2031-12-31',
    rent: {
      lines: [{ land: 'dry', areaMu: 9.5, basis: 'cash', fenPerMu: 51_234 }],
      escalation: { everyYears: 1, percent: 3 },
      firstDueOn: '2022-11-30',
    },
  })
  await county.record(`/contracts/${leases[1].id}/end`, {
    endedOn: '2021-08-15',
    reason: '双方协商解除',
  })
  const { bytes } = await fileOf(county, `contracts.${format}`)

  const other = await openCounty()
  const reply = await importFile(other, `contracts.${format.split('?')[0]}`, bytes)
  expect(reply.counts).toMatchObject({ kept: LEASES.length, reported: 0 })
  expect(reply.rows.flatMap(({ guessed }: { guessed: object[] }) => guessed)).toEqual([])
  expect(await standings(other)).toEqual(await standings(county))
})

/** What every contract owes after the same payment on each, by its schedule. */
async function standings(county: TestCounty) {
  const { items } = await county.read('/contracts?limit=500')
  const found = []
  for (const { id, startOn, endOn, areaMu, landUse } of items) {
    await county.record(`/contracts/${id}/payments`, { amountFen: 123_457, paidOn: '2022-02-01' })
    const { knownAt: _, ...standing } = await county.read(`/contracts/${id}/standing`)
    found.push(JSON.stringify({ startOn, endOn, areaMu, landUse, standing }))
  }
  return found.sort()
}

async function importFile(county: TestCounty, fileName: string, content: Buffer) {
  const boundary = 'a-boundary'
  const head =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\n` +
    'content-type: application/octet-stream\r\n\r\n'
  const reply = await county.inject({
    method: 'POST',
    url: '/api/v1/imports/contracts',
    headers: {
      authorization: `Bearer ${county.token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  })
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
  return reply.body
}
