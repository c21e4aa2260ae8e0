import type { ColumnKit } from './kit-sqlite.ts'

/** When and by whom a row was recorded. */
export const recorded = (c: ColumnKit) => ({
  recordedAt: c.instant('recorded_at'),
  recordedBy: c.label('recorded_by'),
})

/** What the ledger adds to every version of a fact. */
export const versioned = (c: ColumnKit) => ({
  id: c.ref('id'),
  version: c.count('version'),
  withdrawn: c.flag('withdrawn'),
  changeReason: c.maybeLabel('change_reason'),
  ...recorded(c),
})

/** Of what is put again and again under one id: the last version may say that it was withdrawn. */
export const withdrawable = (c: ColumnKit) => ({
  withdrawn: c.flag('withdrawn').default(false),
  changeReason: c.maybeLabel('change_reason'),
})
