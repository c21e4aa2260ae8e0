import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReadRow } from '../../src/imports/import-row.ts'
import { rowsInThread } from '../../src/imports/import-rows-in-thread.ts'
import { sendFile } from '../support/import-file.ts'
import { openTestCounty, type TestCounty, TOWNSHIP, VILLAGE } from '../support/test-county.ts'

let county: TestCounty
beforeEach(async () => {
  county = await openTestCounty('2022-02-01')
  await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
  await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
})
afterEach(() => county.close())

const CONTRACTS = [
  '青溪镇土地流转台账,,,,,,,,,,',
  '合同编号,承租方,乡镇,村组,面积(亩),用途,起,止,租金标准,支付方式,出租方',
  '2020-0001,青溪果业有限公司,青溪镇,青溪村,10,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,每年12月31日前,青溪村股份经济合作联合社',
  '2020-0002,青溪果业有限公司,青溪镇,青溪村,约30亩,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,每年12月31日前,青溪村股份经济合作联合社',
  '2020-0003,青溪果业有限公司,青溪镇,青溪村,若干,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,每年12月31日前,青溪村股份经济合作联合社',
  '合计,,,,40,,,,,,',
].join('\n')
const outOf = (body: { rows: { row: number; status: string }[] }) =>
  body.rows.map(({ row, status }) => [row, status])
const facts = () => county.rows('contracts', 'operators', 'payments', 'instalments')

describe('an import', () => {
  it('records what can be read, reports what cannot, and accounts for every row', async () => {
    const { status, body } = await sendFile(county, 'contracts', CONTRACTS)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ledger: 'contracts',
      fileName: '台账.csv',
      dryRun: false,
      state: 'done',
      counts: { read: 3, kept: 2, unchanged: 0, reported: 1, skipped: 3 },
      recordedBy: 'test',
    })
    expect(outOf(body)).toEqual([
      [1, 'skipped'],
      [2, 'skipped'],
      [3, 'kept'],
      [4, 'kept'],
      [5, 'reported'],
      [6, 'skipped'],
    ])
    expect(body.rows[3].guessed).toEqual([
      { column: '面积(亩)', value: '约30亩', readAs: expect.stringContaining('30') },
      expect.objectContaining({ column: '支付方式' }),
    ])
    const [problem] = body.rows[4].problems
    expect(problem).toMatchObject({ column: '面积(亩)', value: '若干' })
    expect(problem.reason).toMatch(/\p{Script=Han}/u)
    const { items } = await county.read('/contracts')
    expect(items.map(({ contractNo }: { contractNo: string }) => contractNo)).toEqual([
      '2020-0001',
      '2020-0002',
    ])
    const standing = await county.read(`/contracts/${items[0].id}/standing`)
    expect(standing).toMatchObject({ dueFen: 1_200_000, arrearsFen: 1_200_000 })
    expect(await county.read(`/imports/${body.id}`)).toMatchObject({ counts: body.counts })
  })

  it('adds nothing the second time, and takes a corrected row as a correction', async () => {
    await sendFile(county, 'contracts', CONTRACTS)
    const before = await facts()
    const again = await sendFile(county, 'contracts', CONTRACTS)
    expect(again.body.counts).toEqual({ read: 3, kept: 0, unchanged: 2, reported: 1, skipped: 3 })
    expect(await facts()).toEqual(before)
    const corrected = CONTRACTS.replace('若干', '12.5').replace('约30亩', '31')
    const { body } = await sendFile(county, 'contracts', corrected)
    expect(body.counts).toEqual({ read: 3, kept: 2, unchanged: 1, reported: 0, skipped: 3 })
    const { items } = await county.read('/contracts')
    expect(items.map(({ areaMu }: { areaMu: number }) => areaMu)).toEqual([10, 31, 12.5])
    expect(items[1]).toMatchObject({ version: 2, changeReason: '导入更正' })
  })

  it('is only tried out by a dry run', async () => {
    const before = await facts()
    const { status, body } = await sendFile(county, 'contracts', CONTRACTS, {
      query: '?dryRun=true',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ dryRun: true, counts: { read: 3, kept: 2, reported: 1 } })
    expect(await facts()).toEqual(before)
    const { items } = await county.read(`/imports/${body.id}/rows?status=reported`)
    expect(items).toMatchObject([{ sheet: '台账', row: 5 }])
    const real = await sendFile(county, 'contracts', CONTRACTS)
    expect(real.body.counts).toEqual(body.counts)
  })

  it('that was only tried out is forgotten after a month, a real one is not', async () => {
    await sendFile(county, 'contracts', CONTRACTS, { query: '?dryRun=true' })
    const { body } = await sendFile(county, 'contracts', CONTRACTS)
    county.clockOf.goTo('2022-03-02')
    await county.night('2022-03-02')
    expect((await county.read('/imports')).items).toHaveLength(2)
    county.clockOf.goTo('2022-03-05')
    await county.night('2022-03-05')
    expect((await county.read('/imports')).items).toMatchObject([{ id: body.id }])
    expect(await county.rows('importFiles')).toMatchObject({
      importFiles: [{ importId: body.id }],
    })
    expect((await county.read(`/imports/${body.id}/rows`)).items).toHaveLength(6)
  })

  it('is answered once for one Idempotency-Key, refused for another file', async () => {
    const headers = { 'idempotency-key': 'ledger-of-january' }
    const first = await sendFile(county, 'contracts', CONTRACTS, { headers })
    const again = await sendFile(county, 'contracts', CONTRACTS, { headers })
    expect(again).toMatchObject({ status: 201, body: first.body })
    const other = await sendFile(county, 'contracts', `${CONTRACTS}\n`, { headers })
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency-key-reused' } })
    expect((await county.read('/imports')).items).toHaveLength(1)
  })

  it('waits for an equal attempt under way, and is refused for another file', async () => {
    const headers = { 'idempotency-key': 'at-once' }
    const equal = await Promise.all(
      [1, 2, 3].map(() => sendFile(county, 'contracts', CONTRACTS, { headers })),
    )
    for (const reply of equal) expect(reply).toMatchObject({ status: 201, body: equal[0]?.body })
    const keyed = { headers: { 'idempotency-key': 'two-files' } }
    const others = await Promise.all(
      ['B1', 'C1'].map((no) =>
        sendFile(county, 'contracts', CONTRACTS.replaceAll('2020-000', no), keyed),
      ),
    )
    expect(others.map(({ status }) => status).sort()).toEqual([201, 409])
    expect((await county.read('/imports')).items).toHaveLength(2)
    expect((await county.read('/contracts')).items).toHaveLength(4)
  })

  it('gives all rows page by page', async () => {
    const { body } = await sendFile(county, 'contracts', CONTRACTS)
    const rows: number[] = []
    let cursor = ''
    do {
      const page = await county.read(`/imports/${body.id}/rows?limit=4${cursor}`)
      rows.push(...page.items.map(({ row }: { row: number }) => row))
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (cursor !== '')
    expect(rows).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('hands the file back with what became of each row', async () => {
    const { body } = await sendFile(county, 'contracts', CONTRACTS)
    const file = await county.send('GET', `/imports/${body.id}/file`)
    expect(file.headers['content-disposition']).toContain(encodeURIComponent('导入结果_台账.csv'))
    const rows = parse(file.body, { relax_column_count: true, bom: true }) as string[][]
    // The title has no result beside it.
    expect(rows[0]?.join('')).toBe(CONTRACTS.split('\n')[0]?.trim().replaceAll(',', ''))
    expect(rows.slice(1).map((row) => row.at(-1)?.slice(0, 6))).toEqual([
      '导入结果',
      expect.stringContaining('已录入'),
      expect.stringContaining('已录入'),
      expect.stringContaining('有误'),
      '略过',
    ])
    expect(rows[4]?.at(-1)).toContain('面积(亩)')
  })

  it('is taken back while nothing builds on it', async () => {
    const { body } = await sendFile(county, 'contracts', CONTRACTS)
    const path = `/imports/${body.id}/withdrawal`
    const taken = await county.record(path, { reason: '导入了错误的文件' })
    expect(taken).toMatchObject({ state: 'taken_back', takenBack: { reason: '导入了错误的文件' } })
    expect((await county.read('/contracts')).items).toEqual([])
    expect((await county.read('/operators')).items).toEqual([])
    const again = await county.send('POST', path, { reason: '再撤一次' })
    expect(again.status).toBe(409)
    const fresh = await sendFile(county, 'contracts', CONTRACTS)
    expect(fresh.body.counts).toMatchObject({ kept: 2, unchanged: 0 })
    const { items } = await county.read('/contracts')
    await county.record(`/contracts/${items[0].id}/payments`, {
      amountFen: 100,
      paidOn: '2021-01-05',
    })
    const late = await county.send('POST', `/imports/${fresh.body.id}/withdrawal`, { reason: '撤' })
    expect(late).toMatchObject({ status: 409, body: { code: 'import-built-on' } })
    expect((await county.read('/contracts')).items).toHaveLength(2)
  })
})

describe('a file that is read in a thread', () => {
  async function read(text: string) {
    const rows: ReadRow[] = []
    const content = Buffer.from(text)
    const file = { fileName: '台账.csv', content, today: '2022-02-01', rowsMax: 1000 }
    for await (const batch of rowsInThread({ ...file, ledger: 'contracts' })) rows.push(...batch)
    return rows
  }

  it('gives the same rows, the same refusals', async () => {
    const rows = await read(CONTRACTS)
    expect(rows.map(({ row, status }) => [row, status])).toEqual([
      [1, 'skipped'],
      [2, 'skipped'],
      [3, 'read'],
      [4, 'read'],
      [5, 'reported'],
      [6, 'skipped'],
    ])
    await expect(read('%PDF-1.7')).rejects.toMatchObject({ code: 'file-type', kind: 'wrong-type' })
    const long = (rows: number) => CONTRACTS.replace('合计', `${'a,b\n'.repeat(rows)}合计`)
    expect(await read(long(1000))).toHaveLength(1006)
    await expect(read(long(1100))).rejects.toMatchObject({
      code: 'too-many-rows',
      kind: 'too-large',
    })
  })
})

describe('a mapping', () => {
  it('may name headings that every object has', async () => {
    const fields = { mapping: JSON.stringify({ constructor: '联系电话' }) }
    const file = (phone: string) => `业主名称,业主类型,constructor\n青溪果业,公司,${phone}\n`
    await sendFile(county, 'operators', file('13912345678'), { fields })
    const { status, body } = await sendFile(county, 'operators', file('13912345679'), { fields })
    expect(status).toBe(201)
    expect(body.rows[1]).toMatchObject({
      status: 'kept',
      guessed: [{ column: 'constructor', value: '139****5679' }],
    })
  })

  const own = CONTRACTS.replace('租金标准', '地租').replace('承租方', '老板')

  it('names headings that the file has of its own, with the file or saved for the next', async () => {
    const refused = await sendFile(county, 'contracts', own)
    expect(refused).toMatchObject({ status: 422, body: { code: 'headings-not-found' } })
    expect(refused.body.detail).toContain('老板')
    expect((await county.read('/imports')).items).toEqual([])
    const columns = { 地租: '租金标准', 老板: '承租方' }
    const mapping = JSON.stringify(columns)
    const { body } = await sendFile(county, 'contracts', own, { fields: { mapping } })
    expect(body.counts).toMatchObject({ kept: 2, reported: 1 })
    await county.put('/import-mappings/青溪镇', { ledger: 'contracts', columns })
    const query = `?mapping=${encodeURIComponent('青溪镇')}`
    const saved = await sendFile(county, 'contracts', own, { query })
    expect(saved.body.counts).toMatchObject({ unchanged: 2, reported: 1 })
    expect((await county.read('/import-mappings')).items).toMatchObject([
      { name: '青溪镇', ledger: 'contracts', columns },
    ])
  })

  const REFUSED: [string, Parameters<typeof sendFile>[3], number, string, string][] = [
    ['of no JSON', { fields: { mapping: '{' } }, 400, 'mapping-malformed', 'mapping'],
    ['of no texts', { fields: { mapping: '{"地租":1}' } }, 400, 'mapping-malformed', 'mapping'],
    [
      'to a column that the ledger has not',
      { fields: { mapping: '{"地租":"年终奖"}' } },
      400,
      'mapping-unknown-field',
      'mapping.地租',
    ],
    ['that was never saved', { query: '?mapping=nobody' }, 422, 'mapping-unknown', 'mapping'],
  ]
  it.each(REFUSED)('%s is refused', async (_name, sent, status, code, field) => {
    const reply = await sendFile(county, 'contracts', own, sent)
    expect(reply).toMatchObject({ status, body: { code, errors: [{ field }] } })
  })
})

describe('what is refused later than it was read', () => {
  it.each([
    [
      'grain-prices',
      '品种,价格(元/50公斤),执行日期,来源',
      '黄谷,0,2020年,国家',
      '价格(元/50公斤)',
      '0',
    ],
    [
      'grain-prices',
      '品种,价格(元/50公斤),执行日期,来源',
      '黄谷,200000,2020年,国家',
      '价格(元/50公斤)',
      '200000',
    ],
    ['regions', '代码,名称,二轮到期时间', '5199,示范县,2028年底', '代码', '5199'],
    ['payments', '合同编号,金额(万元),日期', '2020-0001,0.5,2099年1月5日', '日期', '2099年1月5日'],
  ])('%s: %s, %s', async (ledger, headings, cells, column, value) => {
    const operator = await county.operator()
    await county.contract(operator.id)
    const { body } = await sendFile(county, ledger, `${headings}\n${cells}`)
    expect(body.counts).toMatchObject({ reported: 1 })
    expect(body.rows.at(-1).problems).toMatchObject([{ column, value }])
  })
})

describe('a request that is no import', () => {
  it('is refused with what is wrong', async () => {
    const json = await county.send('POST', '/imports/contracts', { file: 'x' })
    expect(json).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } })
    const unknown = await sendFile(county, 'wages', CONTRACTS)
    expect(unknown).toMatchObject({ status: 404, body: { code: 'no-such-ledger' } })
    const fromObject = await sendFile(county, 'constructor', CONTRACTS)
    expect(fromObject).toMatchObject({ status: 404, body: { code: 'no-such-ledger' } })
    const wrongFlag = await sendFile(county, 'contracts', CONTRACTS, { query: '?dryRun=perhaps' })
    expect(wrongFlag).toMatchObject({ status: 400, body: { errors: [{ field: 'dryRun' }] } })
    const pdf = await sendFile(county, 'contracts', '%PDF-1.7 …', { fileName: '台账.xlsx' })
    expect(pdf).toMatchObject({ status: 415, body: { errors: [{ field: 'file' }] } })
    const empty = await sendFile(county, 'contracts', '')
    expect(empty).toMatchObject({ status: 422, body: { errors: [{ field: 'file' }] } })
    const large = await sendFile(county, 'contracts', Buffer.alloc(21 * 1024 * 1024, 'a'))
    expect(large).toMatchObject({ status: 413 })
    const part = await sendFile(county, 'contracts', CONTRACTS, { fields: { colour: 'red' } })
    expect(part).toMatchObject({ status: 400, body: { code: 'unknown-part' } })
    const nobody = '01926d3e-7c00-7000-8000-0000000000ff'
    for (const path of ['', '/rows', '/file'])
      expect((await county.send('GET', `/imports/${nobody}${path}`)).status).toBe(404)
    expect((await county.read('/imports')).items).toEqual([])
  })
})
