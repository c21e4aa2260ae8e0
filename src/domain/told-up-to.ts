/** What became of a message that told everything recorded by `toldUpTo`. */
export interface ToldDigest {
  state: 'queued' | 'sent' | 'failed'
  toldUpTo: string
  endedAt: string | null
}

/**
 * The instant up to which a recipient was told; undefined when no message counts as told. A failed
 * one told nothing: when it failed only after its successors were composed, they went on from it,
 * and the next message goes back to before it.
 *
 * Units: instants (ISO 8601 UTC). Source: domain.md, The night: against what each recipient was
 * last told; a message is not lost.
 * @example toldUpTo([{ state: 'sent', toldUpTo: t1, endedAt: t2 }]) // t1
 */
export function toldUpTo(digests: readonly ToldDigest[]): string | undefined {
  const inOrder = [...digests].sort((a, b) => (a.toldUpTo < b.toldUpTo ? -1 : 1))
  const told = inOrder.filter(({ state }) => state !== 'failed')
  const last = told.at(-1)
  if (!last) return undefined
  const lost = inOrder.find(
    ({ state, endedAt }) => state === 'failed' && (endedAt ?? '') > last.toldUpTo,
  )
  if (!lost) return last.toldUpTo
  // Before a first message there is nothing to go back to: it told no changes.
  return told.findLast((one) => one.toldUpTo < lost.toldUpTo)?.toldUpTo ?? lost.toldUpTo
}
