import { WrongSetting } from '../config.ts'
import { openSnapshot } from '../platform/database/open-sqlite.ts'
import { refuseDamaged } from '../platform/database/restore-sqlite.ts'
import { WrongFile } from '../platform/database/wrong-file.ts'
import type { Difference } from './difference.ts'
import { print, type Verb } from './verb.ts'
import { verifyCounty } from './verify-county.ts'
import { isSettled } from './verify-risks.ts'

/** Computes what is stored anew from the facts of one moment; ends with 1 when anything differs. */
export const verify: Verb = async ({ clock }, _flags, _rest, { databasePath }) => {
  try {
    refuseDamaged(databasePath)
  } catch (error) {
    if (!(error instanceof WrongFile)) throw error
    throw new WrongSetting(`DATABASE_URL: ${databasePath} ${error.message}; restore a backup`)
  }
  print('the file is sound')
  const snapshot = openSnapshot(databasePath)
  const startedAt = clock.now().getTime()
  let differences = 0
  const tell = (difference: Difference) => {
    differences += 1
    print(lineOf(difference))
  }
  try {
    const { run, contracts, instalments, cases } = await verifyCounty(snapshot.read, tell)
    const seconds = Math.max(clock.now().getTime() - startedAt, 1) / 1000
    if (!run) print('no night has been completed: there are no scores of one to compare')
    else if (!isSettled(run))
      print(`scores of ${run.asOf} not compared: an attempt at that night is not completed`)
    print(
      `computed anew${run ? ` as of ${run.asOf}` : ''}: ${contracts} contracts, ` +
        `${instalments} instalments, ${cases} cases in ${seconds.toFixed(1)} s ` +
        `(${Math.round(contracts / seconds)} contracts/s)`,
    )
    print(`differences: ${differences}`)
    if (differences > 0) process.exitCode = 1
  } finally {
    snapshot.close()
  }
}

const lineOf = ({ about, id, field, stored, computed }: Difference) =>
  `${about} ${id}  ${field}  stored ${shown(stored)}  computed ${shown(computed)}`

const shown = (value: unknown) =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')
