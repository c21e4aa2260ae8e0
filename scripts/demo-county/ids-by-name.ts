import { ALL_KNOWN, standingFacts } from '../../src/facts/fact-store.ts'
import type { Reader } from '../../src/platform/database/database.ts'
import { contractName, subsidyName } from './county-names.ts'

/** What the files call things, and which ids the service gave to them. */
export interface Ids {
  /** Throws when nothing is called so. */
  of: (name: string) => string
}

/** Everything that a county's files can name, as it stands. */
export async function idsByName(db: Reader): Promise<Ids> {
  const { operators: o, contracts: c, subsidies: s } = db.tables
  const operators = await db.select().from(o).where(standingFacts(o, ALL_KNOWN))
  const contracts = await db.select().from(c).where(standingFacts(c, ALL_KNOWN))
  const subsidies = await db.select().from(s).where(standingFacts(s, ALL_KNOWN))
  const ids = new Map<string, string>()
  const names = new Map<string, string>()
  const keep = (id: string, name: string) => {
    ids.set(name, id)
    names.set(id, name)
  }
  for (const { id, name } of operators) keep(id, name)
  const leasedBy = ({ operatorId }: { operatorId: string }) => names.get(operatorId) ?? ''
  for (const row of contracts) keep(row.id, contractName({ ...row, operatorName: leasedBy(row) }))
  for (const row of subsidies)
    keep(
      row.id,
      subsidyName({
        ...row,
        operatorName: leasedBy(row),
        contractName: names.get(row.contractId ?? ''),
      }),
    )
  return {
    of(name) {
      const id = ids.get(name)
      if (id === undefined) throw new Error(`nothing in the county is called ${name}`)
      return id
    },
  }
}
