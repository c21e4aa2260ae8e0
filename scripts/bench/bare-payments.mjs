// Puts the rows of payments that the service has recorded into another copy of the county by bare
// better-sqlite3, one durable transaction a payment, in a process of its own.
import Sqlite from 'better-sqlite3'

const [path = ''] = process.argv.slice(2)
const connection = new Sqlite(path)
for (const setting of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON'])
  connection.pragma(setting)
const [begin, commit] = ['BEGIN IMMEDIATE', 'COMMIT'].map((text) => connection.prepare(text))
const putOf = (table, ending = '') => {
  const places = connection.pragma(`table_info(${table})`).map(() => '?')
  return connection.prepare(`insert into ${table} values (${places}) ${ending}`)
}
const columns = connection.pragma('table_info(risks)').map(({ name }) => name)
const set = columns.map((name) => `${name} = excluded.${name}`)
const puts = {
  payments: putOf('payments'),
  activity: putOf('township_activity', 'on conflict do nothing'),
  entries: putOf('audit_entries', 'on conflict do nothing'),
  head: connection.prepare('update audit_head set entries = ?, hash = ?'),
  clock: connection.prepare('update ledger_clock set instant = ?'),
  risks: putOf('risks', `on conflict do update set ${set}`),
  // Of a risk that has not changed the service writes no more than this.
  fresh: connection.prepare('update risks set as_of = ?, known_at = ? where contract_id = ?'),
}
const [asOf, knownAt] = ['as_of', 'known_at'].map((name) => columns.indexOf(name))
const kept = connection.prepare('select * from risks where contract_id = ?').raw()

process.on('message', ({ task, words }) => {
  if (task !== 'end') return process.send(insert(...words))
  connection.close()
  process.disconnect()
})
process.once('disconnect', () => process.exit())
process.send('ready')

/** The payments after the instant `from` in the file at `recorded`, in the order of recording. */
function insert(recorded, from) {
  const payments = rowsOf(recorded, from)
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()]
  for (const one of payments) {
    begin.run()
    for (const [table, rows] of Object.entries(one)) for (const row of rows) puts[table].run(row)
    commit.run()
  }
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const rows = payments.flatMap((one) => Object.values(one)).reduce((sum, of) => sum + of.length, 0)
  return { seconds, cpuSeconds: (user + system) / 1e6, payments: payments.length, rows }
}

function riskRows(all) {
  const isKept = (row) => {
    const before = kept.get(row[0])
    return before?.every((value, at) => at === asOf || at === knownAt || value === row[at])
  }
  return {
    risks: all.filter((row) => !isKept(row)),
    fresh: all.filter(isKept).map((row) => [row[asOf], row[knownAt], row[0]]),
  }
}

function rowsOf(recorded, from) {
  const source = new Sqlite(recorded, { readonly: true })
  const query = (text) => source.prepare(text).raw()
  const paid = source.prepare(`select p.id, p.recorded_at at, c.operator_id operator,
    substr(c.village_code, 1, 9) township from payments p join contracts c on c.id = p.contract_id
    where p.recorded_at > ? order by p.id`)
  const payment = query('select * from payments where id = ?')
  const activity = query('select * from township_activity where township_code = ?')
  const entry = query('select * from audit_entries where subject_id = ?')
  const head = query('select no, hash from audit_entries where subject_id = ?')
  const risks = query('select * from risks where operator_id = ?')
  const rows = paid.all(from).map(({ id, at, operator, township }) => ({
    payments: payment.all(id),
    activity: activity.all(township).slice(-1),
    entries: entry.all(id),
    head: head.all(id),
    clock: [[at]],
    ...riskRows(risks.all(operator)),
  }))
  source.close()
  return rows
}
