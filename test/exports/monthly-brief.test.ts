import { afterEach, expect, it } from 'vitest'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'
import { openLedgerCounty } from '../support/ledger-files.ts'
import { OTHER_VILLAGE, openTestCounty, type TestCounty, TOWNSHIP } from '../support/test-county.ts'

const OTHER_TOWNSHIP = '519901102'
let county: TestCounty
afterEach(() => county.close())

async function briefOf(query = '') {
  const reply = await county.send('GET', `/exports/monthly-brief.docx${query}`)
  if (reply.status !== 200) throw new Error(`${reply.status} ${JSON.stringify(reply.body)}`)
  const parts = unzipped(reply.bytes)
  const xml = String(parts.find(({ path }) => path === 'word/document.xml')?.content)
  const text = [...xml.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map(([, words]) => words)
  return { bytes: reply.bytes, headers: reply.headers, text: text.join('\n') }
}

it('says what the summary, the cases and the late subsidies say, without a person’s name', async () => {
  ;({ county } = await openLedgerCounty())
  const summary = await county.read('/risk/summary?by=township')
  const { items: cases } = await county.read('/cases')
  const { text, headers } = await briefOf()
  expect(headers['content-disposition']).toContain(encodeURIComponent('土地流转欠租风险研判报告'))
  expect(text).toContain('示范县土地流转欠租风险研判报告')
  const share = `占 ${summary.problemSharePercent.toFixed(2)}%`
  expect(text).toContain(share)
  expect(text).toContain(summary.problemAreaMu.toFixed(2))
  for (const { name, arrearsFen } of summary.groups)
    if (arrearsFen > 0) expect(text).toContain((arrearsFen / 1_000_000).toFixed(2))
    else expect(name).toBeDefined()
  for (const { number } of cases) expect(text).toContain(number)
  expect(text).toContain('不与认定应付相加')
  expect(text).toContain('内部研判等级')
  expect(text).not.toMatch(/预警|张三丰|13800001234|王五/)
})

it('names the classes and years of arrears as the county table does', async () => {
  ;({ county } = await openLedgerCounty())
  const { text } = await briefOf()
  const words = text.split('\n')
  const from = words.indexOf('欠租年数')
  const bands = words.slice(from + 3).filter((_, at) => at % 3 === 0)
  const years = [1, 2, 3, 4, 5, 6].map((n) => `${n} 年`)
  expect(bands.slice(0, 8)).toEqual(['部分欠租', ...years, '超过 6 年'])
  expect(words).toContain('全额欠租(亩)')
  expect(text).toContain('全额:欠租折合满 1 年及以上;部分:欠租折合不足 1 年')
  expect(text).not.toMatch(/六年以上|满一年/)
})

it('has the same bytes for the same facts, and keeps to its region', async () => {
  ;({ county } = await openLedgerCounty())
  const path = '?asOf=2022-01-31&knownAt=2022-03-01T01:00:00Z'
  const first = await briefOf(path)
  county.clockOf.goTo('2022-03-05')
  expect((await briefOf(path)).bytes.equals(first.bytes)).toBe(true)
  expect(first.text).toContain('风险台账中没有案件')
  const { text } = await briefOf(`?region=${TOWNSHIP}`)
  expect(text).toContain('示范县青溪镇土地流转欠租风险研判报告')
})

it('of a past day keeps to the ledger of risks of that day, whatever is noted since', async () => {
  ;({ county } = await openLedgerCounty())
  county.clockOf.goTo('2022-03-02')
  await county.night('2022-03-02')
  const knownAt = new Date(county.clockOf.now().getTime()).toISOString()
  const path = `?asOf=2022-03-02&knownAt=${knownAt}`
  const before = await briefOf(path)
  const { items } = await county.read('/cases?state=unresolved')
  expect(items.length).toBeGreaterThan(0)
  county.clockOf.goTo('2022-03-03')
  await county.put(`/cases/${items[0].id}/fixes`, {
    measure: '落实还款计划',
    responsibleUnit: '青溪镇人民政府',
    leadOfficial: '分管副镇长',
    responsiblePerson: '农业服务中心主任',
    deadlineOn: '2030-06-30',
  })
  expect((await briefOf()).text).toContain('2030-06-30')
  expect((await briefOf(path)).bytes.equals(before.bytes)).toBe(true)
  expect((await briefOf('?asOf=1900-01-15')).text).toContain('在期流转土地 0.00 亩')
})

it('counts the late subsidies of its region only', async () => {
  const opened = await openLedgerCounty()
  county = opened.county
  const { operators } = opened
  const sum = async (region: string) => {
    const { text } = await briefOf(`?region=${region}`)
    return /认定应付的补助中逾期未兑付 \d+ 笔,([\d.]+ 万?元)/.exec(text)?.[1] ?? '没有'
  }
  await county.put(`/regions/${OTHER_TOWNSHIP}`, { name: '石桥镇' })
  // Leases there too, but what it is late with names a contract elsewhere.
  await county.contract(operators.farm.id, { contractNo: 'B', villageCode: OTHER_VILLAGE })
  expect(await sum(OTHER_TOWNSHIP)).toBe('没有')
  expect(await sum(TOWNSHIP)).toBe('2000.50 元')
})

it('of a county without facts says that there is nothing', async () => {
  county = await openTestCounty('2022-02-01')
  const { text } = await briefOf()
  expect(text).toContain('各乡镇均无欠租')
  expect(text).toContain('风险台账中没有案件')
  expect(text).toContain('没有逾期未兑付的认定应付补助')
})

it('is refused for a day to come and for an unknown region', async () => {
  county = await openTestCounty('2022-02-01')
  const late = await county.send('GET', '/exports/monthly-brief.docx?asOf=2022-02-02')
  expect(late).toMatchObject({ status: 422, body: { code: 'as-of-in-future' } })
  const nowhere = await county.send('GET', '/exports/monthly-brief.docx?region=519901999')
  expect(nowhere).toMatchObject({ status: 422, body: { errors: [{ field: 'region' }] } })
})
