import { expect, it } from 'vitest'
import { SERVICE } from '../../src/access/caller.ts'
import { readFile } from '../../src/imports/read-file.ts'
import { runImport } from '../../src/imports/run-import.ts'
import { openTestCounty } from '../support/test-county.ts'

it('a night beside an import counts what that has recorded already', async () => {
  const county = await openTestCounty('2024-07-10')
  const { id } = await county.contract((await county.operator()).id, { contractNo: 'A1' })
  const receipts = Array.from({ length: 500 }, (_, at) =>
    ['A1', '2024-07-01', at === 0 ? 24_000 : 0.01, `S${at}`].join(),
  )
  const csv = ['合同编号,付款日期,金额(元),凭证号', ...receipts].join('\n')
  const counts: unknown[] = []
  const reading = async function* (...file: Parameters<typeof readFile>) {
    for await (const bunch of readFile(...file)) {
      yield bunch
      const { payments = [] } = await county.rows('payments')
      if (payments.length === 0 || counts.length > 0) continue
      expect((await county.rows('risks'))['risks']).toMatchObject([{ arrearsFen: 2_400_000 }])
      counts.push((await county.night('2024-07-10')).counts)
    }
  }
  const content = Buffer.from(csv)
  const file = { ledger: 'payments' as const, fileName: 'a.csv', content, dryRun: false }
  await runImport({ ...county, readFile: reading }, SERVICE, file as never)
  expect(counts).toMatchObject([{ byLevel: { none: 1 }, casesOpened: 0 }])
  expect(await county.read(`/contracts/${id}/risk`)).toMatchObject({ arrearsFen: 0 })
  await county.close()
})
