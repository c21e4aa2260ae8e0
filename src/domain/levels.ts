/**
 * Internal grades (内部研判等级), most urgent first. Not a statutory warning (Emergency Response Law 63).
 */
export const LEVELS = ['red', 'orange', 'yellow', 'blue', 'none'] as const
export type Level = (typeof LEVELS)[number]

/** The least score of each level; below `blue` it is `none`. */
export type LevelMinima = Readonly<Record<Exclude<Level, 'none'>, number>>

export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  red: '红',
  orange: '橙',
  yellow: '黄',
  blue: '蓝',
  none: '无',
}

/**
 * The level of a score; nothing else decides it.
 *
 * Units: whole points.
 * Source: domain.md, Risk, Levels.
 * @example levelOf(59, { red: 60, orange: 40, yellow: 20, blue: 1 }) // 'orange'
 */
export function levelOf(score: number, minima: LevelMinima): Level {
  if (score >= minima.red) return 'red'
  if (score >= minima.orange) return 'orange'
  if (score >= minima.yellow) return 'yellow'
  return score >= minima.blue ? 'blue' : 'none'
}

/**
 * Whether a level is as urgent as another or more so.
 *
 * Source: domain.md, Cases: contracts flagged at yellow or above.
 * @example reachesLevel('orange', 'yellow') // true
 */
export function reachesLevel(level: Level, threshold: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(threshold)
}
