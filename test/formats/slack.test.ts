import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toSlack } from '../../src/formats/slack.ts'
import { slow } from '../_run/runtime.ts'
import { alert, anyAlerts, MARKUP } from './_alert.ts'

const test = suite('formats/slack')

test('an alert is a section: what, where, how often, and then what happened', () => {
  const message = toSlack([alert({}, { count: 9900, total: 10_000, first: 1795386957140 })])
  assert.equal(message, {
    text: '*ERROR* `price (shop/cart)` ×9900, 10000 since 2026-11-22T22:35:57Z',
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: [
            '*ERROR* `price (shop/cart)` ×9900, 10000 since 2026-11-22T22:35:57Z',
            '```',
            'TypeError: no such price',
            "(sku: 'a-1', count: 2)",
            '2026-11-22T22:35:57.140356+00:00, environment production, version 1.2.0, trace abc',
            'at price (shop/cart.ts:7:9)',
            '```'
          ].join('\n'),
          verbatim: true
        }
      }
    ],
    unfurl_links: false,
    unfurl_media: false
  })
})

test('data is no mention, no link and no markup, wherever it stands', () => {
  for (const text of MARKUP) {
    const fields = {
      functionName: text,
      module: text,
      exception: text,
      exceptionType: text,
      traceback: text,
      args: [text]
    }
    const { text: titles, blocks } = toSlack([
      alert({ ...fields, extra: { [text]: text } }),
      alert({ kind: 'message', ...fields })
    ])
    for (const shown of [titles, ...blocks.map((block) => block.text.text)]) {
      assert.not.match(shown, /[<>]|&(?!(amp|lt|gt);)/, text)
      // Without code there is nothing left of the data.
      const around = shown.replace(/```\n[^`]*```/g, '').replace(/`[^`\n]+`/g, '')
      assert.match(around, /^(\*ERROR\* *\n?)+$/, text)
    }
  }
})

test('messages of anything keep to the limits', () => {
  fc.assert(
    fc.property(anyAlerts, (alerts) => {
      const { text, blocks } = toSlack(alerts)
      assert.ok(text.length <= 4000)
      assert.ok(blocks.length <= 50)
      for (const block of blocks) assert.ok(block.text.text.length <= 3000 && block.text.text.length > 0)
      assert.ok(blocks.reduce((sum, block) => sum + block.text.text.length, 0) <= 12_000)
    }),
    { numRuns: slow ? 5 : 60 }
  )
})

test.run()
