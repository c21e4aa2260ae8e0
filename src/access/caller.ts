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
