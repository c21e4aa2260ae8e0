/**
 * Who may call what, as it was agreed: r recorder, v viewer, b bureau, f finance, a admin; how far
 * a caller must reach; and what those are answered who may: of what lies in their region, of what
 * lies in another, of what lies in one above it (− where a route speaks of no such thing).
 */
const TABLE = `
route                                          who    reach     own other parent
PUT    /session                                anyone village   401 -     -
GET    /session                                rvbfa  village   200 -     -
DELETE /session                                rvbfa  village   404 -     -
PUT    /session/password                       rvbfa  village   404 -     -
GET    /users                                  a      county    200 -     -
POST   /users                                  a      county    201 -     -
PUT    /users/{id}                             a      county    200 -     -
PUT    /users/{id}/password                    a      county    200 -     -
GET    /tokens                                 a      county    200 -     -
POST   /tokens                                 a      county    201 -     -
POST   /tokens/{id}/revocation                 a      county    201 -     -
GET    /audit                                  a      county    200 -     -
GET    /exports/audit.csv                      a      county    200 -     -

GET    /regions                                rvbfa  village   200 -     -
PUT    /regions/{code}                         rba    village   200 404   404
GET    /grain-prices                           rvbfa  village   200 -     -
PUT    /grain-prices/{grain}/{effectiveOn}     ba     county    200 -     -
GET    /policies                               rvbfa  village   200 -     -
GET    /policies/{version}                     rvbfa  village   200 -     -
PUT    /policies/{version}                     ba     county    200 -     -

GET    /operators                              rvbfa  village   200 -     -
POST   /operators                              ra     village   201 -     -
GET    /operators/{id}                         rvbfa  village   200 404   404
POST   /operators/{id}/correction              ra     village   201 404   404
POST   /operators/{id}/withdrawal              ra     village   201 404   404
POST   /operator-searches                      rba    village   200 -     -
GET    /operators/{id}/conditions              rvbfa  village   200 404   404
POST   /operators/{id}/conditions              ra     village   201 404   404
GET    /conditions/{id}                        rvbfa  village   200 404   404
POST   /conditions/{id}/correction             ra     village   201 404   404
POST   /conditions/{id}/withdrawal             ra     village   201 404   404
GET    /operators/{id}/joins                   rvbfa  county    200 -     -
POST   /operators/{id}/joins                   ba     county    201 -     -
GET    /operator-joins/{id}                    rvbfa  county    200 -     -
POST   /operator-joins/{id}/correction         ba     county    409 -     -
POST   /operator-joins/{id}/withdrawal         ba     county    201 -     -
GET    /operator-join-proposals                rvbfa  county    200 -     -

GET    /contracts                              rvbfa  village   200 404   200
POST   /contracts                              ra     village   201 404   422
GET    /contracts/{id}                         rvbfa  village   200 404   -
POST   /contracts/{id}/correction              ra     village   201 404   -
POST   /contracts/{id}/withdrawal              ra     village   201 404   -
GET    /contracts/{id}/standing                rvbfa  village   200 404   -
GET    /contracts/{id}/reminders               rvbfa  village   200 404   -
GET    /contracts/{id}/risk                    rvbfa  village   200 404   -
GET    /contracts/{id}/amendments              rvbfa  village   200 404   -
POST   /contracts/{id}/amendments              ra     village   201 404   -
GET    /amendments/{id}                        rvbfa  village   200 404   -
POST   /amendments/{id}/correction             ra     village   201 404   -
POST   /amendments/{id}/withdrawal             ra     village   201 404   -
GET    /contracts/{id}/end                     rvbfa  village   200 404   -
POST   /contracts/{id}/end                     ra     village   201 404   -
GET    /ends/{id}                              rvbfa  village   200 404   -
POST   /ends/{id}/correction                   ra     village   201 404   -
POST   /ends/{id}/withdrawal                   ra     village   201 404   -
GET    /contracts/{id}/payments                rvbfa  village   200 404   -
POST   /contracts/{id}/payments                ra     village   201 404   -
POST   /payments/{id}/reversal                 ra     village   201 404   -
GET    /contracts/{id}/screenings              rvbfa  village   200 404   -
POST   /contracts/{id}/screenings              ra     village   201 404   -
GET    /screenings/{id}                        rvbfa  village   200 404   -
POST   /screenings/{id}/correction             ra     village   201 404   -
POST   /screenings/{id}/withdrawal             ra     village   201 404   -
GET    /contracts/{id}/repayment-plans         rvbfa  village   200 404   -
POST   /contracts/{id}/repayment-plans         ra     village   201 404   -
GET    /repayment-plans/{id}                   rvbfa  village   200 404   -
POST   /repayment-plans/{id}/correction        ra     village   201 404   -
POST   /repayment-plans/{id}/withdrawal        ra     village   201 404   -
GET    /contracts/{id}/demands                 rvbfa  village   200 404   -
POST   /contracts/{id}/demands                 ra     village   201 404   -
GET    /demands/{id}                           rvbfa  village   200 404   -
POST   /demands/{id}/correction                ra     village   201 404   -
POST   /demands/{id}/withdrawal                ra     village   201 404   -
GET    /contracts/{id}/mediations              rvbfa  village   200 404   -
POST   /contracts/{id}/mediations              ra     village   201 404   -
GET    /mediations/{id}                        rvbfa  village   200 404   -
POST   /mediations/{id}/correction             ra     village   201 404   -
POST   /mediations/{id}/withdrawal             ra     village   201 404   -

GET    /subsidies                              rvbfa  village   200 -     -
POST   /subsidies                              bfa    village   201 422   422
GET    /subsidies/{id}                         rvbfa  village   200 404   404
POST   /subsidies/{id}/correction              bfa    village   201 404   404
POST   /subsidies/{id}/withdrawal              bfa    village   201 404   404
GET    /subsidies/{id}/stages                  rvbfa  village   200 404   404
POST   /subsidies/{id}/stages                  bfa    village   201 404   404
GET    /stages/{id}                            rvbfa  village   200 404   404
POST   /stages/{id}/correction                 bfa    village   201 404   404
POST   /stages/{id}/withdrawal                 bfa    village   201 404   404
GET    /subsidies/{id}/disbursements           rvbfa  village   200 404   404
POST   /subsidies/{id}/disbursements           bfa    village   201 404   404
GET    /disbursements/{id}                     rvbfa  village   200 404   404
POST   /disbursements/{id}/correction          bfa    village   201 404   404
POST   /disbursements/{id}/withdrawal          bfa    village   201 404   404

GET    /petitions                              rvbfa  village   200 404   200
POST   /petitions                              ra     village   201 404   -
GET    /petitions/{id}                         rvbfa  village   200 404   -
POST   /petitions/{id}/correction              ra     village   201 404   -
POST   /petitions/{id}/withdrawal              ra     village   201 404   -

GET    /risk/worklist                          rvbfa  village   200 404   200
GET    /risk/summary                           rvbfa  village   200 404   200
GET    /checks                                 rvbfa  village   200 404   200
GET    /screening-coverage                     rvbfa  village   200 404   200
POST   /risk/runs                              ba     county    200 -     -
GET    /risk/runs                              rvbfa  county    200 -     -
GET    /risk/runs/{asOf}                       rvbfa  county    200 -     -

GET    /cases                                  rvbfa  township  200 404   200
GET    /cases/{id}                             rvbfa  township  200 404   -
GET    /cases/{id}/history                     rvbfa  township  200 404   -
PUT    /cases/{id}/fixes                       ra     township  200 404   -
POST   /cases/{id}/progress                    ra     township  201 404   -
POST   /cases/{id}/resolution                  ra     township  422 404   -
POST   /cases/{id}/reopening                   ra     township  409 404   -

GET    /exports/arrears.csv                    rvbfa  village   200 404   200
GET    /exports/cases.csv                      rvbfa  township  200 404   200
GET    /exports/subsidies.csv                  rvbfa  village   200 404   200
GET    /exports/contracts.csv                  rvbfa  village   200 404   200
GET    /exports/summary.csv                    rvbfa  village   200 404   200
GET    /exports/worklist.csv                   rvbfa  village   200 404   200
GET    /exports/monthly-brief.docx             rvbfa  township  200 404   200

GET    /import-mappings                        rvbfa  village   200 -     -
PUT    /import-mappings/{name}                 rbfa   village   200 -     -
POST   /imports/regions                        rba    village   201 201   201
POST   /imports/operators                      ra     village   201 -     -
POST   /imports/contracts                      ra     village   201 201   -
POST   /imports/payments                       ra     village   201 -     -
POST   /imports/arrears                        ra     village   201 -     -
POST   /imports/subsidies                      bfa    village   201 -     -
POST   /imports/grain-prices                   ba     county    201 -     -
GET    /imports                                rvbfa  village   200 -     -
GET    /imports/{id}                           rvbfa  village   200 404   404
GET    /imports/{id}/rows                      rvbfa  village   200 404   404
GET    /imports/{id}/file                      rba    village   200 404   404
POST   /imports/{id}/withdrawal                rbfa   village   201 404   404

GET    /alert-recipients                       ba     county    200 -     -
PUT    /alert-recipients                       ba     county    200 -     -
GET    /alerts                                 ba     county    200 -     -
`

export interface TableRow {
  method: string
  path: string
  who: string
  reach: string
  own: string
  other: string
  parent: string
}

export const ACCESS_TABLE: readonly TableRow[] = TABLE.trim()
  .split('\n')
  .slice(1)
  .filter((line) => line !== '')
  .map((line) => {
    const [method = '', path = '', who = '', reach = '', own = '', other = '', parent = ''] =
      line.split(/\s+/)
    return { method, path, who, reach, own, other, parent }
  })
