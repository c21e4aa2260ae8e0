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
    throw new WrongSetting(
      `DATABASE_URL: ${databasePath} ${error.message};请用备份恢复 · restore a backup`,
    )
  }
  print('文件完好 · the file is sound')
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
    if (!run)
      print('还没有完成过夜间研判,没有分值可比 · no night has been completed: no scores to compare')
    else if (!isSettled(run))
      print(
        `${run.asOf} 的研判尚未完成,分值不比对 · that night is not completed: scores not compared`,
      )
    print(
      `已重新计算${run ? ` ${run.asOf}` : ''} · computed anew: 合同 contracts ${contracts}, ` +
        `期次 instalments ${instalments}, 案件 cases ${cases}, ${seconds.toFixed(1)} s ` +
        `(${Math.round(contracts / seconds)} 份 contracts/s)`,
    )
    print(`差异 · differences: ${differences}`)
    if (differences > 0) process.exitCode = 1
  } finally {
    snapshot.close()
  }
}

const ABOUT = { contract: '合同 contract', case: '案件 case' }

const lineOf = ({ about, id, field, stored, computed }: Difference) =>
  `${ABOUT[about]} ${id}  ${field}  存储 stored ${shown(stored)}  应为 computed ${shown(computed)}`

const shown = (value: unknown) =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')
