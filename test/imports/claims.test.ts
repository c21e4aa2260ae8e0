/** What rows lay claim to is found again, however many there are. */

import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { Claims } from '../../src/imports/claims.ts'

const fingerprint = (word: string) => createHash('sha256').update(word).digest('hex')

it('each fact is its row’s, and another row’s is told apart', () => {
  const claims = new Claims()
  const ids = Array.from({ length: 3000 }, (_, no) => `fact ${no}`)
  for (const id of ids) claims.set(id, fingerprint(id))
  expect(ids.filter((id) => !claims.has(id))).toEqual([])
  expect(ids.filter((id) => claims.isOfAnother(id, fingerprint(id)))).toEqual([])
  expect(ids.filter((id) => !claims.isOfAnother(id, fingerprint('another')))).toEqual([])
})

it('what nobody has claimed is free', () => {
  const claims = new Claims()
  claims.set('519901101', fingerprint('a'))
  expect(claims.has('519901102')).toBe(false)
  expect(claims.isOfAnother('519901102', fingerprint('a'))).toBe(false)
})

it('the last row that claims a fact has it', () => {
  const claims = new Claims()
  claims.set('fact', fingerprint('first'))
  claims.set('fact', fingerprint('second'))
  expect(claims.isOfAnother('fact', fingerprint('first'))).toBe(true)
  expect(claims.isOfAnother('fact', fingerprint('second'))).toBe(false)
})
