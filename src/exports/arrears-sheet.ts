import { isPermitted } from '../access/permissions.ts'
import { addMonths } from '../domain/calendar-day.ts'
import { CASE_STATE_NAMES } from '../domain/case-sentence.ts'
import { checkWords } from '../domain/contract-checks.ts'
import type { Rent } from '../domain/contract-terms.ts'
import { LAND_USE_NAMES } from '../domain/land-use-names.ts'
import { LEVEL_NAMES } from '../domain/levels.ts'
import { rentWords } from '../domain/rent-words.ts'
import { policyInForce } from '../domain/risk-policy.ts'
import { CONDITION_WORDS, factSentence } from '../domain/risk-reason.ts'
import { yearRanges } from '../domain/year-ranges.ts'
import { ARREARS_CLASS_NOTE } from '../domain/years-owed-words.ts'
import type { Cell, Column, Row } from '../platform/spreadsheet/sheet-rows.ts'
import { regionNames } from '../regions/region-store.ts'
import { allPolicies } from '../risk/policy-store.ts'
import { staleness } from '../risk/stale-townships.ts'
import { type ArrearsFacts, arrearsFacts } from './arrears-facts.ts'
import { type CaseThen, casePlace, casesOf } from './case-days.ts'
import { type Ledger, type LedgerSource, type LedgerWish, namesKnownAt } from './ledger.ts'
import { personCells } from './masked-rows.ts'
import { riskPages } from './risk-pages.ts'

const COLUMNS: readonly Column[] = [
  { heading: '序号', kind: 'count', width: 6 },
  { heading: '乡镇', kind: 'text', width: 12 },
  { heading: '村组', kind: 'text', width: 12 },
  { heading: '业主', kind: 'text', width: 26 },
  { heading: '法人', kind: 'text', width: 9 },
  { heading: '联系电话', kind: 'text', width: 16 },
  { heading: '产业', kind: 'text', width: 15 },
  { heading: '流转面积(亩)', kind: 'mu', width: 11, total: true },
  { heading: '合同起', kind: 'day', width: 12 },
  { heading: '合同止', kind: 'day', width: 12 },
  { heading: '租金标准', kind: 'text', width: 26 },
  { heading: '应付租金(元)', kind: 'yuan', width: 17, total: true },
  { heading: '已付租金(元)', kind: 'yuan', width: 17, total: true },
  { heading: '欠租年度', kind: 'text', width: 14 },
  { heading: '欠租面积(亩)', kind: 'mu', width: 11, total: true },
  { heading: '欠租金额(元)', kind: 'yuan', width: 16, total: true },
  { heading: '全额/部分', kind: 'text', width: 8 },
  { heading: '涉及户数', kind: 'count', width: 7, total: true },
  { heading: '涉及人数', kind: 'count', width: 7, total: true },
  { heading: '欠租原因', kind: 'prose', width: 24 },
  { heading: '业主现状', kind: 'prose', width: 24 },
  { heading: '应付未付补助(元)', kind: 'yuan', width: 15 },
  { heading: '信访情况', kind: 'prose', width: 20 },
  { heading: '研判等级', kind: 'text', width: 7 },
  { heading: '化解措施', kind: 'prose', width: 28 },
  { heading: '责任单位', kind: 'prose', width: 16 },
  { heading: '包案领导', kind: 'prose', width: 14 },
  { heading: '责任人', kind: 'prose', width: 14 },
  { heading: '完成时限', kind: 'day', width: 12 },
  { heading: '进展', kind: 'prose', width: 28 },
  { heading: '是否化解', kind: 'text', width: 9 },
  { heading: '备注', kind: 'prose', width: 28 },
  { heading: '合同编号', kind: 'text', width: 16 },
  { heading: '村代码', kind: 'text', width: 16 },
  { heading: '统一社会信用代码', kind: 'text', width: 22 },
]

/** 欠租台账: every contract in arrears, ended ones too, the most urgent first. */
export function arrearsLedger(source: LedgerSource, wish: LedgerWish): Ledger {
  return {
    columns: COLUMNS,
    keptColumns: 4,
    rows: arrearsRows(source, wish),
    notes: [
      '列入:所有欠租合同,已到期、已终止的也列入,在备注中注明',
      '等级为内部研判等级,由分值得出;排序:分值高的在前,分值相同的欠租金额大的在前',
      '合计:加总本表各行的面积、租金、户数、人数,每份合同计一次,涉及多份合同的农户按户次计,未登记的不计',
      '应付租金为数据日期(含当日)以前到期的租金;欠租金额为应付日次日起仍未付的部分,' +
        '到期当日的租金尚不计欠租,预付的租金不抵其他合同,故不一定等于应付减已付',
      `${ARREARS_CLASS_NOTE};欠租面积为欠租合同的全部面积;欠租年度为欠租的租金年度起始之年`,
      '应付未付补助:逾期未兑付的认定补助,只作对照,不抵扣租金;' +
        '同一笔补助可对应多份合同,不作合计;业主主张的补助不列',
      '欠租原因:最近一次摸排发现的问题,不代表认定;业主现状按登记列示来源',
      `化解措施等各栏来自业主在该乡镇的风险台账;空白为未登记${wish.revealed ? '' : ';法人、联系电话已作隐去处理'}`,
    ],
  }
}

async function* arrearsRows(source: LedgerSource, wish: LedgerWish): AsyncGenerator<Row> {
  const { db } = source
  const { asOf, knownAt, region, caller } = wish
  const namesAt = namesKnownAt(wish)
  const policy = policyInForce(await allPolicies(db, knownAt), asOf)
  const isStale = await staleness(db, { asOf, knownAt }, policy.staleDays)
  const names = await regionNames(db, namesAt)
  const filter = { inArrears: true, ...(region !== undefined && { region }) }
  let no = 0
  for await (const page of riskPages(source, wish, filter)) {
    const operatorIds = page.map(({ operatorId }) => operatorId)
    const cases = isPermitted(caller, 'read-cases') ? await casesOf(db, operatorIds, wish) : null
    for (const facts of await arrearsFacts(db, page, { asOf, knownAt: namesAt })) {
      const { operatorId, villageCode, level } = facts.risk
      const found = cases?.get(casePlace(operatorId, villageCode))
      no += 1
      const cells = [no, ...contractCells(facts, names, wish), ...caseCells(found)]
      yield { level, cells: [...cells, remarks(facts, isStale(villageCode)), ...codes(facts)] }
    }
  }
}

function contractCells(
  facts: ArrearsFacts,
  names: ReadonlyMap<string, string>,
  wish: LedgerWish,
): Cell[] {
  const { risk, contract, operator, standing, late } = facts
  const { villageCode } = risk
  const township = villageCode.slice(0, 9)
  return [
    names.get(township) ?? township,
    names.get(villageCode) ?? villageCode,
    operator?.name ?? null,
    ...personCells(operator, wish),
    LAND_USE_NAMES[risk.landUse],
    risk.areaHundredths,
    risk.startOn,
    risk.endOn,
    rentWords(rentThen(facts).lines),
    standing.dueFen,
    standing.paidFen,
    yearRanges(yearsInArrears(facts)),
    risk.areaHundredths,
    risk.arrearsFen,
    risk.arrearsClass === 'years' ? '全额' : '部分',
    contract.households ?? (contract.lessorKind === 'household' ? 1 : null),
    contract.people,
    findings(facts),
    conditionWords(facts),
    late.length > 0 ? late.reduce((sum, { outstandingFen }) => sum + outstandingFen, 0) : null,
    petitions(facts),
    LEVEL_NAMES[risk.level],
  ]
}

/** The rent clause that rules on the day. */
function rentThen({ contract, amendments, asOf }: ArrearsFacts): Rent {
  let found = contract.rent
  let since = ''
  for (const { rent, effectiveOn } of amendments)
    if (rent !== null && effectiveOn <= asOf && effectiveOn >= since) {
      found = rent
      since = effectiveOn
    }
  return found
}

/** The years in which rent years begin of which something is overdue and unpaid. */
function yearsInArrears({ standing, contract, asOf }: ArrearsFacts): number[] {
  const years = standing.instalments
    .filter(({ dueOn, amountFen, paidFen }) => dueOn < asOf && amountFen > paidFen)
    .map(({ rentYear }) => Number(addMonths(contract.startOn, 12 * rentYear).slice(0, 4)))
  return [...new Set(years)].sort((a, b) => a - b)
}

const FINDING_WORDS: Readonly<Record<string, string>> = {
  land_abandoned: '土地撂荒',
  use_changed: '改变用途',
  crop_failed: '作物失收',
  facility_idle: '设施闲置',
  operator_absent: '业主不在场',
}

function findings({ visit }: ArrearsFacts): string | null {
  const words = (visit?.findings ?? []).flatMap((finding) => FINDING_WORDS[finding] ?? [])
  return visit && words.length > 0 ? `摸排(${visit.visitedOn}):${words.join('、')}` : null
}

function conditionWords({ conditions }: ArrearsFacts): string | null {
  const words = conditions.map(({ condition, observedOn, source }) => {
    const according = `据${/^[!-~]/.test(source) ? ' ' : ''}${source}`
    return `${CONDITION_WORDS[condition]}(${observedOn} 起,${according})`
  })
  return words.length > 0 ? words.join(';') : null
}

function petitions({ risk, asOf }: ArrearsFacts): string | null {
  const signs = risk.contributions.find(({ factor }) => factor === 'petition_signs')
  return signs ? factSentence(signs, asOf) : null
}

function caseCells(found: CaseThen | undefined): Cell[] {
  const { fixes, progress, state } = found ?? {}
  return [
    fixes?.measure ?? null,
    fixes?.responsibleUnit ?? null,
    fixes?.leadOfficial ?? null,
    fixes?.responsiblePerson ?? null,
    fixes?.deadlineOn ?? null,
    progress ? `${progress.on} ${progress.note}` : null,
    state ? CASE_STATE_NAMES[state] : null,
  ]
}

function remarks({ risk, asOf, endedOn }: ArrearsFacts, stale: boolean): string | null {
  const words: string[] = []
  if (risk.endOn < asOf)
    words.push(endedOn === risk.endOn ? `合同已于 ${endedOn} 终止` : '合同已到期')
  for (const check of risk.checks ?? []) words.push(checkWords(check).zh)
  if (stale) words.push('本乡镇久未填报,等级为暂定')
  return words.length > 0 ? words.join(';') : null
}

const codes = ({ risk, contract, operator }: ArrearsFacts): Cell[] => [
  contract.contractNo,
  risk.villageCode,
  operator?.uscc ?? null,
]
