/** `npm run cli` with what people mistype: one line each, and nothing is done. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCommandLine, runProgram } from '../support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'land-rent-command-'))
const county = join(cwd, 'county.db')
const commandLine = openCommandLine({ cwd, env: { DATABASE_URL: `file:${county}` } })
afterAll(() => {
  commandLine.close()
  rmSync(cwd, { recursive: true })
})

async function refused(typed: string, database = county) {
  const env = { DATABASE_URL: `file:${database}` }
  const { code, stdout, stderr } = await commandLine.run(typed.split(' '), { env })
  expect([code, stdout]).toEqual([1, ''])
  return stderr.trimEnd().split('\n')
}
const added = (label: string) =>
  commandLine.run(['token', 'add', '--label', label, '--role', 'admin'])

beforeAll(async () => {
  expect((await added('县局')).code).toBe(0)
  mkdirSync(join(cwd, 'folder'))
  writeFileSync(join(cwd, 'regions.csv'), '编码,名称\n519901101,青溪镇\n')
})

describe('help', () => {
  it.each(['help', '--help', '-h'])('%s shows every verb', async (typed) => {
    const { code, stdout, stderr } = await commandLine.run([typed])
    expect([code, stderr]).toEqual([0, ''])
    for (const verb of ['token revoke ID', 'night [--as-of', 'restore FILE', 'audit verify'])
      expect(stdout).toContain(`\n  ${verb}`)
  })

  it.each(['night --help', 'backup -h'])('%s shows that verb, and does nothing', async (typed) => {
    const before = readdirSync(cwd)
    const { code, stdout } = await commandLine.run(typed.split(' '))
    expect(code).toBe(0)
    expect(stdout.split('\n')).toHaveLength(3)
    expect(stdout).toContain(`  ${typed.split(' ')[0]} `)
    expect(readdirSync(cwd)).toEqual(before)
  })
})

it('does what was asked for though nobody reads to the end', async () => {
  const env = { DATABASE_URL: `file:${county}` }
  const typed = ['token', 'add', '--label', '乡镇', '--role', 'viewer']
  const { process: child, output, ended } = runProgram('src/cli.ts', typed, { cwd, env })
  child.stdout?.destroy()
  expect([await ended, output.stderr]).toEqual([0, ''])
  expect((await commandLine.run(['token', 'list'])).stdout).toContain('乡镇')
})

it.each([
  ['night 2024-06-30', "不知道 '2024-06-30' 是什么 · nothing is known to do with it"],
  ['night --dry-run', "没有这个选项 · Unknown option '--dry-run'"],
  ['night --as-of', "选项的值不对 · Option '--as-of <value>' argument missing"],
  ['backup a.db b.db', "不知道 'b.db' 是什么 · nothing is known to do with it"],
  ['backup', '缺少 FILE · backup needs it'],
  ['import regions', '缺少 FILE · import needs it'],
  ['token revoke', '缺少 ID · token revoke needs it'],
  ['token add --label x', '缺少 --role · is required'],
  ['token list --label x', "没有这个选项 · Unknown option '--label'"],
  ['user lock x', '没有这个命令 · unknown verb'],
])('%s is refused with the usage of its verb', async (typed, message) => {
  const [said, usage, shown] = await refused(typed)
  expect([said, usage]).toEqual([message, '用法 · usage: npm run cli -- <verb>'])
  const verb = message === '没有这个命令 · unknown verb' ? 'token add' : /^[a-z]+/.exec(typed)?.[0]
  expect(shown).toContain(`  ${verb} `)
})

it.each([
  ['import regions folder', 'folder 不是文件 · is no file but a folder'],
  ['import regions nothing.csv', '没有文件 · there is no file nothing.csv'],
  [
    'import regions regions.csv --result /nonexist/x.csv',
    '没有文件夹 · there is no folder /nonexist',
  ],
  [
    'import regions regions.csv --result regions.csv',
    'regions.csv 已存在,请另取文件名 · exists; name a new file',
  ],
  ['backup /nonexist/x.db', '没有文件夹 · there is no folder /nonexist'],
  ['backup regions.csv/x.db', 'regions.csv/x.db 不能写入 · cannot be written (ENOTDIR)'],
  ['backup folder', 'folder 已存在,请另取文件名 · exists; name a new file'],
])('%s says so before anything is recorded', async (typed, message) => {
  expect(await refused(typed)).toEqual([message])
  const db = new Sqlite(county, { readonly: true })
  expect(db.prepare('select count(*) from imports').pluck().get()).toBe(0)
  db.close()
})

it.each([
  'backup copy.db',
  'verify',
  'audit verify',
  'token list',
  'night',
  'alerts send',
  'key rotate',
  'user list',
])('%s makes no county where there is none', async (typed) => {
  const missing = join(cwd, 'conty', 'county.db')
  const before = readdirSync(cwd)
  expect(await refused(typed, missing)).toEqual([
    `DATABASE_URL: ${missing} 没有县数据库 · there is no county yet`,
  ])
  expect(readdirSync(cwd)).toEqual(before)
})

it('says everything in Chinese, then in English', async () => {
  const said = [
    'user add --username qingxi --label 青溪镇 --role viewer --generate',
    'user disable qingxi',
    'user list',
    'user password nobody --generate',
    'token revoke nobody',
    'token add --label x --role viewer --region 51',
    'night --as-of 2024-02-30',
    'alerts send',
    'import regions regions.csv --dry-run',
    'import regions regions.csv --mapping none',
    `backup ${join(cwd, 'said.db')}`,
    'restore nothing.db',
    'verify',
    'key rotate',
    'audit verify',
  ]
  for (const typed of said) {
    const { stdout, stderr } = await commandLine.run(typed.split(' '))
    const [first = ''] = `${stdout}${stderr}`.split('\n')
    const isList = typed === 'user list'
    expect(first, typed).toMatch(isList ? /已停用 disabled/ : /^[^·]*\p{Script=Han}.* · .*[a-z]/u)
  }
})

describe('where there is no county', () => {
  const missing = join(cwd, 'conty', 'of', 'county.db')

  it.each([
    'token add --label x --role king',
    'token add --label x --role admin --expires 2020-01-01',
    'user add --username 甲 --label x --role admin --generate',
    'user add --username admin --label x --role admin',
    'import contrats regions.csv',
    'import regions nothing.csv',
    'import regions no-table.csv',
    'import regions regions.csv --mapping none',
  ])('%s leaves none behind', async (typed) => {
    writeFileSync(join(cwd, 'no-table.csv'), '')
    const before = readdirSync(cwd)
    await refused(typed, missing)
    expect(readdirSync(cwd)).toEqual(before)
  })

  it('an empty file and a key that lie there are left as they are', async () => {
    const [nothing, key] = [join(cwd, 'nothing.db'), join(cwd, 'keyed.db.key')]
    writeFileSync(nothing, '')
    writeFileSync(key, readFileSync(`${county}.key`), { mode: 0o600 })
    const before = readdirSync(cwd)
    await refused('import regions nothing.csv', nothing)
    await refused('import regions nothing.csv', join(cwd, 'keyed.db'))
    expect(readdirSync(cwd)).toEqual(before)
    expect(readFileSync(nothing)).toHaveLength(0)
  })

  it('says that it has begun one', async () => {
    const env = { DATABASE_URL: `file:${missing}` }
    const begun = await commandLine.run(['import', 'regions', 'regions.csv'], { env })
    expect(begun).toMatchObject({
      code: 0,
      stderr: `新建了县数据库 · a new county was begun: ${missing}\n`,
    })
    expect((await commandLine.run(['import', 'regions', 'regions.csv'], { env })).stderr).toBe('')
  })
})

describe('a file that is not this county', () => {
  it.each<[string, (file: string) => void, string]>([
    ['of another program', (file) => sqlite(file, 'create table t (x)'), 'of another program'],
    ['of a newer version', newer, 'was written by a newer version'],
    ['text', (file) => writeFileSync(file, '合同台账'.repeat(1000)), 'is no SQLite database'],
    ['a folder', (file) => mkdirSync(file), 'is a folder'],
    ['empty, with a key', empty, 'is empty, and its key file lies beside it'],
  ])('%s is refused in one line, and left alone', async (name, make, reason) => {
    const file = join(cwd, `${name.replaceAll(/\W/g, '-')}.db`)
    make(file)
    const before = readdirSync(cwd)
    const [said, ...more] = await refused('token add --label x --role admin', file)
    expect(said).toMatch(new RegExp(`^DATABASE_URL: ${file} .*${reason}`))
    expect(more).toEqual([])
    expect(readdirSync(cwd)).toEqual(before)
  })

  it('verify names a damaged file in one line', async () => {
    const file = join(cwd, 'damaged.db')
    expect((await commandLine.run(['backup', file])).code).toBe(0)
    // The pages behind the first: what is still read at the start may or may not be sound.
    const content = readFileSync(file)
    writeFileSync(file, content.fill(0xa5, content.length / 2))
    expect((await refused('verify', file)).join('\n')).toMatch(/^DATABASE_URL: [^\n]+$/)
  })
})

function sqlite(file: string, statement: string) {
  const db = new Sqlite(file)
  db.exec(statement)
  db.close()
}

function newer(file: string) {
  sqlite(county, `vacuum into '${file}'`)
  sqlite(file, "insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)")
  expect(existsSync(file)).toBe(true)
}

function empty(file: string) {
  writeFileSync(file, '')
  writeFileSync(`${file}.key`, 'x')
}
