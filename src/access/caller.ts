/** Who asks: the token's identity, passed to every verb. Scopes and masking look at it. */
export interface Caller {
  id: string
  label: string
  role: string
  /** The region that bounds the caller; undefined = the whole county. */
  regionCode: string | undefined
}

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
