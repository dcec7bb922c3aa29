import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/configure.ts'
import type { Ledger } from '../../src/core/types.ts'
import { type WebhookOptions, webhookSink } from '../../src/sinks/webhook.ts'
import { scratch } from '../_run/runtime.ts'
import { type Answer, failure, ok, pause, status, textsOf, withServer } from './_hook.ts'

const test = suite('sinks/webhook: what a sick service costs')

// A second is 20 ms here: the pace, the first pause; a minute is 1.2 s.
const scaled: WebhookOptions = { interval: 20, backoff: 20, deadline: 400, retry: 6000 }
const COUNT = 30

const cut: Answer = (response) => void response.socket?.destroy()
const silence: Answer = () => {}
const slow: Answer = (response) => void setTimeout(() => response.end('ok'), 100)

/** The status is there and good, and then the connection breaks. */
const cutInBody: Answer = (response) => {
  response.writeHead(200, { 'content-length': '100' })
  response.write('half')
  setTimeout(() => response.socket?.destroy(), 5)
}

const first =
  (requests: number, sick: Answer): Answer =>
  (response, index, request) =>
    (index < requests ? sick : ok)(response, index, request)

function forAMinute(sick: Answer): Answer {
  const back = performance.now() + 1200
  return (response, index, request) => (performance.now() < back ? sick : ok)(response, index, request)
}

const texts = Array.from({ length: COUNT }, (_, index) => `broken ${index}`)

/** Logs in bursts, as an app does, and closes the logger; what the ledger says. */
async function story(url: string, options: WebhookOptions, wait: boolean): Promise<Omit<Ledger, 'failed' | 'dropped'>> {
  const logger = createLogger({ sinks: [webhookSink(url, { ...scaled, ...options })], interval: 5 })
  for (const [index, text] of texts.entries()) {
    logger.error(text)
    if (index % 5 === 4) await pause(10)
  }
  if (wait) await logger.flush({ timeoutMs: 20_000 })
  const { accepted, delivered, failed, dropped, pending } = await logger.close({ timeoutMs: 450 })
  assert.equal([failed, dropped], [0, 0])
  return { accepted, delivered, pending }
}

const allDelivered = { accepted: COUNT, delivered: COUNT, pending: 0 }

const recovering: Record<string, () => Answer> = {
  'is slow': () => slow,
  'is down for a minute': () => forAMinute(cut),
  'answers 429': () => first(3, status(429)),
  'answers 429 and asks for some time': () => first(3, status(429, { 'retry-after': '0.1' })),
  'answers 500 for a minute': () => forAMinute(status(500)),
  'closes before it answers': () => first(3, cut),
  'closes in the middle of the body': () => cutInBody,
  'does not answer': () => first(1, silence)
}

for (const [name, answer] of Object.entries(recovering)) {
  test(`${name}: nothing is lost, nothing is there twice, the ledger adds up`, () =>
    withServer(answer(), async (server) => {
      assert.equal(await story(server.url, {}, true), allDelivered)
      assert.equal(textsOf(server), texts)
    }))
}

const lasting: Record<string, Answer> = {
  'is down': cut,
  'answers 429 and asks for a minute': status(429, { 'retry-after': '60' }),
  'answers 500': status(500),
  'never answers': silence
}

for (const [name, answer] of Object.entries(lasting)) {
  test(`${name}, until the end: all of it is spooled, and posted once at the next start`, async () => {
    const spool = scratch('alerts.spool')
    await withServer(answer, async (server) => {
      const began = performance.now()
      assert.equal(await story(server.url, { spool, retry: 60_000 }, false), allDelivered)
      // It would be tried for a minute otherwise.
      assert.ok(performance.now() - began < 10_000)
      assert.equal(textsOf(server), [])
    })
    await withServer(ok, async (server) => {
      const sink = webhookSink(server.url, { ...scaled, spool })
      while (readFileSync(spool, 'utf8') !== '') await pause(20)
      await sink.close?.()
      assert.equal(textsOf(server).sort(), [...texts].sort())
    })
  })
}

test('more than may wait is counted as failed, and nothing is kept of it', () =>
  withServer(silence, async (server) => {
    const sink = webhookSink(server.url, { ...scaled, queue: 20, batch: 1 })
    const outcomes: Promise<unknown>[] = []
    for (let index = 0; index < 5000; index++) {
      outcomes.push(Promise.resolve(sink.write([failure(`broken ${index}`)])))
    }
    const refused = await Promise.all(
      outcomes.slice(20).map((outcome) => outcome.catch((error: Error) => error.message))
    )
    assert.is(refused.length, 4980)
    assert.ok(refused.every((text) => /20 bodies wait already/.test(String(text))))
    const waiting = Promise.allSettled(outcomes.slice(0, 20))
    await sink.close?.()
    assert.ok((await waiting).every((outcome) => outcome.status === 'rejected'))
  }))

test.run()
