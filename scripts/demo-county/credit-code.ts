import type { Random } from './random.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
const REGISTRY_AND_KIND = { company: '91', cooperative: '93', family_farm: '92' } as const

/** A unified social credit code of the invented county, both of its check characters right. */
export function creditCode(random: Random, kind: keyof typeof REGISTRY_AND_KIND): string {
  const serial = Array.from({ length: 6 }, () => random.pick([...ALPHABET])).join('')
  const organisation = `MA${serial}`
  const body = `${REGISTRY_AND_KIND[kind]}519901${organisation}${organisationCheck(organisation)}`
  return body + creditCheck(body)
}

/** The same code with one character taken for another, as it is copied from a poor scan. */
export function misread(code: string): string {
  return code.slice(0, 17) + (ALPHABET[(ALPHABET.indexOf(code.slice(17)) + 7) % 31] ?? '0')
}

/** GB 11714: letters count from A = 10; 10 is written X, 11 is 0. */
function organisationCheck(organisation: string): string {
  const sum = [...organisation].reduce(
    (total, character, at) =>
      total + Number.parseInt(character, 36) * (ORGANISATION_WEIGHTS[at] ?? 0),
    0,
  )
  const check = 11 - (sum % 11)
  return check === 10 ? 'X' : String(check % 11)
}

/** GB 32100: weights 3^(i−1) mod 31. */
function creditCheck(body: string): string {
  let sum = 0
  let weight = 1
  for (const character of body) {
    sum += ALPHABET.indexOf(character) * weight
    weight = (weight * 3) % 31
  }
  return ALPHABET[(31 - (sum % 31)) % 31] ?? '0'
}
