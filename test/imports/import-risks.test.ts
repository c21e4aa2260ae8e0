import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SERVICE } from '../../src/access/caller.ts'
import { rowsInThread } from '../../src/imports/import-rows-in-thread.ts'
import { runImport } from '../../src/imports/run-import.ts'
import { sendFile } from '../support/import-file.ts'
import { openTestCounty, type TestCounty, TOWNSHIP, VILLAGE } from '../support/test-county.ts'

const OPERATORS = 45
/** More than are recorded before the file has been read to its end. */
const ROWS = 330
/** Unpaid for two years; the rows of an operator stand far apart. */
const CONTRACTS = [
  '合同编号,承租方,乡镇,村组,面积(亩),用途,起,止,租金标准,支付方式,出租方',
  ...Array.from(
    { length: ROWS },
    (_, at) =>
      `2020-${at},第${at % OPERATORS}号果业有限公司,青溪镇,青溪村,10,晚熟柑桔,` +
      '2020-01-01,2029-12-31,600元/亩,每年12月31日前,青溪村股份经济合作联合社',
  ),
].join('\n')

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  let county: TestCounty
  beforeEach(async () => {
    county = await openTestCounty('2022-02-01', kind)
    await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
    await county.night('2022-01-31')
  })
  afterEach(() => county.close())

  const stored = async () => (await county.read('/risk/worklist?limit=500')).items
  const computed = async () => (await county.read('/risk/worklist?asOf=2022-02-01&limit=500')).items

  it('what an import recorded stands in the worklist, each operator with all its contracts', async () => {
    const { body } = await sendFile(county, 'contracts', CONTRACTS)
    expect(body.counts).toMatchObject({ read: ROWS, kept: ROWS })
    expect(await stored()).toHaveLength(ROWS)
    expect(await stored()).toEqual(await computed())
  })

  it('so does what was recorded before an import stopped', async () => {
    const readFile = async function* (...file: Parameters<typeof rowsInThread>) {
      yield* rowsInThread(...file)
      throw new Error('the reader fails')
    }
    const content = Buffer.from(CONTRACTS)
    const wish = { ledger: 'contracts', fileName: 'a.csv', content, dryRun: false } as const
    await expect(runImport({ ...county, readFile }, SERVICE, wish)).rejects.toThrow('fails')
    const { contracts } = await county.rows('contracts')
    expect(contracts?.length).toBeGreaterThan(0)
    expect(await stored()).toHaveLength(contracts?.length ?? 0)
    expect(await stored()).toEqual(await computed())
  })
})
