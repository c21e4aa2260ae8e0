import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { addDays } from '../../src/domain/calendar-day.ts'
import { AS_OF, FOLDER, NOW, TIME_ZONE } from './bench-county.ts'
import { copiedCounty } from './copied-county.ts'
import { measureRequests } from './measure-requests.ts'
import { requestsReport } from './requests-report.ts'

const NIGHT = fileURLToPath(new URL('./night-program.mjs', import.meta.url))

/** How fast requests are answered; false: one of them was refused or failed. */
export async function benchRequests(
  contracts: number,
  print: (line: string) => void,
): Promise<boolean> {
  const copy = `${FOLDER}/requests-${contracts}.db`
  await copiedCounty(contracts, print, copy)
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
