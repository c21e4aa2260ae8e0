import type { AlertRecipient } from '../../src/platform/database/tables-of-alerts.ts'

/** Who is told every night: two of the county, one of each township; addresses are invented. */
export function demoRecipients(
  regions: readonly { code: string; name: string }[],
): AlertRecipient[] {
  const county = '519901'
  const townships = regions.filter(({ code }) => code.length === 9)
  const recipient = (account: string, name: string, regionCode: string) => {
    return { email: `${account}@ganyuan.example.com`, name, regionCode, active: true }
  }
  return [
    recipient('fenguan', '分管副县长', county),
    recipient('nongye', '县农业农村局', county),
    ...townships.map(({ code, name }) => recipient(`t${code}`, `${name}农业服务中心`, code)),
  ]
}
