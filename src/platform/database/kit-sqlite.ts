import {
  blob,
  customType,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import type { KeyRing } from './key-ring.ts'
import { type Mapping, sealedValues } from './sealed-values.ts'

/**
 * Column vocabulary of this service, spelled for SQLite; `kit-postgres.ts` spells the same words.
 * Without keys, whatever touches a sealed value throws.
 */
export const sqliteKit = (keys?: KeyRing) => ({
  table: sqliteTable,
  index,
  uniqueIndex,
  primaryKey,
  id: (name: string) => text(name).primaryKey(),
  ref: (name: string) => text(name).notNull(),
  maybeRef: (name: string) => text(name),
  label: (name: string) => text(name).notNull(),
  maybeLabel: (name: string) => text(name),
  /** One of a closed set of words; the set is checked where the fact comes in. */
  word: <W extends string>(name: string) => text(name).$type<W>().notNull(),
  maybeWord: <W extends string>(name: string) => text(name).$type<W>(),
  fen: (name: string) => integer(name).notNull(),
  maybeFen: (name: string) => integer(name),
  /** An area or another number with two decimals, times a hundred. */
  hundredths: (name: string) => integer(name).notNull(),
  count: (name: string) => integer(name).notNull(),
  maybeCount: (name: string) => integer(name),
  day: (name: string) => text(name).notNull(),
  maybeDay: (name: string) => text(name),
  instant: (name: string) => text(name).notNull(),
  maybeInstant: (name: string) => text(name),
  bytes: (name: string) => blob(name, { mode: 'buffer' }).$type<Uint8Array>().notNull(),
  /** Personal data: encrypted in the file, plain in the program. */
  sealed: (name: string) => ofText(sealedValues(keys, name).text)(name).notNull(),
  maybeSealed: (name: string) => ofText(sealedValues(keys, name).text)(name),
  sealedBytes: (name: string) =>
    customType<{ data: Uint8Array; driverData: Uint8Array }>({
      dataType: () => 'blob',
      ...sealedValues(keys, name).bytes,
    })(name).notNull(),
  /** A keyed hash of personal data, to find it by. */
  maybeKeyedHash: (name: string) => ofText(sealedValues(keys, name).hash)(name),
  /** A code, sealed where it is the ID number of a person: equal ones stay equal. */
  maybeCode: (name: string) => ofText(sealedValues(keys, name).code)(name),
  flag: (name: string) => integer(name, { mode: 'boolean' }).notNull(),
  json: <T>(name: string) => text(name, { mode: 'json' }).$type<T>().notNull(),
  maybeJson: <T>(name: string) => text(name, { mode: 'json' }).$type<T>(),
})
export type ColumnKit = ReturnType<typeof sqliteKit>

const ofText = (mapping: Mapping<string>) =>
  customType<{ data: string; driverData: string }>({ dataType: () => 'text', ...mapping })
