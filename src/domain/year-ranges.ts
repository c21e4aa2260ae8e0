/**
 * Years as ledgers list them: runs of them by their ends.
 *
 * Units: calendar years, ascending and once each. Source: field.md, Columns (欠租年度).
 * @example yearRanges([2019, 2020, 2021, 2023]) // '2019—2021、2023'
 */
export function yearRanges(years: readonly number[]): string {
  const runs: [number, number][] = []
  for (const year of years) {
    const run = runs.at(-1)
    if (run && run[1] === year - 1) run[1] = year
    else runs.push([year, year])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}—${to}`)).join('、')
}
