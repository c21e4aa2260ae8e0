import type { Caller } from '../access/caller.ts'
import type { Warning } from '../errors.ts'
import type { Writer } from '../platform/database/database.ts'
import { findRegion, lastOfRegion, type RegionRow } from './region-store.ts'

export interface RegionBody {
  name: string
  secondRoundExpiresOn?: string | undefined
}

/**
 * Names a region, or names it anew; one that was withdrawn is back with it. Warns of an unknown
 * parent and of another county's code.
 */
export async function putRegion(
  tx: Writer,
  caller: Caller,
  code: string,
  body: RegionBody,
  countyCode: string,
): Promise<{ row: RegionRow; warnings: Warning[] }> {
  const before = await lastOfRegion(tx, code)
  const row = {
    id: code,
    version: (before?.version ?? 0) + 1,
    name: body.name,
    secondRoundExpiresOn: body.secondRoundExpiresOn ?? null,
    withdrawn: false,
    changeReason: null,
    recordedAt: tx.recordedAt,
    recordedBy: caller.label,
  }
  await tx.insert(tx.tables.regions).values(row)
  const orphan = code.length > 6 && !(await findRegion(tx, code.slice(0, -3)))
  return {
    row,
    warnings: [
      ...(orphan ? [parentUnknown] : []),
      ...(code.startsWith(countyCode) ? [] : [outsideCounty]),
    ],
  }
}

const parentUnknown: Warning = {
  code: 'parent-unknown',
  field: 'code',
  message: { zh: '上级区划尚未登记', en: 'the parent region is not recorded yet' },
}
const outsideCounty: Warning = {
  code: 'outside-county',
  field: 'code',
  message: { zh: '代码不属于本县', en: 'the code is not of this county' },
}
