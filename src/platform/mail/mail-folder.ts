import { createHash } from 'node:crypto'
import { access, constants, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeEml } from './mail-transport.ts'
import { type Mail, type MailAddress, type Mailer, MailFailure } from './mailer.ts'

/** Writes messages to a folder, one file each; a message that is sent again is the same file. */
export function folderMailer(folder: string, from: MailAddress): Mailer {
  return {
    async send(mail) {
      const eml = await writeEml(mail, from)
      const name = fileNameOf(mail)
      const draft = join(folder, `.${name}.part`)
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(draft, eml, { flush: true })
        await rename(draft, join(folder, name))
      } catch (error) {
        throw new MailFailure('trouble', `unwritable-${(error as NodeJS.ErrnoException).code}`)
      }
    },
    async close() {},
  }
}

/** Throws the system's error when no message could be written to `folder`. */
export async function makeWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await access(folder, constants.W_OK | constants.X_OK)
}

/** As in '2025-03-03-zhang@example.cn-1f0c22ab.eml'; the hash keeps alike addresses apart. */
function fileNameOf({ asOf, to, messageId }: Mail): string {
  const safe = to.address.replaceAll(/[^A-Za-z0-9@._+-]/g, '_').slice(0, 80)
  const hash = createHash('sha256').update(`${messageId}\n${to.address}`).digest('hex')
  return `${asOf}-${safe}-${hash.slice(0, 8)}.eml`
}
