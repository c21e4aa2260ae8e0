import type { Role } from '../platform/database/tables-of-access.ts'

/** Who asks: a token's or a user's identity, passed to every verb. */
export interface Caller {
  id: string
  label: string
  role: Role
  /** The region that bounds the caller: 6, 9 or 12 digits; undefined = the whole county. */
  regionCode: string | undefined
}

/** A caller out of the row of a token or a user. */
export const callerFrom = ({
  id,
  label,
  role,
  regionCode,
}: Omit<Caller, 'regionCode'> & { regionCode: string | null }): Caller => ({
  id,
  label,
  role,
  regionCode: regionCode ?? undefined,
})

/** The service itself: the night, catching up, preparing. */
export const SERVICE: Caller = {
  id: 'service',
  label: 'service',
  role: 'admin',
  regionCode: undefined,
}

/** Whoever administers the machine that the service runs on. */
export const COMMAND_LINE: Caller = {
  id: 'command-line',
  label: '命令行',
  role: 'admin',
  regionCode: undefined,
}
