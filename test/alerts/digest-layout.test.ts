/** How a message looks: the same in HTML and in plain text, every value escaped. */
import { describe, expect, it } from 'vitest'
import { digestHtml } from '../../src/alerts/digest-html.ts'
import { digestText } from '../../src/alerts/digest-text.ts'
import type { Digest } from '../../src/domain/digest.ts'

const line = (n: number) => ({
  caseId: `c${n}`,
  level: 'orange' as const,
  who: `FX2021-000${n} 青溪合作社(青溪镇)`,
  what: `由黄变为橙,欠租 ${n}.00 万元`,
})
const DIGEST: Digest = {
  subject: '[柑源县·青溪镇] 2021-10-31 欠租风险:新增红橙 2',
  heading: '柑源县·青溪镇 欠租风险夜报',
  status: '自上次通报以来有 3 项变化',
  counts: [
    { label: '在管风险', value: '3 件', levels: [{ level: 'red', count: 1 }] },
    { label: '未送达的邮箱', value: 'li@example.org', isTrouble: true },
  ],
  sections: [{ title: '新增红橙', count: 3, lines: [line(1), line(2)] }],
  more: '… 另有 1 项(新增红橙 1)',
  changes: 3,
  festival: { title: '春节前到期租金最多的列管业主', count: 1, lines: [line(3)] },
  footer: ['红橙黄蓝为内部研判等级。', '请勿回复。'],
}

/** What a reader sees of a page. */
const seen = (html: string) =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&nbsp;|\u00a0/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')

const SAYINGS = [
  DIGEST.heading,
  DIGEST.status,
  ...DIGEST.counts.flatMap(({ label, value }) => [label, value]),
  '新增红橙(3)',
  ...[1, 2].flatMap((n) => [line(n).who, line(n).what]),
  DIGEST.more ?? '',
  DIGEST.festival?.title ?? '',
  line(3).who,
  line(3).what,
  ...DIGEST.footer,
]

describe('both forms', () => {
  it.each([
    ['HTML', seen(digestHtml(DIGEST))],
    ['plain text', digestText(DIGEST)],
  ])('%s says everything, in the same order', (_form, text) => {
    const places = SAYINGS.map((saying) => text.indexOf(saying, 1))
    const missing = SAYINGS.filter((saying) => !text.includes(saying))
    expect(missing).toEqual([])
    // The status is said in the preview line of a mailbox too.
    const ordered = places.slice(2)
    expect(ordered).toEqual([...ordered].sort((a, b) => a - b))
  })

  it('say a grade in words, not by colour alone', () => {
    expect(digestText(DIGEST)).toContain('【橙】FX2021-0001')
    expect(seen(digestHtml(DIGEST))).toMatch(/橙\s+FX2021-0001/)
    expect(digestText(DIGEST)).toContain('红 1')
    expect(seen(digestHtml(DIGEST))).toMatch(/红\s+1/)
  })
})

describe('the HTML', () => {
  const html = digestHtml(DIGEST)

  it('is of one language and character set, with a title', () => {
    expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="zh-CN">/)
    expect(html).toContain('<meta charset="utf-8">')
    expect(html).toContain(`<title>${DIGEST.subject}</title>`)
  })

  it('fetches nothing, runs nothing, and uses only what old mail programs know', () => {
    expect(html).not.toMatch(/<(script|img|link|style|iframe|form|svg|video)/i)
    expect(html).not.toMatch(/https?:|url\(|@import|@font-face|javascript:/i)
    expect(html).not.toMatch(/display:\s*(flex|grid)|position:|float:|class=/i)
  })

  it('has every table for layout only, and closes every element that it opens', () => {
    const tables = html.match(/<table[^>]*>/g) ?? []
    expect(tables.filter((table) => !table.includes('role="presentation"'))).toEqual([])
    for (const name of ['table', 'tr', 'td', 'p', 'b', 'span', 'div', 'body', 'html']) {
      const opened = html.match(new RegExp(`<${name}[ >]`, 'g'))?.length
      expect([name, html.match(new RegExp(`</${name}>`, 'g'))?.length]).toEqual([name, opened])
    }
  })

  it('has labels that can be read: a contrast of 4.5 to 1 at least', () => {
    const levels = (['red', 'orange', 'yellow', 'blue', 'none'] as const).map((level) => ({
      level,
      count: 1,
    }))
    const all = digestHtml({ ...DIGEST, counts: [{ label: '在管风险', value: '5 件', levels }] })
    const labels = [...all.matchAll(/background-color:(#\w{6});color:(#\w{6});padding/g)]
    expect(new Set(labels.map(([, back]) => back)).size).toBe(5)
    for (const [, back = '', fore = ''] of labels)
      expect([back, contrast(back, fore) >= 4.5]).toEqual([back, true])
  })

  it('escapes whatever stands in a name, also twice', () => {
    const evil = `<script>alert("x")</script> & 'Söhne' <b>`
    const hit = { caseId: null, level: null, who: evil, what: evil }
    const page = digestHtml({
      ...DIGEST,
      subject: evil,
      heading: evil,
      status: evil,
      counts: [{ label: evil, value: evil }],
      sections: [{ title: evil, count: 1, lines: [hit] }],
      more: evil,
      festival: null,
      footer: [evil],
    })
    expect(page).not.toMatch(/<script|<b>\s*<|"x"|& '/)
    expect(
      page.split('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Söhne&#39;'),
    ).toHaveLength(12)
  })
})

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance as the accessibility guidelines (WCAG 2) define it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
