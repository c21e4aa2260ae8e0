import { wan } from './fen.ts'

const WAN_FEN = 1_000_000

/**
 * An amount as sentences print it.
 *
 * Units: fen in; 万元 with two decimals out, 元 with two decimals below 1 万元. Throws RangeError on
 * what is no amount in fen from 1 万元 on. Source: county practice, design decision.
 * Example: moneyWords(64100000) is '64.10 万元', moneyWords(999999) '9999.99 元'.
 */
export function moneyWords(amountFen: number): string {
  return amountFen < WAN_FEN ? `${(amountFen / 100).toFixed(2)} 元` : `${wan(amountFen)} 万元`
}
