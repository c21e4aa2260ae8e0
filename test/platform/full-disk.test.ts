/** What a full disk does to a request and to a command: nothing is kept, and it is said. */
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { systemTrouble } from '../../src/platform/system-trouble.ts'
import { openTestCounty } from '../support/test-county.ts'

it('a request that cannot be written is answered by 507, and the next one by what holds', async () => {
  const county = await openTestCounty('2024-06-30')
  const name = (at: number) => ({ name: `青溪合作社${at}`, kind: 'cooperative' })
  // The database may not grow any more: SQLite says so as it does of a full disk.
  const limit = (pages: string) =>
    county.db.transaction(async (tx) => {
      const { get } = tx as unknown as { get: (query: unknown) => unknown }
      get.call(tx, sql.raw(`pragma max_page_count = ${pages}`))
    })
  await limit('1')
  let refused: Awaited<ReturnType<typeof county.send>> | undefined
  for (let at = 0; at < 500 && refused === undefined; at++) {
    const reply = await county.send('POST', '/operators', name(at))
    if (reply.status !== 201) refused = reply
  }
  expect(refused?.status).toBe(507)
  expect(refused?.body).toMatchObject({
    code: 'disk-full',
    detail: expect.stringContaining('磁盘空间不足'),
  })
  await limit('4294967294')
  expect((await county.send('POST', '/operators', name(1000))).status).toBe(201)
  await county.close()
})

it.each<[Error, boolean | undefined]>([
  [Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }), true],
  [Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' }), true],
  [Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_READ' }), false],
  [new Error('Failed query', { cause: Object.assign(new Error('x'), { code: 'ENOSPC' }) }), true],
  [Object.assign(new Error('EACCES: x'), { code: 'EACCES' }), false],
  [Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT' }), undefined],
  [Object.assign(new Error('x'), { code: 'ERR_ASSERTION' }), undefined],
  [new TypeError('x'), undefined],
])('%s stands for what it is', (error, isFull) => {
  expect(systemTrouble(error)?.isFull).toBe(isFull)
})
