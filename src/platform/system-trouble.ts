const FULL =
  /^(SQLITE_(FULL|IOERR|IOERR_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHM\w+))|ENOSPC|EDQUOT|EFBIG)$/
const REFUSED = /^(SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|BUSY|PERM)\w*|E[A-Z0-9]+)$/

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
      return { isFull: true, message: `no space left, or the disk cannot be written (${code})` }
    // What the file system refuses names its code itself; a socket's error names an address.
    if (REFUSED.test(code))
      return { isFull: false, message: message.includes(code) ? message : `${message} (${code})` }
  }
  return undefined
}
