import type { Alert } from '../formats/alert.ts'
import { toDiscord } from '../formats/discord.ts'
import { toJson } from '../formats/json.ts'
import { toSlack } from '../formats/slack.ts'
import { toTeams } from '../formats/teams.ts'
import { isoMicros } from '../formats/time.ts'

/** Gives the body of a post: a text, or what becomes JSON; undefined posts nothing. */
export type WebhookTemplate = (alerts: readonly Alert[]) => unknown

/** The service that a post is for. */
export type WebhookFormat = 'slack' | 'discord' | 'teams' | 'json'

/** An array of alerts, each an entry like a line of `jsonSink` with how often it came. */
const toJsonArray: WebhookTemplate = (alerts) =>
  `[${alerts
    .map(({ entry, count, total, first }) => {
      return `{"count":${count},"total":${total},"first":"${isoMicros(first)}",${toJson(entry).slice(1)}`
    })
    .join(',')}]`

export const TEMPLATES: Readonly<Record<WebhookFormat, WebhookTemplate>> = {
  slack: toSlack,
  discord: toDiscord,
  teams: toTeams,
  json: toJsonArray
}

const HOSTS: readonly (readonly [RegExp, WebhookFormat])[] = [
  [/(^|\.)slack(-gov)?\.com$/, 'slack'],
  [/(^|\.)discord(app)?\.com$/, 'discord'],
  [/\.(office|logic\.azure|powerplatform)\.com$/, 'teams']
]

/** What the service at that URL takes. */
export const formatFor = ({ hostname }: URL): WebhookFormat =>
  HOSTS.find(([host]) => host.test(hostname))?.[1] ?? 'json'
