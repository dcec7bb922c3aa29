import type { KnownBlock } from '@slack/types'
import type { RESTPostAPIWebhookWithTokenJSONBody } from 'discord-api-types/v10'
import type { DiscordMessage } from '../../src/formats/discord.ts'
import type { SlackMessage } from '../../src/formats/slack.ts'

/** What an incoming webhook of Slack takes, out of its blocks. */
interface SlackWebhook {
  text?: string
  blocks?: KnownBlock[]
  unfurl_links?: boolean
  unfurl_media?: boolean
}

declare const slack: SlackMessage
declare const discord: DiscordMessage

slack satisfies SlackWebhook
discord satisfies RESTPostAPIWebhookWithTokenJSONBody

// The types are there, and tell a wrong payload from a right one.
// @ts-expect-error
;({ ...slack, blocks: [{ type: 'sektion' }] }) satisfies SlackWebhook
// @ts-expect-error
;({ ...discord, embeds: [{ title: 7 }] }) satisfies RESTPostAPIWebhookWithTokenJSONBody
