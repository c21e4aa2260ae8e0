import { holdsIdNumber } from '../../domain/mask-name.ts'
import type { KeyRing } from './key-ring.ts'

/** How a value of a column is stored and read. */
export interface Mapping<T> {
  toDriver: (plain: T) => T
  fromDriver: (stored: T) => T
}

/** How values of sealed columns are written and read, the same in both databases. */
export function sealedValues(keys: KeyRing | undefined, column: string) {
  const ring = () => {
    if (keys) return keys
    throw new Error(`${column} is sealed, and no keys were given`)
  }
  return {
    text: {
      toDriver: (plain: string) => ring().seal(column, plain),
      fromDriver: (stored: string) => ring().open(column, stored),
    },
    bytes: {
      toDriver: (plain: Uint8Array) => ring().sealBytes(column, plain),
      fromDriver: (stored: Uint8Array) => ring().openBytes(column, stored),
    },
    hash: {
      toDriver: (text: string) => ring().hash(text) as string,
      fromDriver: (stored: string) => stored,
    },
    /** The same for the same code, so that it can be compared. What looks sealed is sealed too. */
    code: {
      toDriver: (code: string) =>
        holdsIdNumber(code) || /^v\d+:/i.test(code) ? ring().sealAlike(column, code) : code,
      fromDriver: (stored: string) =>
        stored.startsWith('v1:') ? ring().open(column, stored) : stored,
    },
  }
}
