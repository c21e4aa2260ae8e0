import type { BriefCase, BriefColumn, BriefGroup, BriefPart, BriefSubsidy } from './brief-parts.ts'
import type { SummaryFigures } from './county-summary.ts'
import { wan } from './fen.ts'
import { LEVEL_NAMES } from './levels.ts'
import { yearsOwedWords } from './years-owed-words.ts'

/** An area in mu as reports print it: two decimals, thousands apart. */
export const mu = (area: number): string => area.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',')

/**
 * The county report's table, one line a group.
 *
 * Units: mu, percent with two decimals, 万元. Source: product.md, the county's own report.
 * @example countyTable('表 1', '产业', total, groups, ({ key }) => key).kind // 'table'
 */
export function countyTable(
  caption: string,
  first: string,
  total: SummaryFigures,
  groups: readonly BriefGroup[],
  nameOf: (group: BriefGroup) => string,
): BriefPart {
  const cells = (name: string, figures: SummaryFigures) => [
    name,
    mu(figures.areaMu),
    mu(figures.yearsAreaMu),
    mu(figures.partialAreaMu),
    mu(figures.problemAreaMu),
    figures.problemSharePercent.toFixed(2),
    wan(figures.arrearsFen),
    String(figures.households),
  ]
  const right = (heading: string, percent: number): BriefColumn => ({
    heading,
    percent,
    align: 'right',
  })
  return {
    kind: 'table',
    caption,
    columns: [
      { heading: first, percent: 17, align: 'left' },
      right('流转面积(亩)', 14),
      right('全额欠租(亩)', 13),
      right('部分欠租(亩)', 13),
      right('问题面积(亩)', 13),
      right('占比(%)', 9),
      right('欠租(万元)', 12),
      right('户次', 9),
    ],
    rows: groups.map((group) => cells(nameOf(group), group)),
    total: cells('合计', total),
  }
}

/**
 * Area and contracts by whole years owed.
 *
 * Units: mu. Source: domain.md, `byUnpaidYears`.
 * @example yearsTable(total).kind // 'table'
 */
export function yearsTable({ byUnpaidYears }: SummaryFigures): BriefPart {
  return {
    kind: 'table',
    caption: '表 2 按欠租年数',
    columns: [
      { heading: '欠租年数', percent: 34, align: 'left' },
      { heading: '面积(亩)', percent: 33, align: 'right' },
      { heading: '合同(份)', percent: 33, align: 'right' },
    ],
    rows: byUnpaidYears.map(({ years, areaMu, contracts }) => [
      yearsOwedWords(years),
      mu(areaMu),
      String(contracts),
    ]),
  }
}

/**
 * The most urgent cases.
 *
 * Units: 万元. Source: domain.md, Cases.
 * @example caseTable([]).kind // 'table'
 */
export function caseTable(cases: readonly BriefCase[]): BriefPart {
  return {
    kind: 'table',
    caption: '表 4 最紧迫的案件',
    columns: [
      { heading: '编号', percent: 15, align: 'left' },
      { heading: '业主', percent: 23, align: 'left' },
      { heading: '乡镇', percent: 11, align: 'left' },
      { heading: '等级', percent: 7, align: 'center' },
      { heading: '欠租(万元)', percent: 11, align: 'right' },
      { heading: '户数', percent: 7, align: 'right' },
      { heading: '责任单位', percent: 13, align: 'left' },
      { heading: '时限', percent: 13, align: 'center' },
    ],
    rows: cases.map((one) => [
      one.number,
      one.operator,
      one.township,
      LEVEL_NAMES[one.level],
      wan(one.arrearsFen),
      String(one.households),
      one.responsibleUnit ?? '未定',
      one.deadlineOn ?? '未定',
    ]),
  }
}

/**
 * The recognised subsidies that are late longest.
 *
 * Units: 万元, days. Source: domain.md, Two clocks.
 * @example subsidyTable([]).kind // 'table'
 */
export function subsidyTable(longest: readonly BriefSubsidy[]): BriefPart {
  return {
    kind: 'table',
    caption: `表 5 逾期最久的 ${longest.length} 笔(认定应付)`,
    columns: [
      { heading: '业主', percent: 23, align: 'left' },
      { heading: '项目', percent: 24, align: 'left' },
      { heading: '年度', percent: 7, align: 'center' },
      { heading: '未兑付(万元)', percent: 12, align: 'right' },
      { heading: '应付日', percent: 13, align: 'center' },
      { heading: '逾期天数', percent: 8, align: 'right' },
      { heading: '责任单位', percent: 13, align: 'left' },
    ],
    rows: longest.map((one) => [
      one.operator,
      one.programme,
      String(one.year),
      wan(one.outstandingFen),
      one.payableOn,
      String(one.delayDays),
      one.responsibleUnit ?? '',
    ]),
  }
}
