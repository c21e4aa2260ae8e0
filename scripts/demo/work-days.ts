import type { Ids } from '../demo-county/ids-by-name.ts'
import type { DemoApi } from './demo-api.ts'
import type { HandedIn } from './handed-in.ts'

/** The county of the demo on the days between its nights. */
export interface CountyAtWork {
  api: DemoApi
  ids: Ids
  later: readonly HandedIn[]
}

/** What the townships do on the day of a night, after it: what came in, then the cases. */
export async function workOn(day: string, county: CountyAtWork): Promise<void> {
  const { api, ids, later } = county
  for (const { on, request } of later) {
    if (on !== day) continue
    const [path, body] = request(ids)
    await api.send('POST', path, body)
  }
  await CASE_WORK[day]?.(county)
}

const CASE_WORK: Record<string, (county: CountyAtWork) => Promise<void>> = {
  async '2021-10-29'(county) {
    await agreeOnPlan(county)
    await agreeByWord(county)
    await callPlanIn(county)
    await lookForOperator(county)
    const paying = await caseOf(county, '柑源县岭源现代农业有限公司', '519901101')
    await moveOn(county, paying, 'progress', { note: '业主已转账两笔,村集体正在核对到账凭证' })
  },
  async '2021-10-30'(county) {
    const paid = await caseOf(county, '柑源县岭源现代农业有限公司', '519901101')
    const evidence = '村集体收款凭证两份,已逐户发放'
    await moveOn(county, paid, 'resolution', { outcome: 'paid', evidence })
    const broken = await caseOf(county, '柑源县瑞达农业园区投资有限公司', '519901114')
    const note = '还款计划首期未到账,已约谈业主'
    await moveOn(county, broken, 'progress', { note, occurredOn: '2021-10-30' })
  },
}

/** A plan over all that is owed, and the case is settled by agreement. */
async function agreeOnPlan(county: CountyAtWork): Promise<void> {
  const plan = {
    agreedOn: '2021-10-29',
    instalments: [
      { dueOn: '2021-11-30', amountFen: 5_384_322 },
      { dueOn: '2022-01-20', amountFen: 5_384_321 },
    ],
    evidence: '还款协议书,村委会见证',
  }
  const { api, ids } = county
  await api.send('POST', `/contracts/${ids.of('2013-0004')}/repayment-plans`, plan)
  const found = await caseOf(county, '柑源县泽远柑桔种植专业合作社', '519901118')
  await fix(county, found, '签订还款协议,分两期付清', '2022-01-25')
  const evidence = '还款协议书及村民代表签字'
  await moveOn(county, found, 'resolution', { outcome: 'agreed', evidence })
}

/** Agreed on by word only: a petition shows that it does not hold. */
async function agreeByWord(county: CountyAtWork): Promise<void> {
  const found = await caseOf(county, '柑源县硕荣农业科技有限公司', '519901104')
  await fix(county, found, '村委会调解,业主承诺年底前付清', '2021-12-31')
  const evidence = '调解笔录'
  await moveOn(county, found, 'resolution', { outcome: 'agreed', evidence })
}

/** A plan whose first day has passed without money, and a deadline that is near. */
async function callPlanIn(county: CountyAtWork): Promise<void> {
  const plan = {
    agreedOn: '2021-09-24',
    instalments: [
      { dueOn: '2021-10-24', amountFen: 20_000_000 },
      { dueOn: '2021-12-31', amountFen: 99_284_000 },
    ],
    evidence: '还款承诺书',
  }
  const { api, ids } = county
  await api.send('POST', `/contracts/${ids.of('2015-0047')}/repayment-plans`, plan)
  const found = await caseOf(county, '柑源县瑞达农业园区投资有限公司', '519901114')
  await fix(county, found, '督促履行还款承诺,逾期申请仲裁', '2021-10-31')
}

async function lookForOperator(county: CountyAtWork): Promise<void> {
  const found = await caseOf(county, '柑源县绿泉农业开发有限公司', '519901107')
  await fix(county, found, '核实业主去向,清点地上作物', '2021-11-06')
}

interface FoundCase {
  id: string
  townshipName: string
}

async function caseOf(county: CountyAtWork, operator: string, township: string) {
  const { api, ids } = county
  const { items } = await api.ask(`/cases?operatorId=${ids.of(operator)}&region=${township}`)
  const [found] = items as FoundCase[]
  if (!found) throw new Error(`${operator} has no case in ${township}`)
  return found
}

const fix = (
  { api }: CountyAtWork,
  { id, townshipName }: FoundCase,
  measure: string,
  deadlineOn: string,
) =>
  api.send('PUT', `/cases/${id}/fixes`, {
    measure,
    responsibleUnit: `${townshipName}人民政府`,
    leadOfficial: `${townshipName}分管副职`,
    responsiblePerson: `${townshipName}农业服务中心主任`,
    deadlineOn,
  })

const moveOn = ({ api }: CountyAtWork, { id }: FoundCase, move: string, body: object) =>
  api.send('POST', `/cases/${id}/${move}`, body)
