import { z } from 'zod'
import { refuseRegion } from '../access/bounds.ts'
import { Refusal } from '../errors.ts'
import { day, regionCode, text } from '../platform/http/fields.ts'
import { putRegion } from '../regions/put-region.ts'
import type { RegionRecord } from './import-row.ts'
import { fitting, guess, type RowWork, refuseSecondWord, tellCorrected } from './row-work.ts'

const body = z.object({
  code: regionCode,
  name: text(100),
  secondRoundExpiresOn: day.optional(),
})

const noCode = new Refusal(
  'malformed',
  'malformed',
  {
    zh: '区划代码应为 6 位(县)、9 位(乡镇)或 12 位(村)数字',
    en: 'a region code has 6 digits (county), 9 (township) or 12 (village)',
  },
  'code',
)

/** A row of a list of townships and villages: names them, or names them anew. */
export async function recordRegion(work: RowWork<RegionRecord>): Promise<object> {
  const { tx, caller, known, countyCode } = work
  const code = shortCode(work)
  if (!regionCode.safeParse(code).success) throw noCode
  const { name, secondRoundExpiresOn } = fitting(body, { ...work.record, code })
  refuseRegion(caller, code, 'code')
  const before = known.regions.get(code)
  const expiresOn = secondRoundExpiresOn ?? before?.secondRoundExpiresOn ?? null
  const same = before?.name === name && before.secondRoundExpiresOn === expiresOn
  refuseSecondWord(work, code, same, 'code')
  work.remember.push(() => known.claims.set(code, work.fingerprint))
  const said = { code, name, ...(expiresOn !== null && { secondRoundExpiresOn: expiresOn }) }
  if (same || work.seenBefore) return said
  const put = { name, secondRoundExpiresOn: expiresOn ?? undefined }
  const { row } = await putRegion(tx, caller, code, put, countyCode)
  if (before) tellCorrected(work, { name: before.name }, { name })
  work.facts.push({ kind: 'regions', id: row.id, version: row.version })
  const oldNames = [...(before?.oldNames ?? []), ...(before ? [before.name] : [])]
  work.remember.push(() =>
    known.regions.put({ ...row, oldNames: oldNames.filter((oldName) => oldName !== name) }),
  )
  return said
}

/** Statistics write every code with 12 digits: 000 at the end says that it is of a higher level. */
function shortCode(work: RowWork<RegionRecord>): string {
  const { code } = work.record
  const short = /^\d{12}$/.test(code) ? code.replace(/^(\d{6}|\d{9})(000)+$/, '$1') : code
  if (short !== code) guess(work, 'code', code, short)
  return short
}
