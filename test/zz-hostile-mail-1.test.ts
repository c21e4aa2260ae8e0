import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { it } from 'vitest'
import { openTestCounty, VILLAGE, OTHER_VILLAGE, TOWNSHIP } from './support/test-county.ts'
const C = '519901'
const out = (...x: any[]) => process.stdout.write(x.map((y) => typeof y === 'string' ? y : JSON.stringify(y)).join(' ') + '\n')
async function mails(c: any, asOf: string) {
  const r: any[] = []
  for (const f of readdirSync(c.outboxDir).filter((f) => f.startsWith(asOf)).sort()) r.push([f, await simpleParser(readFileSync(join(c.outboxDir, f)))])
  return r
}
const rcpt = (n: string, regionCode = C, name = '值班') => ({ email: `${n}@example.org`, name, regionCode })

it('A: thirty-one new yellow push a red relapse, deadlines and breaches out', async () => {
  const c = await openTestCounty('2022-06-01')
  await c.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' }); await c.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  await c.put('/alert-recipients', { items: [rcpt('county')] })
  const red = (await c.operator({ name: '红业公司', kind: 'company' })).id
  const k = await c.contract(red, { contractNo: 'R-1', lessor: { kind: 'village_collective', households: 200 } })
  await c.record(`/operators/${red}/conditions`, { condition: 'unreachable', observedOn: '2022-01-01', source: '走访' })
  await c.night('2022-06-01')
  const [one] = (await c.read('/cases')).items
  out('case', one.level, one.state, one.version)
  const fix = await c.send('PUT', `/cases/${one.id}/fixes`, { measure: 'm', responsibleUnit: 'u', leadOfficial: 'l', responsiblePerson: 'p', deadlineOn: '2022-06-02' }, { 'if-match': `"${one.version}"` })
  out('fix', fix.status, fix.body)
  const res = await c.send('POST', `/cases/${one.id}/resolution`, { outcome: 'agreed', evidence: 'e' }, { 'if-match': `"${fix.body.version ?? one.version + 1}"` })
  out('res', res.status, res.body.code ?? res.body.state)
  c.clockOf.goTo('2023-01-05')
  for (let i = 0; i < 31; i++) {
    const o = (await c.operator({ name: `黄业${i}公司`, kind: 'company' })).id
    await c.contract(o, { contractNo: `Y-${i}`, startOn: '2021-01-01', rent: { lines: [{ areaMu: 10, fenPerMu: 60000 }], firstDueOn: '2021-12-31' } })
  }
  await c.night('2023-01-05')
  for (const [f, m] of await mails(c, '2023-01-05')) { out(f, m.subject); out(m.text) }
  const cs = await c.read('/cases?limit=500')
  out('cases', cs.items.length, cs.items[0].level, cs.items[0].state)
  await c.close()
}, 120000)

it('B: monthly rent twice within 30 days counts as two contracts; designated prepayment', async () => {
  const c = await openTestCounty('2023-03-01')
  await c.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' }); await c.put(`/regions/${VILLAGE}`, { name: '青溪村' })
  await c.put('/alert-recipients', { items: [rcpt('county')] })
  await c.night('2023-03-01')
  const o = (await c.operator({ name: '月付公司', kind: 'company' })).id
  await c.contract(o, { contractNo: 'M-1', startOn: '2022-01-01', rent: { lines: [{ areaMu: 10, fenPerMu: 60000 }], frequency: 'monthly', firstDueOn: '2022-01-02' } })
  const o2 = (await c.operator({ name: '预付公司', kind: 'company' })).id
  const k2 = await c.contract(o2, { contractNo: 'P-1', startOn: '2020-01-01', rent: { lines: [{ areaMu: 10, fenPerMu: 60000 }], firstDueOn: '2020-03-20' } })
  const p = await c.send('POST', `/contracts/${k2.id}/payments`, { amountFen: 600000, paidOn: '2023-02-01', designatedDueOn: '2023-03-20' })
  out('pay', p.status, JSON.stringify((await c.read(`/contracts/${k2.id}/standing`)).instalments.slice(0, 5)))
  c.clockOf.goTo('2023-03-02')
  await c.night('2023-03-02')
  for (const [f, m] of await mails(c, '2023-03-02')) { out(f, m.subject); out(m.text) }
  await c.close()
}, 60000)

it('C: county coverage of recognised late subsidies when arrears are another operator\'s', async () => {
  const c = await openTestCounty('2023-03-01')
  await c.put('/alert-recipients', { items: [rcpt('county')] })
  await c.night('2023-03-01')
  const a = (await c.operator({ name: '有补助公司', kind: 'company' })).id
  const b = (await c.operator({ name: '欠租公司', kind: 'company' })).id
  const kb = await c.contract(b, { contractNo: 'B-1' })
  await c.contract(a, { contractNo: 'A-1', startOn: '2023-01-01', endOn: '2032-12-31', rent: { lines: [{ areaMu: 10, fenPerMu: 60000 }], firstDueOn: '2023-12-31' } })
  await c.record('/subsidies', { operatorId: a, programme: 'P', year: 2022, standing: 'recognised', amountFen: 5000000, payableOn: '2023-01-01' })
  c.clockOf.goTo('2023-03-02')
  await c.night('2023-03-02')
  for (const [f, m] of await mails(c, '2023-03-02')) { out(f, m.subject); out(m.text) }
  const s = await c.read('/risk/summary?by=operator')
  out('summary coverage', s.coverageFen, s.arrearsFen, s.groups.map((g: any) => [g.name, g.coverageFen]))
  await c.close()
}, 60000)

it('D: names, phones, masks, numbers', async () => {
  const c = await openTestCounty('2023-03-01')
  await c.put(`/regions/${TOWNSHIP}`, { name: '青溪镇' }); await c.put(`/regions/${VILLAGE}`, { name: '青溪村(书记李某 13911112222)' })
  await c.put('/alert-recipients', { items: [rcpt('county'), rcpt('village', VILLAGE)] })
  await c.night('2023-03-01')
  const names: [string, string][] = [
    ['company', '<b>恶意</b><script>alert(1)</script>公司'], ['company', '\u202e反转公司\u202c'], ['company', '🌾绿野😀公司'],
    ['company', '长'.repeat(200)], ['company', '张三(13800138000)公司'], ['other', '王五 13700137000'],
    ['individual', '欧阳 锋'], ['individual', '张三(身份证510902197001011234)'], ['family_farm', '李四海家庭农场'], ['family_farm', '遂宁市船山区赵六种养殖家庭农场'],
    ['family_farm', '周七家庭农场(周七)'], ['individual', '阿𠮷田'], ['individual', 'Zhang San'], ['cooperative', '吴八13600136000'],['company','510902197001011234']]
  for (const [i, [kind, name]] of names.entries()) {
    const r = await c.send('POST', '/operators', { name, kind })
    if (r.status !== 201) { out('refused', name, r.body.code); continue }
    const no = i === 0 ? '13800138000' : i === 1 ? '张三 510902197001011234' : `N-${i}`
    await c.contract(r.body.id, { contractNo: no, lessor: { kind: 'household', name: '农户赵钱孙', households: 1 } })
    await c.record(`/operators/${r.body.id}/conditions`, { condition: 'unreachable', observedOn: '2022-01-01', source: '邻居孙某13500135000', note: '备注' })
  }
  c.clockOf.goTo('2023-03-02')
  await c.night('2023-03-02')
  for (const [f, m] of await mails(c, '2023-03-02')) {
    out(f, m.subject); if (f.includes('county')) { out(m.text); out(m.html.match(/<script|&lt;script/g)) }
    const { writeFileSync } = await import('node:fs')
    for (const a of m.attachments) { out('att', a.filename, a.contentType, a.size); writeFileSync(`/tmp/zz-${f.includes('county') ? 'county' : 'village'}.xlsx`, a.content) }
    writeFileSync(`/tmp/zz-${f.includes('county') ? 'county' : 'village'}.html`, m.html)
  }
  await c.close()
}, 60000)
