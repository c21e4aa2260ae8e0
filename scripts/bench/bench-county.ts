import type { Day } from '../../src/domain/calendar-day.ts'

/** Another county is generated when this changes; raise it with every change of what is drawn. */
const GENERATOR_VERSION = 1

/** The day that is measured. Everything was recorded before `NOW`. */
export const AS_OF: Day = '2024-06-30'
export const NOW = '2024-06-30T15:00:00.000Z'
export const TIME_ZONE = 'Asia/Shanghai'

export const FOLDER = 'var/bench'
export const countyFile = (contracts: number) =>
  `${FOLDER}/county-${contracts}-v${GENERATOR_VERSION}.db`
/** What is measured is a copy: a night writes into it. */
export const copyFile = (contracts: number) => `${FOLDER}/night-${contracts}.db`
