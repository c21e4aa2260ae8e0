import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { WrongCommand } from './verb.ts'

/** What a file holds that somebody named, or why it cannot be read, in one line. */
export function contentOfNamed(file: string): Buffer {
  refuseUnlessFile(file)
  return orSay(file, '不能读取 · cannot be read', () => readFileSync(file))
}

export function refuseUnlessFile(file: string): void {
  const found = orSay(file, '不能读取 · cannot be read', () =>
    statSync(file, { throwIfNoEntry: false }),
  )
  if (!found) throw new WrongCommand(`没有文件 · there is no file ${file}`)
  if (!found.isFile())
    throw new WrongCommand(
      `${file} 不是文件 · is no file${found.isDirectory() ? ' but a folder' : ''}`,
    )
}

/** Before anything is done whose outcome would have no place to go. */
export function refuseUnlessNew(file: string): void {
  const folder = dirname(file)
  orSay(file, '不能写入 · cannot be written', () => {
    if (statSync(file, { throwIfNoEntry: false }))
      throw new WrongCommand(`${file} 已存在,请另取文件名 · exists; name a new file`)
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new WrongCommand(`没有文件夹 · there is no folder ${folder}`)
    accessSync(folder, constants.W_OK)
  })
}

function orSay<T>(file: string, what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === undefined ? error : new WrongCommand(`${file} ${what} (${code})`)
  }
}
