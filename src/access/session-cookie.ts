/** The cookie of a session: for this host only, out of reach of scripts and of other sites. */
export const sessionCookie = (secure: boolean) => ({
  // A browser takes the prefix from https only, and from no other host or path.
  name: secure ? '__Host-session' : 'session',
  attributes: { path: '/', httpOnly: true, sameSite: 'strict', secure } as const,
})
export type SessionCookie = ReturnType<typeof sessionCookie>
