import { type Alert, fit, linesOf, titleOf } from './alert.ts'

export interface SlackSection {
  type: 'section'
  text: { type: 'mrkdwn'; text: string; verbatim: true }
}

/** The body of a post to an incoming webhook of Slack. */
export interface SlackMessage {
  /** What notifications show, and services that resemble Slack. */
  text: string
  blocks: SlackSection[]
  unfurl_links: false
  unfurl_media: false
}

// In characters. Slack takes 3,000 a section and 40,000 a message, but refuses blocks of 13,200 together as too long.
const SECTION = 2900
const MESSAGE = 10_000

// Code ends at a backtick, and `<!channel>` is a mention anywhere; the three entities are all that Slack knows.
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '`': 'ˋ' }
const escaped = (character: string): string => ESCAPES[character] ?? character
const code = (text: string): string => (text ? ` \`${fit(text, 200, escaped)}\`` : '')

/**
 * At most ten alerts as a message for Slack. Data stands in code, escaped: it is no markup, no mention and no link.
 * What is too long for Slack is cut at its end.
 *
 * @example
 *     const body = JSON.stringify(toSlack([{ entry, count: 1, total: 1, first: entry.timestamp }]))
 */
export function toSlack(alerts: readonly Alert[]): SlackMessage {
  const titles = alerts.map((alert) => {
    const [level, name, times] = titleOf(alert)
    return `*${level}*${code(name)}${times}`
  })
  const room = Math.min(SECTION, Math.floor(MESSAGE / alerts.length))
  const blocks = alerts.map((alert, index): SlackSection => {
    const head = `${titles[index]}\n\`\`\`\n`
    const body = fit(linesOf(alert).join('\n'), room - head.length - 4, escaped)
    return { type: 'section', text: { type: 'mrkdwn', text: `${head}${body}\n\`\`\``, verbatim: true } }
  })
  return { text: titles.join('\n'), blocks, unfurl_links: false, unfurl_media: false }
}
