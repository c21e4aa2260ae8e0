import type { Digest, DigestSection } from '../domain/digest.ts'
import type { DigestCount } from '../domain/digest-counts.ts'
import type { DigestLine } from '../domain/digest-lines.ts'
import { LEVEL_NAMES } from '../domain/levels.ts'

/** A message as plain text, with everything that its HTML says. */
export function digestText(digest: Digest): string {
  const { heading, status, counts, festival, sections, more, footer } = digest
  const blocks = [
    [heading, status],
    counts.map(countText),
    ...sections.map((section) => sectionText(`${section.title}(${section.count})`, section)),
    ...(more === null ? [] : [[more]]),
    ...(festival ? [sectionText(festival.title, festival)] : []),
    ['--', ...footer],
  ]
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`
}

function countText({ label, value, levels = [], isTrouble }: DigestCount): string {
  const words = levels.map(({ level, count }) => `${LEVEL_NAMES[level]} ${count}`)
  return `${isTrouble ? '! ' : ''}${label}:${[value, ...words].join(' · ')}`
}

const sectionText = (title: string, { lines }: DigestSection) => [
  `■ ${title}`,
  ...lines.map(lineText),
]

function lineText({ level, who, what }: DigestLine): string {
  const label = level === null ? '' : `【${LEVEL_NAMES[level]}】`
  return `- ${label}${who}\n  ${what}`
}
