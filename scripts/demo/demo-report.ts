import type { LandUse } from '../../src/domain/contract-terms.ts'
import type { SummaryFigures } from '../../src/domain/county-summary.ts'
import { wan } from '../../src/domain/fen.ts'
import { LAND_USE_NAMES } from '../../src/domain/land-use-names.ts'
import { LEVEL_NAMES, LEVELS, type Level } from '../../src/domain/levels.ts'
import { yearsOwedWords } from '../../src/domain/years-owed-words.ts'
import type { Run } from '../../src/risk/risk-store.ts'
import { textTable, wrapped } from './text-table.ts'

type Print = (line?: string) => void

const REPORT_ORDER: LandUse[] = ['late_citrus', 'sericulture', 'rice_fish', 'agri_park', 'other']
const PLACES = { minimumFractionDigits: 2, maximumFractionDigits: 2 }
const mu = (areaMu: number) => areaMu.toLocaleString('en-US', PLACES)
const money = (fen: number) => Number(wan(fen)).toLocaleString('en-US', PLACES)

interface SummaryReply extends SummaryFigures {
  asOf: string
  groups: ({ key: LandUse } & SummaryFigures)[]
  staleTownships: string[]
}

/** The county report's tables, as they stand at the instant `at`. */
export function printCounty(print: Print, summary: SummaryReply, at: string): void {
  const row = (name: string, figures: SummaryFigures) => [
    name,
    mu(figures.areaMu),
    mu(figures.yearsAreaMu),
    mu(figures.partialAreaMu),
    mu(figures.problemAreaMu),
    `${figures.problemSharePercent.toFixed(2)} %`,
    money(figures.arrearsFen),
    figures.households.toLocaleString('en-US'),
  ]
  print()
  print(`全县流转土地欠租情况 截至 ${at}  单位:亩、万元、户次`)
  const groups = [...summary.groups].sort(
    (a, b) => REPORT_ORDER.indexOf(a.key) - REPORT_ORDER.indexOf(b.key),
  )
  const table = [
    ['产业', '流转面积', '全额欠租', '部分欠租', '欠租面积', '占比', '欠租金额', '涉及户数'],
    ...groups.map((group) => row(LAND_USE_NAMES[group.key], group)),
    row('合计', summary),
  ]
  textTable(table).forEach(print)
  print()
  print('按欠租年数(折合满年数;部分欠租为折合不足 1 年)')
  const years = summary.byUnpaidYears.map(({ years, areaMu, contracts }) => [
    yearsOwedWords(years),
    mu(areaMu),
    String(contracts),
  ])
  textTable([['欠租年数', '面积(亩)', '合同(份)'], ...years]).forEach(print)
  const ended = summary.endedInArrears
  print()
  const beside =
    `另有已终止、到期合同欠租 ${ended.contracts} 份,${mu(ended.areaMu)} 亩,${money(ended.arrearsFen)} 万元;` +
    `粮价缺失未计租合同 ${summary.unpricedContracts} 份;逾期认定补助可覆盖 ${money(summary.coverageFen)} 万元`
  wrapped(beside, '  ').forEach(print)
}

interface WorklistReply {
  items: {
    contractNo: string | null
    operatorName: string
    villageCode: string
    landUse: LandUse
    areaMu: number
    households: number
    score: number
    level: Level
    arrearsFen: number
    reasons: string[]
  }[]
}

/** The most urgent contracts, each with the facts that put it there. */
export function printWorklist(print: Print, worklist: WorklistReply): void {
  print()
  print('最紧迫的合同(内部研判等级)')
  worklist.items.forEach((item, at) => {
    const no = item.contractNo ?? '无编号'
    const place = `${String(at + 1).padStart(2)}. [${LEVEL_NAMES[item.level]} ${item.score}]`
    print(`${place} ${item.operatorName}  合同 ${no}  欠租 ${money(item.arrearsFen)} 万元`)
    const use = LAND_USE_NAMES[item.landUse]
    print(`      村 ${item.villageCode}  ${use} ${mu(item.areaMu)} 亩  ${item.households} 户`)
    for (const reason of item.reasons) wrapped(`      · ${reason}`, '        ').forEach(print)
  })
}

/** What each night did, and how long it took. */
export function printRuns(print: Print, runs: readonly Run[]): void {
  const rows = runs.map(({ asOf, counts, failures, startedAt, finishedAt }) => [
    asOf,
    ...[counts.scored, counts.changed, counts.casesOpened, counts.casesRelapsed].map(String),
    String(counts.alertsQueued),
    String(failures.length),
    LEVELS.map((level) => counts.byLevel[level]).join('/'),
    ((Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000).toFixed(1),
  ])
  const levels = LEVELS.map((level) => LEVEL_NAMES[level]).join('/')
  print()
  print(`夜间研判 规则 ${runs.at(-1)?.policy}`)
  const counted = ['研判合同', '变化', '新立风险', '反弹', '邮件', '失败']
  textTable([['日期', ...counted, levels, '秒'], ...rows]).forEach(print)
}
