import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, SERVICE } from '../../src/access/caller.ts'
import { noteCutOffImports } from '../../src/imports/cut-off-imports.ts'
import { noteCutOff, pageOfRows } from '../../src/imports/import-store.ts'
import { readFile } from '../../src/imports/read-file.ts'
import { runImport } from '../../src/imports/run-import.ts'
import { THIS_PROCESS } from '../../src/platform/process-at-work.ts'
import { until } from '../support/run-program.ts'
import {
  OTHER_VILLAGE,
  openTestCounty,
  type TestCounty,
  TOWNSHIP,
  VILLAGE,
} from '../support/test-county.ts'

const HEADINGS = '合同编号,承租方,村代码,面积(亩),用途,起,止,租金标准,支付方式,出租方'
const row = (no: string, village = VILLAGE, operator = '青溪果业有限公司') =>
  `${no},${operator},${village},10,晚熟柑桔,2020-01-01,2029-12-31,600元/亩,每年12月31日前,村委会`
const ROWS = 450
const nothing = async (): Promise<void> => undefined
const HOST = hostname()
const ended = spawnSync(process.execPath, ['-e', ''])

/** Names itself as the one that works on an import. */
const naming = (then: string) => [
  ...['--import', import.meta.resolve('tsx'), '-e'],
  `import('${import.meta.resolve('../../src/platform/process-at-work.ts')}').then((program) => {
     console.log(program.THIS_PROCESS)
     ${then}
   })`,
]
const other = spawn(process.execPath, naming('setInterval(() => {}, 1000)'))
/** Whose child has ended, which it takes no note of. */
const heedless = spawn('sh', ['-c', '"$@" & exec sleep 60', 'sh', process.execPath, ...naming('')])
const nameSaid = async ({ stdout }: typeof other) => String((await once(stdout, 'data'))[0]).trim()
const [otherName, unheededName] = await Promise.all([nameSaid(other), nameSaid(heedless)])
if (process.platform === 'linux')
  await until(() =>
    readFileSync(`/proc/${unheededName.split(' ')[1]}/stat`, 'utf8').includes(') Z '),
  )
afterAll(() => [other, heedless].map((child) => child.kill()))
const many = (from: number) => Array.from({ length: ROWS }, (_, at) => row(`2020-${from + at}`))

describe.each(['sqlite'] as const)('on %s', (kind) => {
  let county: TestCounty
  beforeEach(async () => {
    county = await openTestCounty('2024-07-10', kind)
    await county.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' })
    await county.put(`/regions/${VILLAGE}`, { name: '青溪村' })
    await county.put('/regions/519901102', { name: '白果镇' })
    await county.put(`/regions/${OTHER_VILLAGE}`, { name: '白果村' })
  })
  afterEach(() => county.close())

  /** Takes lines of the transfer ledger in; `meanwhile` is what others do half-way. */
  async function take(
    lines: readonly string[],
    { dryRun = false, caller = SERVICE, meanwhile = nothing, finish = nothing } = {},
  ) {
    const reading = async function* (...file: Parameters<typeof readFile>) {
      let batches = 0
      for await (const batch of readFile(...file)) {
        yield batch
        batches += 1
        if (batches === 3) await meanwhile()
      }
    }
    const content = Buffer.from([HEADINGS, ...lines].join('\n'))
    const wish = { ledger: 'contracts', fileName: 'a.csv', content, dryRun } as const
    const id = await runImport({ ...county, readFile: reading }, caller, wish, finish)
    const rows = await pageOfRows(county.db.read, id, { after: 0, limit: 1000 })
    return rows.filter(({ status }) => status !== 'skipped')
  }
  const statuses = (rows: Awaited<ReturnType<typeof take>>) => [
    ...new Set(rows.map(({ status }) => status)),
  ]
  /** What becomes of an import on which `runBy` is said to work. */
  async function stateNoted(runBy: string | null): Promise<string> {
    const { imports } = county.db.read.tables
    await county.db.transaction((tx) => tx.update(imports).set({ state: 'running', runBy }))
    await noteCutOffImports(county.db)
    return (await county.read('/imports')).items[0].state
  }
  const recorded = async () => (await county.rows('contracts')).contracts ?? []
  const lease = async (contractNo: string) => {
    const { operators: [known] = [] } = await county.rows('operators')
    const operator = known ?? (await county.operator({ name: '青溪果业有限公司', kind: 'company' }))
    return county.contract(operator.id, { contractNo })
  }
  /** When the first rows are kept, and their operator is known: rows are read ahead. */
  const onceLeased = async (record: () => Promise<unknown>) => {
    await until(async () => (await recorded()).length > 0)
    await record()
  }

  it('a dry run records nothing, and what others record meanwhile stays', async () => {
    const rows = await take(many(1), {
      dryRun: true,
      meanwhile: async () => void (await lease('手工')),
    })
    expect(rows).toHaveLength(ROWS)
    expect(statuses(rows)).toEqual(['kept'])
    expect(rows.every(({ facts }) => facts.length === 0)).toBe(true)
    expect(await recorded()).toMatchObject([{ contractNo: '手工' }])
  })

  it('a dry run says what the import then does', async () => {
    await take(many(1))
    const lines = [...many(100), row('2020-1'), row('2020-1', '9'), row('')]
    const tried = await take(lines, { dryRun: true })
    const taken = await take(lines)
    const said = ({ no, status, guessed, problems }: (typeof tried)[number]) => ({
      ...{ no, status, guessed, problems },
    })
    expect(tried.map(said)).toEqual(taken.map(said))
    expect(statuses(taken).sort()).toEqual(['kept', 'reported', 'unchanged'])
  })

  it.each([
    ['before it', false],
    ['while it runs', true],
  ])('a number that people wrote full-width %s is that number', async (_, isMeanwhile) => {
    const record = () => lease('２０２０－９００')
    if (!isMeanwhile) await record()
    const lines = [...many(1), row('2020-900')]
    await take(lines, isMeanwhile ? { meanwhile: () => onceLeased(record) } : {})
    const numbers = new Set((await recorded()).map(({ id }) => id))
    expect(numbers.size).toBe(ROWS + 1)
  })

  it('what others record while it runs is not recorded again', async () => {
    await take(many(1), { meanwhile: () => onceLeased(() => lease(`2020-${ROWS}`)) })
    expect((await recorded()).filter(({ version }) => version === 1)).toHaveLength(ROWS)
  })

  it('what one row records stands when the next one is looked up, or refused', async () => {
    const lines = [row('2020-1'), row('2020-2'), row('2020-1').replace(',10,', ',11,')]
    const rows = await take([...lines, row('2020-2'), row('2020-3')])
    expect(rows.map(({ status }) => status)).toEqual([
      'kept',
      'kept',
      'reported',
      'unchanged',
      'kept',
    ])
    expect(rows[2]?.problems).toMatchObject([{ code: 'row-repeats' }])
    const numbers = (await recorded()).map(({ contractNo }) => contractNo)
    expect(numbers.sort()).toEqual(['2020-1', '2020-2', '2020-3'])
    const { instalments = [] } = await county.rows('instalments')
    expect(instalments).toHaveLength(30)
  })

  it('a namesake in another township is found where the row before has just leased', async () => {
    const rows = await take([row('2020-1', VILLAGE, '张三'), row('2020-2', OTHER_VILLAGE, '张三')])
    const readAs = '与其他乡镇的同名业主按同一人读取'
    expect(rows[1]?.guessed.map((guess) => guess.readAs)).toContain(readAs)
    expect((await county.rows('operators')).operators).toHaveLength(1)
  })

  it('one that fails half-way is cut off, and keeps what it had recorded', async () => {
    const fail = () => Promise.reject(new Error('the disk is gone'))
    await expect(take(many(1), { meanwhile: fail })).rejects.toThrow('the disk is gone')
    const { imports: [cut] = [] } = await county.rows('imports')
    expect(cut).toMatchObject({ state: 'cut_off', counts: { kept: 299 } })
    expect((await county.rows('risks')).risks).toHaveLength(299)
    expect(statuses(await take(many(1))).sort()).toEqual(['kept', 'unchanged'])
  })

  it('one that cannot say that it has ended is cut off, and the next one does not mind it', async () => {
    const finish = () => Promise.reject(new Error('the disk is gone'))
    await expect(take(many(1), { finish })).rejects.toThrow('the disk is gone')
    expect((await county.read('/imports')).items).toMatchObject([{ state: 'cut_off' }])
    expect((await county.rows('risks')).risks).toHaveLength(ROWS)
  })

  it('one whose risks could not be brought up to it is made good by the next one', async () => {
    const { refreshRisks } = county
    county.refreshRisks = () => Promise.reject(new Error('the disk is gone'))
    await expect(take(many(1))).rejects.toThrow('the disk is gone')
    expect((await county.rows('risks')).risks).toHaveLength(0)
    county.refreshRisks = refreshRisks
    await take([row('2021-1')])
    expect((await county.rows('risks')).risks).toHaveLength(ROWS + 1)
    const { items } = await county.read('/imports')
    expect(items.map(({ state }: { state: string }) => state)).toEqual(['done', 'cut_off'])
  })

  it('one is done whatever keeps others from being made good, which is in the log', async () => {
    const fail = () => Promise.reject(new Error('the disk is gone'))
    const { refreshRisks } = county
    county.refreshRisks = fail
    await expect(take(many(1))).rejects.toThrow('the disk is gone')
    const [behind] = (await county.rows('operators')).operators ?? []
    county.refreshRisks = (tx) =>
      tx.touched.operatorIds.includes(behind.id) ? fail() : refreshRisks(tx)
    const told: unknown[] = []
    county.log.error = (...words: unknown[]) => void told.push(words)
    const rows = await take([row('2021-1', VILLAGE, '白果园区公司')])
    expect(statuses(rows)).toEqual(['kept'])
    expect(told).toMatchObject([[{ err: { message: 'the disk is gone' } }, expect.any(String)]])
    const { items } = await county.read('/imports')
    expect(items.map(({ state }: { state: string }) => state)).toEqual(['done', 'cut_off'])
  })

  it('one under way is not taken for cut off when another one ends', async () => {
    const seen: unknown[] = []
    const meanwhile = async () => {
      await take([row('2021-1', OTHER_VILLAGE)])
      seen.push((await county.read('/imports')).items)
    }
    await take(many(1), { meanwhile })
    expect(seen).toMatchObject([[{ state: 'done' }, { state: 'running' }]])
    expect((await county.rows('risks')).risks).toHaveLength(ROWS + 1)
  })

  it('one that was taken for cut off goes on', async () => {
    const cutOff = async () => {
      const { imports: [running] = [] } = await county.rows('imports')
      await county.db.transaction((tx) => noteCutOff(tx, running?.id))
      expect((await county.read('/imports')).items).toMatchObject([{ state: 'cut_off' }])
    }
    await take(many(1), { meanwhile: cutOff })
    expect((await county.read('/imports')).items).toMatchObject([{ state: 'done' }])
    expect(await recorded()).toHaveLength(ROWS)
  })

  it.each([
    ['of no process', null, 'cut_off'],
    ['of this process, which does not work on it', THIS_PROCESS, 'cut_off'],
    ['of a process of this number before it', `${HOST} ${process.pid} earlier`, 'cut_off'],
    ['of another process that is there', otherName, 'running'],
    ['of a process that has ended', `${HOST} ${ended.pid} other`, 'cut_off'],
    ['of another machine', otherName.replace(HOST, 'elsewhere'), 'cut_off'],
  ])('one %s is %s', async (_, runBy, state) => {
    await take(many(1).slice(0, 2))
    expect(await stateNoted(runBy)).toBe(state)
  })

  it.runIf(process.platform === 'linux').each([
    ['whose number another one has now', `${HOST} ${other.pid} earlier`],
    ['that has ended and is still listed', unheededName],
  ])('one of a process %s is cut off', async (_, runBy) => {
    await take(many(1).slice(0, 2))
    expect(await stateNoted(runBy)).toBe('cut_off')
  })

  describe('for a caller of one township', () => {
    const caller: Caller = { ...SERVICE, label: '青溪镇经办', regionCode: TOWNSHIP }

    it('a contract elsewhere is as if it were not there', async () => {
      await take([row('2020-1', OTHER_VILLAGE)])
      const rows = await take([row('2020-1')], { caller })
      expect(statuses(rows)).toEqual(['kept'])
      const contracts = await recorded()
      expect(contracts.map(({ villageCode }) => villageCode).sort()).toEqual([
        VILLAGE,
        OTHER_VILLAGE,
      ])
      expect(new Set(contracts.map(({ operatorId }) => operatorId)).size).toBe(2)
    })

    it('a village elsewhere is not known', async () => {
      const rows = await take([row('2020-1', OTHER_VILLAGE), row('2020-2')], { caller })
      expect(rows).toMatchObject([
        { status: 'reported', problems: [{ code: 'region-outside' }] },
        { status: 'kept' },
      ])
    })
  })
})
