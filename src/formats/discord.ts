import type { Level } from '../core/types.ts'
import { type Alert, fit, linesOf, titleOf } from './alert.ts'
import { isoMicros } from './time.ts'

export interface DiscordEmbed {
  title: string
  description: string
  color: number
  timestamp: string
}

/** The body of a post to a webhook of Discord. */
export interface DiscordMessage {
  embeds: DiscordEmbed[]
  allowed_mentions: { parse: never[] }
}

// In characters. Discord takes 256 a title, 4,096 a description, 6,000 in all embeds together, and ten of them.
const TITLE = 150
const DESCRIPTION = 4000
const MESSAGE = 5800

const COLORS: Record<Level, number> = {
  debug: 0x888888,
  info: 0x3388dd,
  warn: 0xeeaa00,
  error: 0xdd3333,
  fatal: 0x880022
}

// Nothing ends code but a backtick.
const escaped = (character: string): string => (character === '`' ? 'ˋ' : character)

/**
 * At most ten alerts as a message for Discord. Data stands in code, so that it is no markup, and nobody is mentioned
 * whatever it says. What is too long for Discord is cut at its end.
 *
 * @example
 *     const body = JSON.stringify(toDiscord([{ entry, count: 1, total: 1, first: entry.timestamp }]))
 */
export function toDiscord(alerts: readonly Alert[]): DiscordMessage {
  const room = Math.floor(MESSAGE / alerts.length)
  const embeds = alerts.map((alert): DiscordEmbed => {
    const { timestamp, level } = alert.entry
    const [label, name, times] = titleOf(alert)
    const title = `${label}${name && ` \`${fit(name, TITLE, escaped)}\``}${times}`
    const space = Math.min(DESCRIPTION, room - title.length) - 10
    const text = fit(linesOf(alert).join('\n'), space, escaped)
    return {
      title,
      description: `\`\`\`\n${text}\n\`\`\``,
      color: COLORS[level],
      timestamp: isoMicros(timestamp)
    }
  })
  return { embeds, allowed_mentions: { parse: [] } }
}
