import Sqlite from 'better-sqlite3'

/** Answers the body that the service has for a path. */
type Ask = (path: string) => Promise<string>

/** Requests of one kind; several paths are asked for in turn. */
export interface AskedPaths {
  name: string
  paths: string[]
}

const CONTRACTS = 500
const PAGE = 100

/** Every kind of request that is measured, pages later than the first found by their cursors. */
export async function askedPaths(county: string, ask: Ask): Promise<AskedPaths[]> {
  const { contracts, operatorId, township, village } = namesIn(county)
  const each = (end: string) => contracts.map((id) => `/api/v1/contracts/${id}/${end}`)
  const filters = [
    ['all flagged', ''],
    ['level=blue', '&level=blue'],
    ['level=none', '&level=none'],
    ['landUse=late_citrus', '&landUse=late_citrus'],
    ['a township', `&region=${township}`],
    ['a township, orange', `&region=${township}&level=orange`],
    ['a village', `&region=${village}`],
    ['an operator', `&operatorId=${operatorId}`],
  ] as const
  const asked = []
  for (const [name, filter] of filters) {
    const pages = await pagesOf(ask, `/api/v1/risk/worklist?limit=50${filter}`)
    asked.push({ name: `worklist, ${name}: page 1`, paths: [pages[0] as string] })
    const last = pages.at(-1) as string
    if (pages.length > 1)
      asked.push({ name: `worklist, ${name}: page ${pages.length}`, paths: [last] })
  }
  asked.push({ name: 'risk of one of 500 contracts', paths: each('risk') })
  asked.push({ name: 'standing of one of 500 contracts', paths: each('standing') })
  return asked
}

/** The paths of the pages up to the hundredth, or the last, as a client comes to them. */
async function pagesOf(ask: Ask, first: string): Promise<string[]> {
  const paths = [first]
  for (let path = first; paths.length < PAGE; ) {
    const { nextCursor } = JSON.parse(await ask(path)) as { nextCursor: string | null }
    if (nextCursor === null) break
    path = `${first}&cursor=${nextCursor}`
    paths.push(path)
  }
  return paths
}

/** Contracts spread over the county, and the places and the operator that have most flagged. */
function namesIn(county: string) {
  const connection = new Sqlite(county, { readonly: true })
  const column = (sql: string) => connection.prepare(sql).pluck().all() as string[]
  const ids = column('select contract_id from risks order by contract_id')
  const most = (key: string) =>
    column(
      `select ${key} from risks where level <> 'none' group by 1 order by count(*) desc, 1 limit 1`,
    )[0]
  const step = Math.max(1, Math.floor(ids.length / CONTRACTS))
  const names = {
    contracts: ids.filter((_, at) => at % step === 0).slice(0, CONTRACTS),
    operatorId: most('operator_id'),
    township: most('substr(village_code, 1, 9)'),
    village: most('village_code'),
  }
  connection.close()
  return names
}
