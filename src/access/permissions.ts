import type { Role } from '../platform/database/tables-of-access.ts'

export const ROLES = ['admin', 'bureau', 'finance', 'recorder', 'viewer'] as const satisfies Role[]

/** What a route may ask of its caller: which roles have it, and how far a caller must reach. */
const PERMISSIONS = {
  /** One's own session. */
  self: { roles: ROLES },
  /** What lies in one's region. */
  read: { roles: ROLES },
  /** Cases, which are a township's: no caller of a single village sees them. */
  'read-cases': { roles: ROLES, reach: 'township' },
  /** What only the whole county can be asked: runs, counts. */
  'read-county': { roles: ROLES, reach: 'county' },
  /** Facts of contracts and operators. */
  record: { roles: ['recorder', 'admin'] },
  'work-cases': { roles: ['recorder', 'admin'], reach: 'township' },
  regions: { roles: ['recorder', 'bureau', 'admin'] },
  /** Ledgers of whatever one may record. */
  import: { roles: ['recorder', 'bureau', 'finance', 'admin'] },
  subsidies: { roles: ['bureau', 'finance', 'admin'] },
  /** Names, telephones and numbers of people, unmasked. */
  reveal: { roles: ['recorder', 'bureau', 'admin'] },
  /** Recipients, policies, prices, nights, operators that are one. */
  county: { roles: ['bureau', 'admin'], reach: 'county' },
  /** Tokens, users, the audit. */
  administer: { roles: ['admin'], reach: 'county' },
} as const satisfies Record<string, { roles: readonly Role[]; reach?: 'township' | 'county' }>
export type Permission = keyof typeof PERMISSIONS

/** Whether somebody of a role, bounded by a region, has a permission. */
export function isPermitted(
  { role, regionCode }: { role: Role; regionCode: string | undefined },
  permission: Permission,
): boolean {
  const { roles, reach }: { roles: readonly Role[]; reach?: string } = PERMISSIONS[permission]
  if (!roles.includes(role)) return false
  if (regionCode === undefined || reach === undefined) return true
  return reach === 'township' && regionCode.length <= TOWNSHIP_DIGITS
}

const TOWNSHIP_DIGITS = 9
