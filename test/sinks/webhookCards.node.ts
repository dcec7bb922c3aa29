import { createRequire } from 'node:module'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toTeams } from '../../src/formats/teams.ts'
import { skipUnless } from '../_run/runtime.ts'
import { anyAlerts } from '../formats/_alert.ts'

/** The few members of the package `adaptivecards` that are used here. */
interface Context {
  readonly eventCount: number
}
interface Cards {
  SerializationContext: new () => Context
  AdaptiveCard: new () => { parse(card: object, context: Context): void; getItemCount(): number }
}

function load(): Cards | undefined {
  try {
    // Its ES modules load in bundlers only.
    return createRequire(`${process.cwd()}/`)('adaptivecards/dist/adaptivecards.js')
  } catch {
    return undefined
  }
}

const cards = load()
const test = suite('formats/teams: cards')

/** How many lines the renderer finds, and how much it finds wrong. */
function read({ AdaptiveCard, SerializationContext }: Cards, card: object): [items: number, wrong: number] {
  const context = new SerializationContext()
  const parsed = new AdaptiveCard()
  parsed.parse(card, context)
  return [parsed.getItemCount(), context.eventCount]
}

const check = skipUnless(test, cards !== undefined, 'the package adaptivecards is not installed')

check('the renderer of adaptive cards finds nothing wrong with any of them', () => {
  fc.assert(
    fc.property(anyAlerts, (alerts) => {
      const { content } = toTeams(alerts).attachments[0]
      assert.equal(read(cards as Cards, content), [content.body.length, 0])
    }),
    { numRuns: 40 }
  )
})

check('it does find what is wrong', () => {
  const inlines = [{ type: 'TextRun', text: 'x', color: 'Reddish' }]
  const [, wrong] = read(cards as Cards, {
    type: 'AdaptiveCard',
    version: '1.2',
    body: [{ type: 'RichTextBlock', inlines }]
  })
  assert.ok(wrong > 0)
})

test.run()
