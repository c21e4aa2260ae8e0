const FULL =
  /^(SQLITE_(FULL|IOERR|IOERR_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHM\w+))|ENOSPC|EDQUOT|EFBIG)$/
const REFUSED = /^(SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|BUSY|PERM)\w*|E[A-Z0-9]+)$/

/** What the commonest of these mean; of others the English message tells. */
const IN_CHINESE: Record<string, string> = {
  EADDRINUSE: '地址和端口已被占用',
  EADDRNOTAVAIL: '本机没有这个地址',
  EACCES: '没有权限',
  EPERM: '没有权限',
  EROFS: '只读,不能写入',
  ENOENT: '没有这个文件或文件夹',
  ENOTDIR: '路径中有一段不是文件夹',
  EEXIST: '已经存在',
  SQLITE_BUSY: '数据库正被其他程序占用',
  SQLITE_READONLY: '数据库只读,不能写入',
  SQLITE_CANTOPEN: '数据库打不开',
  SQLITE_CORRUPT: '数据库已损坏',
}

/** What the system has refused, in one line. `isFull`: nothing more can be written. */
export interface SystemTrouble {
  isFull: boolean
  message: string
}

/** Whether the system stands behind an error: its disk, its files. Undefined for a bug. */
export function systemTrouble(error: unknown): SystemTrouble | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code, message } = one as NodeJS.ErrnoException
    if (typeof code !== 'string') continue
    if (FULL.test(code))
      return {
        isFull: true,
        message: `磁盘已满或无法写入 · no space left, or the disk cannot be written (${code})`,
      }
    // What the file system refuses names its code itself; a socket's error names an address.
    if (REFUSED.test(code))
      return { isFull: false, message: `${chineseOf(code)} · ${withCode(message, code)}` }
  }
  return undefined
}

const chineseOf = (code: string) =>
  IN_CHINESE[code] ?? IN_CHINESE[code.replace(/^(SQLITE_[A-Z]+)_.*/, '$1')] ?? '系统拒绝'

const withCode = (message: string, code: string) =>
  message.includes(code) ? message : `${message} (${code})`
