const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/**
 * Whether a unified social credit code has its right check character. Some genuine codes fail:
 * warn.
 *
 * Units: 18 characters of the code's own alphabet; anything else is false. Throws nothing.
 * Source: GB 32100-2015 (weight 3^(i−1) mod 31, check = (31 − Σ mod 31) mod 31).
 * Example: usccHolds('91350100M000100Y43') is true.
 */
export function usccHolds(code: string): boolean {
  if (code.length !== 18) return false
  let sum = 0
  let weight = 1
  for (const character of code.slice(0, 17)) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) return false
    sum += value * weight
    weight = (weight * 3) % 31
  }
  return ALPHABET[(31 - (sum % 31)) % 31] === code[17]
}
