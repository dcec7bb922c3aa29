import { type Alert, linesOf, titleOf } from './alert.ts'
import { clip } from './inspect.ts'

export interface TeamsText {
  type: 'TextRun'
  text: string
  weight?: 'Bolder'
  color?: 'Attention'
  fontType?: 'Monospace'
}

/** A line of text that is shown as it is: unlike a TextBlock, it knows no Markdown. */
export interface TeamsLine {
  type: 'RichTextBlock'
  spacing: 'None' | 'Medium'
  inlines: TeamsText[]
}

export interface TeamsCard {
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json'
  type: 'AdaptiveCard'
  version: '1.2'
  body: TeamsLine[]
}

/** The body of a post to a webhook of Teams, made by Workflows or by a connector. */
export interface TeamsMessage {
  type: 'message'
  attachments: { contentType: 'application/vnd.microsoft.card.adaptive'; contentUrl: null; content: TeamsCard }[]
}

// In bytes. Teams takes 28 KB, and was seen to refuse 21.
const MESSAGE = 20_000
const LINE = 600

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length + 1

// `{{DATE(…)}}` is all that a card would put something else in the place of.
const literal = (text: string): string => clip(text, LINE).replaceAll('{{', '{\u200b{')

/**
 * At most ten alerts as an adaptive card for Teams. Data stands in text runs, which know neither markup nor mentions.
 * What is too long for Teams is cut at its end.
 *
 * @example
 *     const body = JSON.stringify(toTeams([{ entry, count: 1, total: 1, first: entry.timestamp }]))
 */
export function toTeams(alerts: readonly Alert[]): TeamsMessage {
  const room = Math.floor((MESSAGE - 500) / alerts.length)
  const content: TeamsCard = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: alerts.flatMap((alert) => block(alert, room))
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }]
  }
}

function block(alert: Alert, room: number): TeamsLine[] {
  const [level, name, times] = titleOf(alert)
  const title: TeamsText[] = [
    { type: 'TextRun', text: level, weight: 'Bolder', color: 'Attention' },
    { type: 'TextRun', text: ` ${literal(name)}${times}`, weight: 'Bolder' }
  ]
  const lines: TeamsLine[] = [{ type: 'RichTextBlock', spacing: 'Medium', inlines: title }]
  let left = room - bytesOf(lines)
  for (const text of linesOf(alert)) {
    const line = plain(text || ' ')
    left -= bytesOf(line)
    if (left < 150) return [...lines, plain('…')]
    lines.push(line)
  }
  return lines
}

const plain = (text: string): TeamsLine => ({
  type: 'RichTextBlock',
  spacing: 'None',
  inlines: [{ type: 'TextRun', text: literal(text), fontType: 'Monospace' }]
})
