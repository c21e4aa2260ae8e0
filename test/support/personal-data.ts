import type { ParsedMail } from 'mailparser'
import type { CountyTables } from '../../scripts/demo-county/county-tables.ts'
import { unzipped } from '../../src/platform/spreadsheet/zip-file.ts'

const PERSONS = ['individual', 'family_farm']

/** What nobody may read in a mail of the demo county, by what it is. */
export function personalData({ contracts, operators }: CountyTables): Record<string, string[]> {
  const lessors = contracts.map(({ lessorName }) => lessorName)
  const households = contracts.filter(({ lessorKind }) => lessorKind === 'household')
  const persons = operators.filter(({ kind }) => PERSONS.includes(kind))
  return {
    lessors: distinct(lessors),
    farmers: distinct(households.map(({ lessorName }) => lessorName.replace(/等\d+户$/, ''))),
    representatives: distinct(operators.map(({ representative }) => representative)),
    phones: distinct(operators.map(({ phone }) => phone)),
    codes: distinct(operators.map(({ uscc }) => uscc)),
    persons: distinct(persons.map(({ name }) => name)),
  }
}

const distinct = (texts: readonly string[]) => [...new Set(texts)].filter((text) => text !== '')

/** Every text of messages, once: headers, both bodies, all strings of the attached workbooks. */
export function textsOf(mails: readonly ParsedMail[]): Set<string> {
  const texts = new Set<string>()
  for (const { headers, subject = '', text = '', html, attachments } of mails) {
    const whole = [JSON.stringify([...headers]), subject, text, html || '']
    for (const { filename = '', content } of attachments)
      whole.push(filename, ...unzipped(content).map((part) => part.content.toString('utf8')))
    for (const one of whole.join('\n').split(/[<>\n]/)) texts.add(one)
  }
  return texts
}

/** Those of `secrets` that stand in one of the texts. */
export function leaked(texts: ReadonlySet<string>, secrets: readonly string[]): string[] {
  const all = [...texts].join('\n')
  return secrets.filter((secret) => all.includes(secret))
}
