import type { CountyTables } from './county-tables.ts'

/** What files and people call things by: an operator by its name. */
interface NamedContract {
  contractNo: string | null
  operatorName: string
  villageCode: string
  startOn: string
}
interface NamedSubsidy {
  operatorName: string
  programme: string
  year: number | string
  documentNo: string | null
  /** The name of the contract that it is for, if any. */
  contractName: string | undefined
}

/** A contract's number; where none was given, who leases where since when. */
export const contractName = ({ contractNo, operatorName, villageCode, startOn }: NamedContract) =>
  contractNo || [operatorName, villageCode, startOn].join(' ')

export const subsidyName = (subsidy: NamedSubsidy) => {
  const { operatorName, programme, year, documentNo, contractName } = subsidy
  return [operatorName, programme, year, documentNo, contractName].filter(Boolean).join(' ')
}

/** The names of what the drawn tables call by keys. Throws when two things have one name. */
export function namesOf({ operators, contracts, subsidies }: CountyTables): Map<string, string> {
  const names = new Map(operators.map(({ key, name }) => [key, name]))
  const nameOf = (key: string) => names.get(key) ?? ''
  for (const row of contracts)
    names.set(row.key, contractName({ ...row, operatorName: nameOf(row.operator) }))
  for (const { key, operator, contract, ...row } of subsidies)
    names.set(
      key,
      subsidyName({ ...row, operatorName: nameOf(operator), contractName: nameOf(contract) }),
    )
  if (new Set(names.values()).size < names.size) throw new Error('two things have one name')
  return names
}
