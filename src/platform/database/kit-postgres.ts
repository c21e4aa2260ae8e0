import {
  bigint,
  boolean,
  customType,
  date,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { KeyRing } from './key-ring.ts'
import type { ColumnKit } from './kit-sqlite.ts'
import { type Mapping, sealedValues } from './sealed-values.ts'

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

const kitWith = (keys: KeyRing | undefined) => ({
  table: pgTable,
  index,
  uniqueIndex,
  primaryKey,
  id: (name: string) => text(name).primaryKey(),
  ref: (name: string) => text(name).notNull(),
  maybeRef: (name: string) => text(name),
  label: (name: string) => text(name).notNull(),
  maybeLabel: (name: string) => text(name),
  word: (name: string) => text(name).notNull(),
  maybeWord: (name: string) => text(name),
  fen: (name: string) => bigint(name, { mode: 'number' }).notNull(),
  maybeFen: (name: string) => bigint(name, { mode: 'number' }),
  hundredths: (name: string) => bigint(name, { mode: 'number' }).notNull(),
  count: (name: string) => integer(name).notNull(),
  maybeCount: (name: string) => integer(name),
  day: (name: string) => date(name, { mode: 'string' }).notNull(),
  maybeDay: (name: string) => date(name, { mode: 'string' }),
  // Text, as in SQLite: ISO 8601 in UTC with milliseconds orders and compares as it stands.
  instant: (name: string) => text(name).notNull(),
  maybeInstant: (name: string) => text(name),
  bytes: (name: string) => bytea(name).notNull(),
  sealed: (name: string) => ofText(sealedValues(keys, name).text)(name).notNull(),
  maybeSealed: (name: string) => ofText(sealedValues(keys, name).text)(name),
  sealedBytes: (name: string) =>
    customType<{ data: Uint8Array; driverData: Uint8Array }>({
      dataType: () => 'bytea',
      ...sealedValues(keys, name).bytes,
    })(name).notNull(),
  maybeKeyedHash: (name: string) => ofText(sealedValues(keys, name).hash)(name),
  maybeCode: (name: string) => ofText(sealedValues(keys, name).code)(name),
  flag: (name: string) => boolean(name).notNull(),
  // json, not jsonb: jsonb reorders keys, and equal values must stay equal as text.
  json: (name: string) => json(name).notNull(),
  maybeJson: (name: string) => json(name),
})

const ofText = (mapping: Mapping<string>) =>
  customType<{ data: string; driverData: string }>({ dataType: () => 'text', ...mapping })

// Safe because both kits map every word to the same TypeScript value type; the store tests run the
// same round trips on both.
export const postgresKit = (keys?: KeyRing) =>
  kitWith(keys) satisfies Record<keyof ColumnKit, unknown> as unknown as ColumnKit
