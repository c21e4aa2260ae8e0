import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { simpleParser } from 'mailparser'
import { NIGHT_AT } from './handed-in.ts'
import { wrapped } from './text-table.ts'

const LINES_SHOWN = 16

/** What the message of a night to an address says, and where all messages lie. */
export async function printMail(
  print: (line?: string) => void,
  folder: string,
  night: string,
  email: string,
): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'))
  const file = files.find((name) => name.startsWith(`${night}-${email}-`))
  if (file === undefined) throw new Error(`there is no message of ${night} to ${email}`)
  const { subject, text = '', attachments } = await simpleParser(readFileSync(join(folder, file)))
  const lines = text.trimEnd().split('\n')
  print()
  print(`第三夜 ${night} ${NIGHT_AT} 发给 ${email} 的邮件,所列为当时的情况`)
  for (const part of wrapped(`  主题 ${subject}`, '    ')) print(part)
  for (const line of lines.slice(0, LINES_SHOWN))
    for (const part of wrapped(`  | ${line}`, '  |   ')) print(part)
  if (lines.length > LINES_SHOWN) print(`  | …(共 ${lines.length} 行)`)
  for (const { filename, size } of attachments)
    print(`  附件 ${filename}(${Math.ceil(size / 1024)} KB)`)
  print(`  全部邮件 ${files.length} 封(.eml,含附件):${resolve(folder)}`)
}
