import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LEDGER_NAMES } from '../../src/exports/ledger-file.ts'
import type { DemoApi } from './demo-api.ts'

const PATHS = [...LEDGER_NAMES.map((name) => `${name}.xlsx`), 'monthly-brief.docx']

/** Writes what the county hands on to a folder, and says where it and what was handed in lie. */
export async function writeExports(
  print: (line?: string) => void,
  { file }: Pick<DemoApi, 'file'>,
  folder: string,
  handedIn: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  print()
  print('可打开的表格')
  for (const path of PATHS) {
    const { name, content } = await file(`/exports/${path}`)
    writeFileSync(join(folder, name), content)
    print(`  ${name}(${Math.ceil(content.length / 1024)} KB)`)
  }
  print(`  以上导出的台账和月报:${resolve(folder)}`)
  print(`  各乡镇交来、已导入的工作簿:${handedIn}`)
}
