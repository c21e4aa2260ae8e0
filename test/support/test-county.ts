import { type DatabaseKind, openTestService, type TestService } from './test-service.ts'

/** A county with two townships, and the facts that tests put into it. */

export const TOWNSHIP = '519901101'
export const VILLAGE = '519901101201'
export const OTHER_VILLAGE = '519901102201'
/** A well-formed id that no fact has. */
export const NOBODY = '01926d3e-7c00-7000-8000-0000000000ff'

/** A day at nine in the morning in Asia/Shanghai. */
const morningOf = (day: string) => Date.parse(`${day}T01:00:00.000Z`)

/** A clock that moves on by some milliseconds whenever it is looked at. */
export function movingClock(day: string) {
  let at = morningOf(day)
  return {
    now: () => {
      at += 5
      return new Date(at)
    },
    goTo: (later: string) => {
      at = morningOf(later)
    },
    setTo: (instant: string) => {
      at = Date.parse(instant)
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: replies are looked into freely by tests
type Fact = any

export interface TestCounty extends TestService {
  clockOf: ReturnType<typeof movingClock>
  /** Posts a fact that must be accepted; answers it. */
  record(path: string, body: object, headers?: Record<string, string>): Promise<Fact>
  /** Puts something that must be accepted; answers it. */
  put(path: string, body: object): Promise<Fact>
  /** Gets what must be there. */
  read(path: string): Promise<Fact>
  /** Withdraws a fact, as in `withdraw('contracts', id)`. */
  withdraw(facts: string, id: string): Promise<Fact>
  correct(facts: string, id: string, fact: object): Promise<Fact>
  operator(over?: object): Promise<Fact>
  contract(operatorId: string, over?: object): Promise<Fact>
  /** Runs the night of a day; answers the run. */
  night(asOf: string): Promise<Fact>
  /** What nights and facts have left as scores, without the instants at which it was known. */
  scores(): Promise<Record<string, Fact[]>>
  /** Every row of the given tables, or of all tables that hold facts and scores. */
  rows(...tables: (keyof TestService['db']['read']['tables'])[]): Promise<Record<string, Fact[]>>
}

export async function openTestCounty(day: string, kind: DatabaseKind = 'sqlite') {
  const clockOf = movingClock(day)
  const service = await openTestService({ kind, now: clockOf.now })
  const must = async (status: number, method: string, path: string, ...rest: object[]) => {
    const [body, headers] = rest as [object?, Record<string, string>?]
    const reply = await service.send(method, path, body, headers)
    if (reply.status === status) return reply.body
    throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
  }
  const record = (path: string, body: object, headers = {}) =>
    must(201, 'POST', path, body, headers)
  const county: TestCounty = {
    ...service,
    clockOf,
    record,
    put: (path, body) => must(200, 'PUT', path, body),
    read: (path) => must(200, 'GET', path),
    withdraw: (facts, id) => record(`/${facts}/${id}/withdrawal`, { reason: '重复登记' }),
    correct: (facts, id, fact) =>
      record(`/${facts}/${id}/correction`, { reason: '录入有误', fact }),
    operator: (over = {}) =>
      record('/operators', { name: '青溪合作社', kind: 'cooperative', ...over }),
    contract: (operatorId, over = {}) => record('/contracts', contractBody(operatorId, over)),
    night: (asOf) => must(200, 'POST', '/risk/runs', { asOf }),
    scores: async () => {
      const { risks = [], scoreChanges = [] } = await county.rows('risks', 'scoreChanges')
      return { risks: risks.map(({ knownAt: _, ...risk }) => risk), scoreChanges }
    },
    rows: (...tables) => rowsOf(service, tables),
  }
  return county
}

/** 10 mu at 600 yuan: 600,000 fen due every 31 December of 2020 to 2029. */
export function contractBody(operatorId: string, over: object = {}) {
  return {
    contractNo: '2020-0001',
    operatorId,
    villageCode: VILLAGE,
    lessor: { kind: 'village_collective', households: 12 },
    landUse: 'late_citrus',
    startOn: '2020-01-01',
    endOn: '2029-12-31',
    rent: { lines: [{ areaMu: 10, fenPerMu: 60_000 }], firstDueOn: '2020-12-31' },
    ...over,
  }
}

const LEDGER = [
  'regions',
  'operators',
  'operatorConditions',
  'contracts',
  'contractAmendments',
  'contractEnds',
  'grainPrices',
  'payments',
  'paymentReversals',
  'subsidies',
  'subsidyStages',
  'disbursements',
  'petitions',
  'screenings',
  'repaymentPlans',
  'demands',
  'mediations',
  'cases',
  'caseEvents',
  'nightFindings',
  'alertRecipientLists',
  'alerts',
  'instalments',
  'risks',
  'scoreChanges',
  'runs',
  'policies',
  'townshipActivity',
  'idempotentReplies',
] as const

async function rowsOf(
  { db }: TestService,
  names: readonly (keyof TestService['db']['read']['tables'])[],
) {
  const found: Record<string, Fact[]> = {}
  for (const name of names.length > 0 ? names : LEDGER) {
    const rows = await db.read.select().from(db.read.tables[name])
    found[name] = rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  return found
}
