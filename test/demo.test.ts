import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoRecipients } from '../scripts/demo/demo-recipients.ts'
import { DEMO_NIGHTS } from '../scripts/demo/handed-in.ts'
import { drawCounty } from '../scripts/demo-county/draw-county.ts'
import { leaked, personalData, textsOf } from './support/personal-data.ts'
import { runProgram } from './support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'land-rent-demo-'))
const outbox = join(cwd, 'var/demo/outbox')
const tables = drawCounty()
const [FIRST, SECOND, THIRD] = DEMO_NIGHTS
let report: string
let again: string

/** Somebody else's mail server: the demo must not send anything there. */
const env = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'county@ganyuan.example.com' }

async function runDemo(): Promise<string> {
  const { ended, output } = runProgram('scripts/demo.ts', ['--once'], { cwd, env })
  expect(await ended, output.stderr).toBe(0)
  return output.stdout
}

beforeAll(async () => {
  report = await runDemo()
  again = await runDemo()
}, 600_000)
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

/** The figures of a line, by the word that it begins with. */
const figures = (word: string) =>
  report
    .split('\n')
    .find((line) => line.startsWith(word))
    ?.slice(word.length)
    .match(/[\d,.]+/g)
    ?.map((figure) => Number(figure.replaceAll(',', ''))) ?? []

describe('the report', () => {
  it('has the county table out of the rows', () => {
    expect(figures('晚熟柑桔')[0]).toBe(200_000)
    expect(figures('蚕桑')[0]).toBe(30_000)
    expect(figures('稻渔综合种养')[0]).toBe(15_000)
    expect(figures('农业园区')[0]).toBe(45_000)
    expect(figures('合计').slice(0, 5)).toEqual([290_000, 32_000, 5000, 37_000, 12.76])
    const years = ['1 年', '2 年', '3 年', '4 年', '5 年', '6 年'].map((word) => figures(word)[0])
    expect(years.reduce((sum = 0, mu = 0) => sum + Math.round(mu * 100), 0)).toBe(3_200_000)
    for (const [at, mu = 0] of years.entries()) {
      expect(mu).toBeGreaterThan(0)
      if (at > 0) expect(mu).toBeLessThan(years[at - 1] ?? 0)
    }
  })

  it('lists the ten most urgent contracts', () => {
    expect(report.match(/^ ?\d+\. \[红 \d+\]/gm)).toHaveLength(10)
  })

  it('has three nights: a baseline, then changes, and a relapse on the third', () => {
    const [scored, changed, opened, relapsed, queued, failed] = [0, 1, 2, 3, 4, 5]
    const nights = [FIRST, SECOND, THIRD].map(figures)
    expect(nights.map((night) => night[scored])).toEqual([2400, 2400, 2400])
    expect(nights.map((night) => night[failed])).toEqual([0, 0, 0])
    expect(nights.map((night) => night[queued])).toEqual([25, 25, 25])
    expect(nights.map((night) => night[relapsed])).toEqual([0, 0, 1])
    expect(nights[0]?.[changed]).toBe(0)
    expect(nights[0]?.[opened]).toBeGreaterThan(100)
    for (const night of nights.slice(1)) {
      expect(night[changed]).toBeGreaterThan(0)
      expect(night[opened]).toBeGreaterThan(0)
    }
  })

  it('has cases in every state, settled ones by payment and by agreement', () => {
    const counts = ['未化解', '化解中', '已化解', '反弹'].map((state) => figures(state)[0] ?? 0)
    for (const count of counts) expect(count).toBeGreaterThan(0)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(figures('风险台账 共')[0])
    for (const kind of ['反弹', '化解中', '已化解(付清)', '已化解(协议)', '未化解(建议化解)'])
      expect(report).toMatch(new RegExp(`^FX2021-\\d{4} .* ${kind.replace(/[()]/g, '\\$&')} `, 'm'))
  })

  it('shows what the county was told and where all mails lie', () => {
    expect(report).toMatch(/主题 \[柑源县\] 2021-10-31 欠租风险:新增红橙 \d/)
    expect(report).toContain(`全部邮件 75 封(.eml,含附件):${outbox}`)
  })

  it('says where the exported ledgers and the workbooks that were taken in lie', async () => {
    const folder = join(cwd, 'var/demo/exports')
    expect(report).toContain(`以上导出的台账和月报:${folder}`)
    const names = readdirSync(folder)
    expect(names).toHaveLength(7)
    for (const name of names) expect(report).toContain(`  ${name}(`)
    const arrears = names.find((name) => name.startsWith('欠租台账')) ?? ''
    const { sheets } = await readXlsx(readFileSync(join(folder, arrears)))
    expect(sheets[0]?.rows.length).toBeGreaterThan(200)
    const [, handedIn = ''] = /已导入的工作簿:(.+)/.exec(report) ?? []
    expect(readdirSync(handedIn).length).toBeGreaterThan(20)
  })

  it('says that its tables are of the morning, and its mail of the night before', () => {
    expect(report).toContain(`截至 ${THIRD} 09:00(夜间研判之后又有登记`)
    expect(report).toContain(`第三夜 ${THIRD} 02:00 发给`)
  })

  it('stands in a terminal of 100 columns, and breaks no figure', () => {
    const width = (line: string) => Array.from(line).reduce((n, c) => n + (c > '⺀' ? 2 : 1), 0)
    const isPath = (line: string) => line.includes(cwd) || line.includes('已导入的工作簿:')
    const lines = report.split('\n').filter((line) => !isPath(line))
    expect(lines.filter((line) => width(line) > 100)).toEqual([])
    expect(lines.filter((line) => /\d[,.]$/.test(line))).toEqual([])
  })

  it('is the same the second time, without loading', () => {
    expect(report).toContain('载入 loading')
    expect(again).not.toContain('loading')
    const from = (output: string) => output.slice(output.indexOf('全县流转土地欠租情况'))
    expect(from(again)).toBe(from(report))
  })
})

describe('one line and an exit code', () => {
  async function refused(args: string[], over = {}) {
    const { ended, output } = runProgram('scripts/demo.ts', args, { cwd, env: { ...env, ...over } })
    expect(await ended).toBe(1)
    expect(output.stderr).toMatch(/^[^\n]+\n$/)
    return output
  }

  it('refuse an option that it does not know, before anything is done', async () => {
    const { stdout, stderr } = await refused(['--nonsense'])
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^不认识 --nonsense,只有 --once · unknown/)
  })

  it('tell of a port that is taken, and of a wrong setting', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const PORT = String((taken.address() as AddressInfo).port)
    const { stderr } = await refused([], { PORT })
    taken.close()
    expect(stderr).toMatch(new RegExp(`^HOST, PORT: 地址和端口已被占用 · .*${PORT}\n$`))
    expect((await refused([], { PORT: 'none' })).stderr).toMatch(/^PORT: /)
  })
})

describe('the mails', () => {
  it('are there for everybody, every night, as files', () => {
    const names = readdirSync(outbox).map((name) => name.replace(/-[0-9a-f]{8}\.eml$/, ''))
    const emails = demoRecipients(tables.regions).map(({ email }) => email)
    const expected = DEMO_NIGHTS.flatMap((night) => emails.map((email) => `${night}-${email}`))
    expect(names.sort()).toEqual(expected.sort())
  })

  it('of the third night can be read, with their worklists', async () => {
    const mails = await readMails(THIRD)
    expect(mails).toHaveLength(25)
    for (const mail of mails) {
      expect(mail.subject).toMatch(/^\[柑源县(·.+)?\] 2021-10-31 欠租风险:/)
      expect(mail.text).toContain('内部研判等级')
      expect(mail.html).toMatch(/^<!DOCTYPE html>[\s\S]*欠租风险夜报/)
      expect(mail.attachments).toHaveLength(1)
      const [workbook] = mail.attachments
      const { sheets } = await readXlsx(workbook?.content ?? Buffer.of())
      expect(sheets.map(({ name }) => name)).toEqual(['工作清单', '说明'])
      expect(sheets[0]?.rows.some((row) => row.includes('欠租金额(元)'))).toBe(true)
    }
  })

  it('name no farmer, representative, phone, code or private operator', async () => {
    const mails = (await Promise.all(DEMO_NIGHTS.map(readMails))).flat()
    const texts = textsOf(mails)
    expect(leaked(texts, ['2012-0027', '分管副县长'])).toHaveLength(2)
    for (const [kind, secrets] of Object.entries(personalData(tables)))
      expect(leaked(texts, secrets), kind).toEqual([])
  })
})

function readMails(night: string) {
  const files = readdirSync(outbox).filter((name) => name.startsWith(night))
  return Promise.all(files.map((name) => simpleParser(readFileSync(join(outbox, name)))))
}
