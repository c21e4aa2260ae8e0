/** After a start the first night looks at everybody: what was stored may be an earlier program's. */
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { nightsOf } from '../../src/nightly/nights.ts'
import { nightJobsOn, nightWorkOf } from '../../src/nightly/work-on-night.ts'
import { openTestCounty } from '../support/test-county.ts'

it('the first night after a start sets right a score that later nights would pass over', async () => {
  const county = await openTestCounty('2024-12-30')
  const { id } = await county.contract((await county.operator()).id)
  await county.night('2024-12-30')
  const spoil = () =>
    county.db.transaction(async (tx) => {
      await tx.update(tx.tables.risks).set({ score: sql`score + 7` })
    })
  const started = () => {
    const jobs = nightJobsOn(county.db.read)
    return nightsOf({ ...county, work: nightWorkOf({ ...county, jobs }) })
  }
  const scoreOf = async () => (await county.read(`/contracts/${id}/risk`)).score
  const score = await scoreOf()

  const nights = started()
  await spoil()
  expect(await scoreOf()).toBe(score + 7)
  await nights.run('2024-12-29')
  expect(await scoreOf()).toBe(score + 7)
  await nights.run('2024-12-30')
  expect(await scoreOf()).toBe(score)

  await spoil()
  await nights.run('2024-12-30')
  expect(await scoreOf()).toBe(score + 7)
  await started().run('2024-12-30')
  expect(await scoreOf()).toBe(score)
  await county.close()
})
