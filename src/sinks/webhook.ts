import { rejectUnknown } from '../core/options.ts'
import { LEVELS } from '../core/sites.ts'
import type { Level, Sink } from '../core/types.ts'
import type { Alert } from '../formats/alert.ts'
import { now } from './_channel.ts'
import { createDeliver } from './_deliver.ts'
import { type Outbox, openOutbox } from './_outbox.ts'
import { createRepeats } from './_repeats.ts'
import { formatFor, TEMPLATES, type WebhookFormat, type WebhookTemplate } from './_webhookFormat.ts'

export { toDiscord } from '../formats/discord.ts'
export { toSlack } from '../formats/slack.ts'
export { toTeams } from '../formats/teams.ts'
export type { Alert, WebhookFormat, WebhookTemplate }

export interface WebhookOptions {
  /** What the service takes, or a function that makes the body. @default by the host of the URL, else 'json' */
  format?: WebhookFormat | WebhookTemplate
  /** The least severe level that is posted. @default 'error' */
  level?: Level
  /** Alerts in one post; for Slack, Discord and Teams ten at most. @default 10 */
  batch?: number
  /**
   * An error that comes again is counted, and posted with its number after so many milliseconds; 0 posts each one.
   * @default 10_000
   */
  window?: number
  /**
   * Shortest time between two requests to the URL, whichever sink of the process sends them, in milliseconds.
   * @default 1000
   */
  interval?: number
  /** Longest time for one request, and longest delay of the end of the process, in milliseconds. @default 5000 */
  deadline?: number
  /** How long a post is tried again, in milliseconds; 0 tries once. @default 300_000 */
  retry?: number
  /**
   * First pause after a failure, in milliseconds. It doubles up to a minute; up to half of it is left out by chance.
   * @default 1000
   */
  backoff?: number
  /** Posts that may wait; one more is given up. @default 1000 */
  queue?: number
  /**
   * A file for posts that would be given up: on exit, and when the service stays down. Sent at the next start.
   * @default none
   */
  spool?: string
  /** Besides `content-type: application/json`. */
  headers?: Readonly<Record<string, string>>
  /** In the place of the global one, say for a proxy. */
  fetch?: typeof globalThis.fetch
}

// The most that a post for people holds: Discord takes so many, and nobody reads more.
const ALERTS = 10
const NUMBERS = ['batch', 'window', 'interval', 'deadline', 'retry', 'backoff', 'queue'] as const
const OTHERS = ['format', 'level', 'spool', 'headers', 'fetch']

/**
 * Posts errors to Slack, Discord, Teams, or any URL that takes JSON. Errors that come together share a post; one that
 * comes again is counted. A post is tried again after a failure, and `Retry-After` is honoured. `write` settles when
 * the service has accepted the batch, or it is spooled, and rejects when it was given up; a repeat of an accepted
 * error counts as taken. Errors name the origin of the URL only. Throws for a URL or an option that cannot be meant.
 *
 * @example
 *     configure({ sinks: ['console:', webhookSink(String(process.env.SLACK_URL), { spool: 'alerts.spool' })] })
 */
export function webhookSink(url: string, options: WebhookOptions = {}): Sink {
  const place = check(url, options)
  const { format = formatFor(place) } = options
  const { level = 'error', batch = ALERTS, window = 10_000, interval = 1000, deadline = 5000 } = options
  const headers = { 'content-type': 'application/json', ...Object.fromEntries(new Headers(options.headers)) }
  const deliver = createDeliver({ ...options, part: 'webhook', url, interval, headers })
  const outbox = options.spool === undefined ? undefined : openOutbox('webhook', options.spool, deliver)
  const render = typeof format === 'string' ? TEMPLATES[format] : format
  const most = typeof format === 'string' && format !== 'json' ? Math.min(batch, ALERTS) : batch
  const repeats = createRepeats({ window, batch: Math.max(1, most), post })
  const lowest = LEVELS.indexOf(level)
  let closing: Promise<void> | undefined

  function bodyOf(alerts: readonly Alert[]): string | undefined {
    const made = render(alerts)
    return typeof made === 'string' || made === undefined ? made : JSON.stringify(made)
  }

  async function post(alerts: readonly Alert[]): Promise<void> {
    const body = bodyOf(alerts)
    if (body !== undefined) await (outbox ?? deliver).send(body)
  }

  function keepNumbers({ store }: Outbox): void {
    repeats.keep((alerts) => {
      const body = bodyOf(alerts)
      if (body !== undefined) store(body)
    })
  }

  async function close(): Promise<void> {
    repeats.post()
    const by = (deliver.since ?? now()) + deadline
    do {
      await deliver.finish(by - now())
      // Whoever waited for the last one may write the next one.
      await new Promise((resolve) => setTimeout(resolve, 0))
    } while (deliver.since !== undefined)
    deliver.close()
    outbox?.close()
    const { waiting } = repeats
    if (outbox) keepNumbers(outbox)
    else if (waiting > 0) throw new Error(`[nfo] [webhook] how often ${waiting} errors came again is lost; see spool`)
  }

  const sink: Sink = {
    write: (entries) => repeats.take(entries.filter((entry) => LEVELS.indexOf(entry.level) >= lowest)),
    async flush() {
      repeats.post()
      if (await deliver.settled(deadline)) return
      if (!outbox) throw new Error(`[nfo] [webhook] not all is posted after ${deadline} ms; it is tried again`)
      outbox.keep()
    },
    close() {
      closing ??= close()
      return closing
    }
  }
  if (outbox) {
    sink.flushSync = () => {
      outbox.keep()
      keepNumbers(outbox)
    }
  }
  return sink
}

function check(url: string, options: WebhookOptions): URL {
  rejectUnknown('webhook', 'option', Object.keys(options), [...NUMBERS, ...OTHERS])
  if (options.level) rejectUnknown('webhook', 'level', [options.level], LEVELS)
  if (typeof options.format === 'string') rejectUnknown('webhook', 'format', [options.format], Object.keys(TEMPLATES))
  const wrong = NUMBERS.find((name) => !((options[name] ?? 0) >= 0))
  if (wrong) throw new RangeError(`[nfo] [webhook] ${wrong} is ${options[wrong]}; use a number from 0 up`)
  // Without a word of it: it may be a secret with a typing error.
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && /^https?:$/.test(parsed.protocol) && !parsed.username && !parsed.password) return parsed
  throw new TypeError('[nfo] [webhook] this is no URL to post to; use https://… without a name and a password in it')
}
