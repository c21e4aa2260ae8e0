import { execFileSync } from 'node:child_process'
import { constants, copyFileSync, existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { addDays } from '../../src/domain/calendar-day.ts'
import { AS_OF, countyFile, FOLDER, NOW, TIME_ZONE } from './bench-county.ts'
import { generateCounty } from './generate-county.ts'
import { measureRequests } from './measure-requests.ts'
import { requestsReport } from './requests-report.ts'

const NIGHT = fileURLToPath(new URL('./night-program.mjs', import.meta.url))

/** How fast requests are answered; false: one of them was refused or failed. */
export async function benchRequests(
  contracts: number,
  print: (line: string) => void,
): Promise<boolean> {
  const county = countyFile(contracts)
  if (!existsSync(county)) {
    print(`generating a county of ${contracts} contracts: ${county}`)
    await generateCounty(county, contracts)
  }
  const copy = `${FOLDER}/requests-${contracts}.db`
  for (const suffix of ['', '-wal', '-shm', '.key']) rmSync(copy + suffix, { force: true })
  copyFileSync(county, copy, constants.COPYFILE_FICLONE)
  print('running two nights')
  // A risk is told with what has changed since the night before.
  for (const day of [addDays(AS_OF, -1), AS_OF])
    execFileSync(process.execPath, [NIGHT, copy, day, NOW, TIME_ZONE], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  print('measuring requests')
  const measured = await measureRequests(copy)
  for (const line of requestsReport(contracts, measured)) print(line)
  const failed = measured.requests.filter(({ service, bare }) => service.failed + bare.failed > 0)
  if (failed.length > 0) print(`failed: ${failed.map(({ name }) => name).join()}`)
  return failed.length === 0
}
