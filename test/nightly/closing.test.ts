import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { addToken } from '../../src/access/token-store.ts'
import { readConfig } from '../../src/config.ts'
import { openService } from '../../src/open-service.ts'
import { createLogger } from '../../src/platform/log/logger.ts'

const CLOSED_WITHIN_MS = 4000

it.each([0, 1, 2, 6])(
  'the service ends at once with a night under way behind %i computations of past days',
  async (computations) => {
    const folder = mkdtempSync(join(tmpdir(), 'closing-'))
    const config = readConfig({ DATABASE_URL: `file:${join(folder, 'county.db')}` })
    const service = await openService(config, createLogger('silent'))
    const token = await service.db.transaction((tx) => addToken(tx, { label: 'p', role: 'admin' }))
    const headers = { authorization: `Bearer ${token}` }
    const url = '/api/v1/risk/worklist?asOf=2025-01-01'
    for (let i = 0; i < computations; i++)
      service.app.inject({ url, headers }).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const night = service.nights.run('2025-01-01').then(
      () => 'completed',
      () => 'broken off',
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    const tooLong = new Promise((resolve) => setTimeout(resolve, CLOSED_WITHIN_MS, 'still open'))
    const ended = await Promise.race([service.close().then(() => night), tooLong])
    rmSync(folder, { recursive: true })
    expect(['completed', 'broken off']).toContain(ended)
  },
)
