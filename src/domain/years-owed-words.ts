/**
 * What reports call a number of years owed, as `byUnpaidYears` counts them: 0 is a part of a year,
 * the class 部分 and no other, 7 is more than six.
 *
 * Units: whole years owed. Source: domain.md, `byUnpaidYears`; field.md, 全额/部分.
 * @example yearsOwedWords(7) // '超过 6 年'
 */
export function yearsOwedWords(years: number): string {
  if (years === 0) return '部分欠租'
  return years > 6 ? '超过 6 年' : `${years} 年`
}

/** What the two classes of arrears mean, as the notes below reports say it. */
export const ARREARS_CLASS_NOTE = '全额:欠租折合满 1 年及以上;部分:欠租折合不足 1 年'
