import type { Amendment, LandUse, Rent } from '../domain/contract-terms.ts'
import type { Guess, ImportProblem } from '../platform/database/tables-of-imports.ts'
import type { OfYears } from './year-columns.ts'

export const IMPORT_LEDGERS = [
  'regions',
  'operators',
  'contracts',
  'payments',
  'subsidies',
  'arrears',
  'grain-prices',
] as const
export type ImportLedger = (typeof IMPORT_LEDGERS)[number]
export const isImportLedger = (word: string | undefined): word is ImportLedger =>
  IMPORT_LEDGERS.some((ledger) => ledger === word)

/** Where a row lies: the names as they are written in it, in its sheet's name or in a title. */
interface Place {
  township?: string
  villageName?: string
  villageCode?: string
}

/** Who leases: the name as written. */
interface Party {
  operatorName?: string
  uscc?: string
}

/** Which contract a row is about: its number, else operator, village, start and area. */
interface ContractNamed extends Place, Party {
  contractNo?: string
  startOn?: string
  areaMu?: number
}

export interface RegionRecord extends Place {
  code: string
  name: string
  secondRoundExpiresOn?: string
}
export interface OperatorRecord {
  name: string
  kind: 'company' | 'cooperative' | 'family_farm' | 'individual' | 'other'
  uscc?: string
  representative?: string
  phone?: string
}
export interface ContractRecord extends Place, Party {
  contractNo?: string
  /** 业主类型, where a column gives it. */
  operatorKind?: OperatorRecord['kind']
  representative?: string
  phone?: string
  /** Without a kind where the file says none: what is recorded stays, a new one is guessed. */
  lessor: {
    kind?: 'village_collective' | 'household'
    name?: string
    households?: number
    people?: number
  }
  landUse: LandUse
  startOn: string
  endOn: string
  signedOn?: string
  rent: Rent
  riskDepositFen?: number
  insured?: boolean
  penaltyPer10kPerDay?: number
  toleranceDays?: number
  /** What was agreed later, and the early end, as the ledger of this service writes them. */
  amendments?: (Amendment & { reason: string })[]
  end?: { endedOn: string; reason: string }
}
export interface PaymentRecord extends ContractNamed {
  amountFen: number
  paidOn: string
  receiptNo?: string
  designatedDueOn?: string
  method?: string
  note?: string
}
export interface SubsidyRecord extends Place, Party {
  contractNo?: string
  /** What stands for the number of a linked contract that has none, or whose number is masked. */
  hiddenContract?: string
  programme: string
  year: number
  standing?: 'recognised' | 'claimed'
  /** Where none is said, the cell that speaks for recognised. */
  proof?: { field: string; value: string }
  amountFen: number
  documentNo?: string
  fundingSource?: 'central' | 'province' | 'city' | 'county'
  acceptedOn?: string
  payableOn?: string
  stage?: string
  reasonUnpaid?: string
  responsibleUnit?: string
  /** What was paid out so far, and on which day. */
  disbursedFen?: number
  disbursedOn?: string
}
/** An opening balance: what is owed of which rent years of a contract at `asOf`. */
/** Of some rent years, or of all up to one. */
export type OwedByYear = OfYears & { arrearsFen: number }
export interface ArrearsRecord extends ContractNamed {
  /** Calendar years in which the rent years begin; absent: all that no other row names. */
  rentYears?: number[]
  arrearsFen: number
  /** What the row says of each year, where every year has a column: their sum is `arrearsFen`. */
  byYear?: OwedByYear[]
  asOf?: string
}
export interface GrainPriceRecord {
  grain: string
  effectiveOn: string
  fenPer50kg: number
  source: string
}

export interface ImportRecords {
  regions: RegionRecord
  operators: OperatorRecord
  contracts: ContractRecord
  payments: PaymentRecord
  subsidies: SubsidyRecord
  arrears: ArrearsRecord
  'grain-prices': GrainPriceRecord
}

export interface ReadHeading {
  column: string
  cell: number
  field: string
}

/** A row of the file after reading, before anything is looked up or recorded. */
export interface ReadRow<L extends ImportLedger = ImportLedger> {
  sheet: string
  /** Its number in the file, from 1. */
  row: number
  /** skipped: no data (a title, headings, 合计, a note); reported: `problems` says why. */
  status: 'read' | 'reported' | 'skipped'
  /** What could be read; whole when `status` is read. */
  record?: Partial<ImportRecords[L]>
  /** `rowFingerprint` of the record, where whoever read the file has made it on the way. */
  fingerprint?: string
  /** What stands in cells that were read as something else, by heading. */
  written?: Readonly<Record<string, string>>
  guessed: Guess[]
  problems: ImportProblem[]
  /** On the last row of headings: how they were understood; `cell` counts columns from 0. */
  headings?: ReadHeading[]
  /** The column that each field of the record was read from, for problems that are found later. */
  columns?: Readonly<Record<string, string>>
}
