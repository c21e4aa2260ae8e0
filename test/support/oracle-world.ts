/**
 * The oracle's world: facts in the order they were recorded, and which of them count at an instant.
 * Naive on purpose; shares no line with the service.
 */

export type Frequency = 'annual' | 'semiannual' | 'quarterly' | 'monthly' | 'once'

export type RentLine = {
  land?: string
  areaMu: number
  basis?: 'cash' | 'grain'
  fenPerMu?: number
  jinPerMu?: number
  grain?: string
}

export type Rent = {
  lines: RentLine[]
  escalation?: { everyYears: number; percent: number }
  frequency?: Frequency
  firstDueOn?: string
}

export type ContractData = {
  operatorId: string
  villageCode: string
  lessor: { kind: 'village_collective' | 'household'; households?: number }
  landUse: string
  startOn: string
  endOn: string
  rent: Rent
  riskDepositFen?: number
  insured?: boolean
}

type SubsidyData = {
  operatorId: string
  programme: string
  year: number
  standing: 'recognised' | 'claimed'
  amountFen: number
  contractId?: string
  payableOn?: string
}

type PetitionData = {
  villageCode: string
  occurredOn: string
  channel: string
  people: number
  contractId?: string
  operatorId?: string
  repeat?: boolean
}

export type PlanData = {
  agreedOn: string
  instalments: { dueOn: string; amountFen: number }[]
  evidence: string
}

type FactData = {
  region: { name: string }
  operator: { name: string; kind: string }
  condition: { condition: string; observedOn: string; source: string }
  contract: ContractData
  amendment: { effectiveOn: string; reason: string; rent?: Rent; endOn?: string }
  end: { endedOn: string; reason: string }
  payment: { amountFen: number; paidOn: string; designatedDueOn?: string; receiptNo?: string }
  reversal: { reason: string }
  subsidy: SubsidyData
  stage: {
    stage: string
    occurredOn: string
    standing?: 'recognised' | 'claimed'
    payableOn?: string
    amountFen?: number
  }
  disbursement: { amountFen: number; paidOn: string }
  grainPrice: { grain: string; effectiveOn: string; fenPer50kg: number }
  petition: PetitionData
  screening: { visitedOn: string; findings: string[] }
  plan: PlanData
  correction: { reason: string; fact: object }
  withdrawal: { reason: string }
}

export type FactKind = keyof FactData

/** `about` is the id of what the fact was recorded on: a contract, operator, subsidy, payment, fact. */
export type Fact = {
  [K in FactKind]: { kind: K; id: string; about?: string; recordedAt: string; data: FactData[K] }
}[FactKind]

export type World = { facts: Fact[] }

export type Counted<K extends FactKind> = { id: string; about: string; data: FactData[K] }

function isKnown(fact: Fact, knownAt: string | undefined): boolean {
  return knownAt === undefined || Date.parse(fact.recordedAt) <= Date.parse(knownAt)
}

const answers = new WeakMap<World, Map<string, unknown>>()

/** Asks a question once. Facts are only appended, so their number says if the answer still holds. */
export function remember<T>(world: World, question: string, compute: () => T): T {
  const known = answers.get(world) ?? new Map<string, unknown>()
  answers.set(world, known)
  const key = `${question}, of ${world.facts.length} facts`
  if (!known.has(key)) known.set(key, compute())
  return known.get(key) as T
}

/** The facts of a kind that count at `knownAt`, in recording order, each in its last version. */
export function factsOf<K extends FactKind>(world: World, kind: K, knownAt?: string): Counted<K>[] {
  return remember(world, `${kind} at ${knownAt}`, () => countFacts(world, kind, knownAt))
}

function countFacts<K extends FactKind>(world: World, kind: K, knownAt?: string): Counted<K>[] {
  const counted: Counted<K>[] = []
  for (const fact of world.facts) {
    if (fact.kind !== kind || !isKnown(fact, knownAt)) continue
    let data = fact.data as FactData[K]
    let withdrawn = false
    for (const later of world.facts) {
      if (later.about !== fact.id || !isKnown(later, knownAt)) continue
      if (later.kind === 'correction') {
        data = later.data.fact as FactData[K]
        withdrawn = false
      }
      if (later.kind === 'withdrawal') withdrawn = true
    }
    if (!withdrawn) counted.push({ id: fact.id, about: fact.about ?? '', data })
  }
  return counted
}

/** Subsidies at `asOf`: the last version, moved on by the stages that had occurred by then. */
export function subsidiesOf(
  world: World,
  knownAt?: string,
  asOf = '9999-12-31',
): Counted<'subsidy'>[] {
  return factsOf(world, 'subsidy', knownAt).map((subsidy) => {
    const data = { ...subsidy.data }
    const stages = factsOf(world, 'stage', knownAt)
      .filter((stage) => stage.about === subsidy.id && stage.data.occurredOn <= asOf)
      .sort((a, b) =>
        a.data.occurredOn < b.data.occurredOn ? -1 : +(a.data.occurredOn > b.data.occurredOn),
      )
    for (const stage of stages) {
      if (stage.data.standing !== undefined) data.standing = stage.data.standing
      if (stage.data.payableOn !== undefined) data.payableOn = stage.data.payableOn
      if (stage.data.amountFen !== undefined) data.amountFen = stage.data.amountFen
    }
    return { ...subsidy, data }
  })
}

/** Payments that count: known, and not reversed by a reversal that is known. */
export function paymentsOf(world: World, contractId: string, knownAt?: string) {
  const reversals = factsOf(world, 'reversal', knownAt)
  return factsOf(world, 'payment', knownAt).filter(
    (payment) =>
      payment.about === contractId && !reversals.some((reversal) => reversal.about === payment.id),
  )
}

export function findContract(
  world: World,
  contractId: string,
  knownAt?: string,
): ContractData | undefined {
  return factsOf(world, 'contract', knownAt).find((contract) => contract.id === contractId)?.data
}

export function getContract(world: World, contractId: string, knownAt?: string): ContractData {
  const contract = findContract(world, contractId, knownAt)
  if (contract === undefined) throw new Error(`oracle: no contract ${contractId} at ${knownAt}`)
  return contract
}

/** Deep copy with every bigint as a number, to be compared with JSON. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, v) => (typeof v === 'bigint' ? Number(v) : v)))
}
