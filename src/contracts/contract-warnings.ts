import { checkWords } from '../domain/contract-checks.ts'
import type { Warning } from '../errors.ts'
import type { FactRow } from '../facts/fact-kind.ts'
import type { Reader } from '../platform/database/database.ts'
import { findRegion, type RegionRow } from '../regions/region-store.ts'

/** What looks wrong in a contract, or is missing as it is in real ledgers. Never a refusal. */
export async function contractWarnings(db: Reader, row: FactRow<'contracts'>): Promise<Warning[]> {
  const village = await findRegion(db, row.villageCode)
  const { lines } = row.rent
  const found: [boolean, Warning][] = [
    [
      row.contractNo === null,
      warning('contract-no-missing', 'contractNo', '没有合同编号', 'no contract number'),
    ],
    [
      !village,
      warning('village-unknown', 'villageCode', '该村尚未登记', 'the village is not recorded yet'),
    ],
    [row.areaHundredths === 0, warning('area-zero', 'rent.lines', '面积为 0', 'the area is 0')],
    [
      lines.every((line) => !line.fenPerMu && !line.jinPerMu),
      warning('rent-missing', 'rent.lines', '租金为零或未填写', 'the rent is zero or not given'),
    ],
    [
      lines.some((line) => isGrain(line) && line.grain === undefined),
      warning(
        'grain-missing',
        'rent.lines',
        '实物租金未写明粮食品种',
        'a grain rent without its grain',
      ),
    ],
    [
      row.lessorKind === 'village_collective' && row.households === null,
      {
        code: 'households-missing',
        field: 'lessor.households',
        message: checkWords('households-missing'),
      },
    ],
    [
      row.signedOn !== null && row.signedOn > row.startOn,
      warning('signed-after-start', 'signedOn', '签订日晚于起始日', 'signed after the start'),
    ],
  ]
  return [
    ...found.flatMap(([applies, it]) => (applies ? [it] : [])),
    ...secondRoundWarnings(village, row.endOn),
  ]
}

/** Warns of a term that runs past the end of the village's second contracting round. */
export function secondRoundWarnings(village: RegionRow | undefined, endOn: string): Warning[] {
  const expiresOn = village?.secondRoundExpiresOn
  if (!expiresOn || endOn <= expiresOn) return []
  const zh = `流转期限超过该村二轮承包到期日 ${expiresOn}`
  const en = `the term runs past the village's second-round expiry on ${expiresOn}`
  return [warning('term-past-second-round', 'endOn', zh, en)]
}

const isGrain = (line: { basis?: string | undefined; jinPerMu?: number | undefined }) =>
  line.basis === 'grain' || (line.basis === undefined && line.jinPerMu !== undefined)

const warning = (code: string, field: string, zh: string, en: string): Warning => ({
  code,
  field,
  message: { zh, en },
})
