import fc from 'fast-check'
import { rentBody } from '../../src/contracts/contract.ts'
import type { Rent } from '../../src/domain/contract-terms.ts'
import { text } from '../../src/platform/http/fields.ts'
import { anyDay } from './arbitrary-terms.ts'

/** What people type that could be taken for the words around it. */
const TRAPS = [
  ...['无', '/', '-', '按年', '另记', '600元', '600元/亩', '400斤/亩 小麦', '中晚籼稻', '黄谷'],
  ...['“', '”', '””', '“小麦”', ';', '。', '(', ')', ')。2021-10-01起', '租金未约定', '２０ 斤'],
  ...["'=1", '=1+1', 'a  b', '按年,满年付', '每3年递增5%', '期限至2030-12-31', '农户', '村集体“”'],
]

/** Any text that the service takes. */
export const anyText = (max: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.constantFrom(...TRAPS),
      fc.array(fc.constantFrom(...TRAPS), { maxLength: 4 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: max }),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    )
    .map((written) => text(max).safeParse(written).data)
    .filter((written) => written !== undefined)

const twoDecimals = (max: number) =>
  fc
    .oneof(fc.integer({ min: 0, max: max * 100 }), fc.integer({ min: 0, max: 100_000 }))
    .map((n) => Math.min(n, max * 100) / 100)

const line = fc.record(
  {
    land: fc.constantFrom('paddy', 'dry', 'all'),
    areaMu: twoDecimals(1_000_000),
    basis: fc.constantFrom('cash', 'grain'),
    fenPerMu: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000_000 })),
    jinPerMu: twoDecimals(100_000),
    grain: fc.oneof(fc.constantFrom('mid_late_indica', 'wheat'), anyText(50)),
  },
  { requiredKeys: ['areaMu'] },
)

/** Every rent clause that the service takes, as it keeps it. */
export const anyClause: fc.Arbitrary<Rent> = fc
  .record(
    {
      lines: fc.array(line, { minLength: 1, maxLength: 4 }),
      escalation: fc.record({
        everyYears: fc.integer({ min: 1, max: 100 }),
        percent: twoDecimals(1000),
      }),
      frequency: fc.constantFrom('annual', 'semiannual', 'quarterly', 'monthly', 'once'),
      firstDueOn: anyDay,
    },
    { requiredKeys: ['lines'] },
  )
  .map((rent) => rentBody.parse(rent))
