import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toTeams } from '../../src/formats/teams.ts'
import { slow } from '../_run/runtime.ts'
import { alert, anyAlerts, MARKUP } from './_alert.ts'

const test = suite('formats/teams')

test('an alert is a title and lines', () => {
  const { type, attachments } = toTeams([alert({}, { count: 3, total: 3 })])
  const { contentType, content } = attachments[0]
  assert.equal(
    [type, contentType, content.type],
    ['message', 'application/vnd.microsoft.card.adaptive', 'AdaptiveCard']
  )
  assert.equal(
    content.body.map(({ inlines }) => inlines.map(({ text }) => text).join('')),
    [
      'ERROR price (shop/cart) ×3',
      'TypeError: no such price',
      "(sku: 'a-1', count: 2)",
      '2026-11-22T22:35:57.140356+00:00, environment production, version 1.2.0, trace abc',
      'at price (shop/cart.ts:7:9)'
    ]
  )
})

test('data stands in text runs only, and calls no function', () => {
  for (const text of MARKUP) {
    const fields = { functionName: text, module: text, exception: text, traceback: text, args: [text] }
    const card = toTeams([alert(fields), alert({ kind: 'message', ...fields })]).attachments[0].content
    assert.equal(Object.keys(card), ['$schema', 'type', 'version', 'body'])
    for (const { type, inlines } of card.body) {
      assert.is(type, 'RichTextBlock')
      for (const run of inlines) {
        assert.is(run.type, 'TextRun')
        assert.not.match(run.text, /\{\{|[\n\u202e\0]/)
      }
    }
  }
})

test('messages of anything keep to 28 KB', () => {
  fc.assert(
    fc.property(anyAlerts, (alerts) => {
      const message = toTeams(alerts)
      const bytes = new TextEncoder().encode(JSON.stringify(message)).length
      assert.ok(bytes <= 21_000, String(bytes))
      for (const { inlines } of message.attachments[0].content.body)
        assert.ok(inlines.every(({ text }) => text.length > 0))
    }),
    { numRuns: slow ? 5 : 60 }
  )
})

test.run()
