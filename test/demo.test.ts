import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runProgram } from './support/run-program.ts'

const cwd = mkdtempSync(join(tmpdir(), 'land-rent-demo-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

/** The figures of a line, by the word that it begins with. */
const figures = (output: string, word: string) =>
  output
    .split('\n')
    .find((line) => line.startsWith(word))
    ?.match(/[\d,.]+/g)

it('prints the county report out of the rows, and the second time without loading', async () => {
  const first = runProgram('scripts/demo.ts', ['--once'], { cwd })
  expect(await first.ended, first.output.stderr).toBe(0)
  const { stdout } = first.output
  expect(figures(stdout, '晚熟柑桔')?.[0]).toBe('200,000.00')
  expect(figures(stdout, '蚕桑')?.[0]).toBe('30,000.00')
  expect(figures(stdout, '稻渔综合种养')?.[0]).toBe('15,000.00')
  expect(figures(stdout, '农业园区')?.[0]).toBe('45,000.00')
  expect(figures(stdout, '合计')?.slice(0, 5)).toEqual([
    '290,000.00',
    '32,000.00',
    '5,000.00',
    '37,000.00',
    '12.76',
  ])
  const years = ['1 年', '2 年', '3 年', '4 年', '5 年', '6 年'].map((word) =>
    Number(figures(stdout, word)?.[1]?.replace(',', '')),
  )
  expect(years.reduce((sum, mu) => sum + Math.round(mu * 100), 0)).toBe(3_200_000)
  expect(years.every((mu, at) => mu > 0 && (at === 0 || mu < (years[at - 1] ?? 0)))).toBe(true)
  expect(stdout.match(/^ ?\d+\. \[红 \d+\]/gm)).toHaveLength(10)
  expect(stdout).toContain('合同 2400  已研判 2400  变化 0  失败 0')

  const second = runProgram('scripts/demo.ts', ['--once'], { cwd })
  expect(await second.ended).toBe(0)
  expect(second.output.stdout).not.toContain('loading')
  expect(figures(second.output.stdout, '合计')).toEqual(figures(stdout, '合计'))
})
