/** Something stored that is not what the facts come to. Ids and figures only: no names. */
export interface Difference {
  about: 'contract' | 'case'
  id: string
  field: string
  stored: unknown
  computed: unknown
}

/** The fields in which a stored row differs from the computed one; JSON compares as its text. */
export function differencesOf<Row extends object>(
  about: Difference['about'],
  id: string,
  stored: Row,
  computed: Row,
  prefix = '',
): Difference[] {
  return (Object.keys(computed) as (keyof Row & string)[]).flatMap((key) =>
    JSON.stringify(stored[key]) === JSON.stringify(computed[key])
      ? []
      : [{ about, id, field: prefix + key, stored: stored[key], computed: computed[key] }],
  )
}
