import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toDiscord } from '../../src/formats/discord.ts'
import { slow } from '../_run/runtime.ts'
import { alert, anyAlerts, MARKUP } from './_alert.ts'

const test = suite('formats/discord')

test('an alert is an embed', () => {
  assert.equal(toDiscord([alert({}, { count: 3, total: 3 })]), {
    embeds: [
      {
        title: 'ERROR `price (shop/cart)` ×3',
        description: [
          '```',
          'TypeError: no such price',
          "(sku: 'a-1', count: 2)",
          '2026-11-22T22:35:57.140356+00:00, environment production, version 1.2.0, trace abc',
          'at price (shop/cart.ts:7:9)',
          '```'
        ].join('\n'),
        color: 0xdd3333,
        timestamp: '2026-11-22T22:35:57.140356+00:00'
      }
    ],
    allowed_mentions: { parse: [] }
  })
})

test('data is in code, and mentions nobody', () => {
  for (const text of MARKUP) {
    const fields = { functionName: text, module: text, exception: text, traceback: text, args: [text] }
    const message = toDiscord([alert(fields), alert({ kind: 'message', ...fields })])
    assert.equal(message.allowed_mentions, { parse: [] })
    for (const { title, description } of message.embeds) {
      assert.match(title, /^ERROR `[^`\n]+`$/, text)
      assert.match(description, /^```\n[^`]*\n```$/, text)
    }
  }
})

test('messages of anything keep to the limits', () => {
  fc.assert(
    fc.property(anyAlerts, (alerts) => {
      const { embeds } = toDiscord(alerts)
      assert.is(embeds.length, alerts.length)
      for (const { title, description } of embeds) {
        assert.ok(title.length <= 256 && description.length <= 4096)
      }
      assert.ok(embeds.reduce((sum, { title, description }) => sum + title.length + description.length, 0) <= 6000)
    }),
    { numRuns: slow ? 5 : 60 }
  )
})

test.run()
