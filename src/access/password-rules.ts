import { Refusal } from '../errors.ts'

export const PASSWORD_MAX = 200
const CHARACTERS_MIN = 12
const DIFFERENT_MIN = 5
const BESIDE_USERNAME_MIN = 8

/** Long enough, and tried first by anyone who guesses. */
const NOTORIOUS = new Set([
  '1234567890ab',
  '123456789012',
  '123456789abc',
  '1234567890qwe',
  '1234567890-=',
  '012345678901',
  '12345678901234567890',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  '1qaz2wsx3edc4rfv',
  'qazwsxedcrfv',
  '123qweasdzxc',
  'abc123456789',
  'abcdefghijkl',
  'abcd12345678',
  'a123456789012',
  'admin1234567',
  'admin12345678',
  'admin@123456',
  'admin@12345678',
  'administrator',
  'iloveyou1314',
  'password1234',
  'password12345',
  'password@123',
  'passw0rd1234',
  'p@ssw0rd1234',
  'p@ssword1234',
  'qwer12345678',
  'qwerty123456',
  'qwertyuiop12',
  'qwertyuiop123',
  'qwertyuiopasdf',
  'woaini123456',
  'woaini1314520',
  'woaini5201314',
  '5201314520131',
])

/** Refuses: password-weak, saying why, for the field that it came in. */
export function refuseWeakPassword(password: string, username: string, field: string): void {
  const characters = [...password]
  const folded = password.normalize('NFKC').toLowerCase()
  const beside = folded.replaceAll(username, '')
  if (characters.length < CHARACTERS_MIN)
    throw weak(field, `密码不能少于 ${CHARACTERS_MIN} 个字符`, 'must have 12 characters or more')
  if (folded.includes(username) && [...beside].length < BESIDE_USERNAME_MIN)
    throw weak(field, '密码不能由用户名组成', 'must not be made of the user name')
  if (new Set(folded).size < DIFFERENT_MIN)
    throw weak(field, '密码中重复的字符过多', 'repeats too few characters')
  if (NOTORIOUS.has(folded))
    throw weak(field, '这个密码过于常见,极易被猜中', 'is one of those that are tried first')
}

const weak = (field: string, zh: string, en: string) =>
  new Refusal('rule-broken', 'password-weak', { zh, en }, field)
