import type { Digest, DigestSection } from '../domain/digest.ts'
import type { DigestCount } from '../domain/digest-counts.ts'
import type { DigestLine } from '../domain/digest-lines.ts'
import { LEVEL_NAMES, type Level } from '../domain/levels.ts'

/** Dark enough behind white, light enough behind black: 4.5 to 1 or more. */
const LABELS: Readonly<Record<Level, string>> = {
  red: 'background-color:#b3261e;color:#ffffff',
  orange: 'background-color:#b54708;color:#ffffff',
  yellow: 'background-color:#ffd633;color:#1f1f1f',
  blue: 'background-color:#1d4ed8;color:#ffffff',
  none: 'background-color:#5f6368;color:#ffffff',
}
const FONT = "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',Arial,sans-serif"
const TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"'
/** A long address or name must not widen its column. */
const WRAP = 'word-break:break-word;overflow-wrap:anywhere'
const RULE = 'border-top:1px solid #dadce0'

/**
 * A message as HTML for phones and for Outlook: tables, styles on the elements, nothing fetched.
 * Every value is escaped.
 */
export function digestHtml(digest: Digest): string {
  const { subject, heading, status, counts, festival, sections, more, footer } = digest
  const rows = [
    `<p style="margin:0;font-size:19px;line-height:1.4;font-weight:bold">${escaped(heading)}</p>
<p style="margin:4px 0 0;font-size:15px;line-height:1.6">${escaped(status)}</p>`,
    `<table ${TABLE} style="table-layout:fixed">${counts.map(countRow).join('\n')}</table>`,
    ...sections.map((section) => sectionHtml(`${section.title}(${section.count})`, section)),
    ...(more === null ? [] : [paragraph(more, 'font-size:15px;font-weight:bold')]),
    ...(festival ? [sectionHtml(festival.title, festival)] : []),
    footer.map((line) => paragraph(line, 'font-size:13px;color:#4a4d51')).join('\n'),
  ]
  return `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escaped(subject)}</title>
</head>
<body style="margin:0;padding:0;background-color:#f1f3f4">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escaped(status)}</div>
<table ${TABLE} style="background-color:#f1f3f4"><tr><td align="center" style="padding:8px">
<table ${TABLE} style="max-width:640px;background-color:#ffffff;color:#1f1f1f;${FONT}">
${rows.map((row) => `<tr><td align="left" style="padding:14px 16px">${row}</td></tr>`).join('\n')}
</table>
</td></tr></table>
</body>
</html>
`
}

function countRow({ label, value, levels = [], isTrouble }: DigestCount): string {
  const labels = levels.map(({ level, count }) => `${labelOf(level)}&nbsp;${count}`)
  const weight = isTrouble ? ';font-weight:bold;color:#b3261e' : ''
  const cell = `padding:6px 0;font-size:15px;line-height:1.7;${WRAP};${RULE}`
  return `<tr><td valign="top" width="124" style="${cell};padding-right:8px;color:#4a4d51">
${escaped(label)}</td><td valign="top" style="${cell}${weight}">
${[figures(value), ...labels].join(' &nbsp; ')}</td></tr>`
}

function sectionHtml(title: string, { lines }: DigestSection): string {
  const rows = lines.map(lineRow).join('\n')
  return `${paragraph(title, 'font-size:16px;font-weight:bold')}
<table ${TABLE} style="table-layout:fixed">${rows}</table>`
}

function lineRow({ level, who, what }: DigestLine): string {
  const cell = `padding:8px 0;font-size:15px;line-height:1.5;${WRAP};${RULE}`
  const label = level === null ? '' : labelOf(level)
  return `<tr><td valign="top" width="36" style="${cell}">${label}</td>
<td valign="top" style="${cell}"><b>${escaped(who)}</b><br>${figures(what)}</td></tr>`
}

const labelOf = (level: Level) =>
  `<span style="${LABELS[level]};padding:2px 6px;font-size:14px;font-weight:bold">${
    LEVEL_NAMES[level]
  }</span>`

const paragraph = (text: string, style: string) =>
  `<p style="margin:0 0 4px;line-height:1.6;${style}">${escaped(text)}</p>`

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign)
/** A number keeps its unit beside it where a phone breaks the line. */
const figures = (text: string) => escaped(text).replace(/(\d) (?=\p{Lo})/gu, '$1\u00a0')
