import type { BriefFacts, BriefGroup, BriefPart } from './brief-parts.ts'
import { caseTable, countyTable, mu, subsidyTable, yearsTable } from './brief-tables.ts'
import { CASE_STATE_NAMES } from './case-sentence.ts'
import type { CaseState } from './case-stages.ts'
import type { LandUse } from './contract-terms.ts'
import type { SummaryFigures } from './county-summary.ts'
import { wan } from './fen.ts'
import { LAND_USE_NAMES } from './land-use-names.ts'
import { moneyWords } from './money-words.ts'
import { ARREARS_CLASS_NOTE } from './years-owed-words.ts'

/**
 * The monthly brief (土地流转欠租风险研判报告) of a county or a part of it, as parts to be laid out. Names in
 * the facts are printed as they come: whoever gathers them masks them.
 *
 * Units: mu with two decimals, 万元 with two decimals, percent with two decimals, days.
 * Source: the table of the county's report (product.md, domain.md); grades are internal
 * (研判等级), recognised and claimed subsidies never added, subsidies never netted against rent.
 * @example composeBrief(facts)[0] // { kind: 'heading', text: '一、总体情况' }
 */
export function composeBrief(facts: BriefFacts): BriefPart[] {
  return [
    ...overall(facts),
    ...townships(facts),
    ...urgentCases(facts),
    ...lateSubsidies(facts),
    ...remarks(facts),
  ]
}

function overall({ asOf, place, total, before, byLandUse }: BriefFacts): BriefPart[] {
  const { areaMu, problemAreaMu, problemSharePercent, yearsAreaMu, partialAreaMu } = total
  const sentences = [
    `截至 ${asOf},${place}在期流转土地 ${mu(areaMu)} 亩,存在欠租问题的 ${mu(problemAreaMu)} 亩,占 ` +
      `${problemSharePercent.toFixed(2)}%,其中全额欠租的 ${mu(yearsAreaMu)} 亩,` +
      `部分欠租的 ${mu(partialAreaMu)} 亩。`,
    `欠租金额 ${moneyWords(total.arrearsFen)},涉及 ${total.households} 户次。`,
    ...(before ? comparedWith(before, total) : []),
  ]
  const ended = total.endedInArrears
  if (ended.contracts > 0)
    sentences.push(
      `另有已到期或已终止仍欠租的合同 ${ended.contracts} 份,面积 ${mu(ended.areaMu)} 亩,` +
        `欠租 ${moneyWords(ended.arrearsFen)},未计入以上数字。`,
    )
  sentences.push(
    `逾期未兑付的认定应付补助可覆盖欠租 ${moneyWords(total.coverageFen)}` +
      `${ended.contracts > 0 ? '(含已到期或已终止合同的欠租)' : ''},只作对照,不抵扣租金。`,
  )
  return [
    { kind: 'heading', text: '一、总体情况' },
    { kind: 'paragraph', text: sentences.join('') },
    countyTable(
      '表 1 分产业情况',
      '产业',
      total,
      byLandUse,
      (group) => LAND_USE_NAMES[group.key as LandUse],
    ),
    yearsTable(total),
  ]
}

function comparedWith(before: NonNullable<BriefFacts['before']>, now: SummaryFigures): string[] {
  const area = changeOf(now.problemAreaMu, before.problemAreaMu, muWords)
  const arrears = changeOf(now.arrearsFen, before.arrearsFen, moneyWords)
  return [`与 ${before.asOf} 相比,问题面积${area},欠租金额${arrears}。`]
}

const muWords = (area: number) => `${mu(area)} 亩`

function changeOf(now: number, before: number, words: (amount: number) => string): string {
  if (now === before) return '持平'
  return now > before ? `增加 ${words(now - before)}` : `减少 ${words(before - now)}`
}

function townships({ byTownship, total }: BriefFacts): BriefPart[] {
  const owing = byTownship
    .filter(({ arrearsFen }) => arrearsFen > 0)
    .toSorted((a, b) => b.arrearsFen - a.arrearsFen || (a.key < b.key ? -1 : 1))
  const nameOf = ({ name, key }: BriefGroup) => name ?? key
  const heading: BriefPart = { kind: 'heading', text: '二、各乡镇情况' }
  if (owing.length === 0) return [heading, { kind: 'paragraph', text: '各乡镇均无欠租。' }]
  const [first] = owing
  const share = first && total.arrearsFen > 0 ? (first.arrearsFen * 100) / total.arrearsFen : 0
  return [
    heading,
    {
      kind: 'paragraph',
      text:
        `有欠租的乡镇 ${owing.length} 个,欠租最多的是${first ? nameOf(first) : ''},` +
        `${moneyWords(first?.arrearsFen ?? 0)},占 ${share.toFixed(2)}%。`,
    },
    {
      kind: 'bars',
      caption: '图 1 各乡镇欠租金额',
      unit: '万元',
      bars: owing.map((group) => ({
        name: nameOf(group),
        value: group.arrearsFen,
        label: wan(group.arrearsFen),
      })),
    },
    countyTable('表 3 分乡镇情况', '乡镇', total, byTownship, nameOf),
  ]
}

function urgentCases({ cases, caseStates }: BriefFacts): BriefPart[] {
  const counted = (Object.keys(caseStates) as CaseState[])
    .filter((state) => caseStates[state] > 0)
    .map((state) => `${CASE_STATE_NAMES[state]} ${caseStates[state]} 件`)
  const heading: BriefPart = { kind: 'heading', text: '三、最紧迫的风险' }
  if (counted.length === 0) return [heading, { kind: 'paragraph', text: '风险台账中没有案件。' }]
  const paragraph: BriefPart = {
    kind: 'paragraph',
    text: `风险台账现有:${counted.join(',')}。尚未化解(含反弹)的案件中最紧迫的 ${cases.length} 件见表 4。`,
  }
  return [heading, paragraph, caseTable(cases)]
}

function lateSubsidies({ late }: BriefFacts): BriefPart[] {
  const { recognised, claimed, longest } = late
  const heading: BriefPart = { kind: 'heading', text: '四、补助兑付' }
  const sentences = [
    recognised.count === 0
      ? '没有逾期未兑付的认定应付补助。'
      : `认定应付的补助中逾期未兑付 ${recognised.count} 笔,${moneyWords(recognised.outstandingFen)}。`,
    ...(claimed.count === 0
      ? []
      : [
          `业主主张、尚未认定的 ${claimed.count} 笔,${moneyWords(claimed.outstandingFen)},不与认定应付相加。`,
        ]),
  ]
  const paragraph: BriefPart = { kind: 'paragraph', text: sentences.join('') }
  if (longest.length === 0) return [heading, paragraph]
  return [heading, paragraph, subsidyTable(longest)]
}

function remarks({ total, staleTownships }: BriefFacts): BriefPart[] {
  const notes = [
    '等级为内部研判等级,由分值得出,供内部摸排使用;补助与租金并列显示,从不相抵。',
    '面积和占比只计在期合同,每份合同计一次;户次为欠租合同涉及户数之和。',
    `${ARREARS_CLASS_NOTE}。`,
    '风险台账按研判日的登记列示;个人和家庭农场的名称已隐去中间的字。',
    ...(total.unpricedContracts > 0
      ? [`有 ${total.unpricedContracts} 份实物计租合同缺少粮食价格,相应期次未计租金。`]
      : []),
    ...(staleTownships.length > 0
      ? [`以下乡镇较久没有登记,其等级为暂定:${staleTownships.join('、')}。`]
      : []),
  ]
  return [
    { kind: 'heading', text: '五、说明' },
    ...notes.map((text, at): BriefPart => ({ kind: 'note', text: `${at + 1}. ${text}` })),
  ]
}
