import { hash, verify } from '@node-rs/argon2'

/** Argon2id, its default, as OWASP asks for at least: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of no password, for users that there are not: looked at in the same time as a real one. */
const NOBODYS_HASH =
  `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}` +
  `$${'A'.repeat(22)}$${'A'.repeat(43)}`

export const hashPassword = (password: string): Promise<string> => hash(spelled(password), COST)

/** Whether a password is the one of a hash; without a hash no password is. */
export async function isPasswordOf(
  passwordHash: string | undefined,
  password: string,
): Promise<boolean> {
  const isRight = await verify(passwordHash || NOBODYS_HASH, spelled(password))
  return isRight && Boolean(passwordHash)
}

/** The same character may be sent in several spellings, from one keyboard or another. */
const spelled = (password: string) => password.normalize('NFKC')
