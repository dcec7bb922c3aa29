import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/configure.ts'
import type { Entry } from '../../src/core/types.ts'
import { onIdle } from '../../src/sinks/_idle.edge.ts'
import { openOutbox } from '../../src/sinks/_outbox.edge.ts'
import { type WebhookOptions, webhookSink } from '../../src/sinks/webhook.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { coded, filesWith } from './_files.ts'
import { withRuntime } from './_runtime.ts'

const test = suite('sinks/webhook')

type Reply = { status?: number; headers?: Record<string, string> } | Error | 'never'

/** A service that gives these replies in turn, and 200 after that. */
function service(...replies: Reply[]): {
  fetch: typeof fetch
  bodies: string[]
  requests: RequestInit[]
  urls: string[]
} {
  const seen = { bodies: [] as string[], requests: [] as RequestInit[], urls: [] as string[] }
  const answer = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    seen.urls.push(String(url))
    seen.requests.push(init)
    seen.bodies.push(String(init.body))
    const reply = replies.shift() ?? {}
    if (reply === 'never') return new Promise(() => {})
    if (reply instanceof Error) throw reply
    return new Response('', { status: 200, ...reply })
  }
  return { fetch: answer as typeof fetch, ...seen }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

let places = 0
/** A new one each time: the pace belongs to the URL. */
const place = (host = 'hooks.example'): string => `https://${host}/services/SECRET/${++places}`

const quick: WebhookOptions = { interval: 1, backoff: 1, deadline: 300, format: 'json' }
const failure = (exception: string, fields: Partial<Entry> = {}): Entry =>
  entry({ level: 'error', exception, ...fields })

interface Received {
  count: number
  total: number
  exception: string
}

const parsed = (body: string): Received[] => JSON.parse(body)
const counts = (bodies: string[]): [string, number][] =>
  bodies.flatMap(parsed).map(({ exception, count }) => [exception, count])

async function rejection(promise: unknown): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not fail')
}

test('the format goes by the host, unless it is named', async () => {
  const cases: [host: string, format: WebhookOptions['format'], key: string][] = [
    ['hooks.slack.com', undefined, 'blocks'],
    ['discord.com', undefined, 'embeds'],
    ['ptb.discordapp.com', undefined, 'embeds'],
    ['contoso.webhook.office.com', undefined, 'attachments'],
    ['prod-1.westeurope.logic.azure.com', undefined, 'attachments'],
    ['chat.example', 'slack', 'blocks'],
    ['notslack.com', undefined, '0'],
    ['hooks.slack.com', 'json', '0'],
    ['hooks.example', () => ({ mine: true }), 'mine']
  ]
  for (const [host, format, key] of cases) {
    const { fetch, bodies } = service()
    await webhookSink(place(host), { ...quick, format, fetch }).write([failure('x')])
    assert.ok(key in JSON.parse(bodies[0]), `${host} ${key}`)
  }
})

test('a post is JSON by POST; headers of the user come on top', async () => {
  const { fetch, requests, urls } = service()
  const url = place()
  await webhookSink(url, { ...quick, fetch, headers: { 'Content-Type': 'text/plain', 'x-mine': '1' } }).write([
    failure('x')
  ])
  assert.is(requests[0].method, 'POST')
  assert.equal(requests[0].headers, { 'content-type': 'text/plain', 'x-mine': '1' })
  assert.equal(urls, [url])
})

test('a template may post a text, or nothing, or fail', async () => {
  const { fetch, bodies } = service()
  await webhookSink(place(), {
    ...quick,
    fetch,
    format: (alerts) => `${alerts.length} × ${alerts[0].entry.exception}`
  }).write([failure('x')])
  assert.equal(bodies, ['1 × x'])
  await webhookSink(place(), { ...quick, fetch, format: () => undefined }).write([failure('x')])
  assert.is(bodies.length, 1)
  const broken = webhookSink(place(), {
    ...quick,
    fetch,
    format() {
      throw new Error('a bug of mine')
    }
  })
  assert.is((await rejection(broken.write([failure('x')]))).message, 'a bug of mine')
})

test('what is less severe is taken at once and not posted', () => {
  const { fetch, bodies } = service()
  const sink = webhookSink(place(), { ...quick, fetch, level: 'warn' })
  assert.is(sink.write([entry(), entry({ level: 'info' })]), undefined)
  assert.is(bodies.length, 0)
})

test('an error that comes again is counted, and its number posted', async () => {
  const { fetch, bodies } = service()
  const sink = webhookSink(place(), { ...quick, fetch })
  await sink.write([failure('x'), failure('x'), failure('y')])
  for (let index = 0; index < 9; index++) assert.is(sink.write([failure('x', { args: [index] })]), undefined)
  await sink.flush?.()
  assert.equal(counts(bodies), [
    ['x', 2],
    ['y', 1],
    ['x', 9]
  ])
  assert.is(parsed(bodies[1])[0].total, 11)
  await sink.flush?.()
  assert.is(bodies.length, 2)
})

test('the number comes by itself when the window is over', async () => {
  const { fetch, bodies } = service()
  const sink = webhookSink(place(), { ...quick, fetch, window: 30 })
  await sink.write([failure('x')])
  sink.write([failure('x')])
  while (bodies.length < 2) await pause(5)
  assert.equal(counts(bodies), [
    ['x', 1],
    ['x', 1]
  ])
  await pause(100)
  // Long after that, it is news again.
  await sink.write([failure('x')])
  assert.equal(parsed(bodies[2])[0].total, 1)
})

test('without a window each one is posted', async () => {
  const { fetch, bodies } = service()
  const sink = webhookSink(place(), { ...quick, fetch, window: 0 })
  await sink.write([failure('x'), failure('x')])
  await sink.write([failure('x')])
  assert.equal(counts(bodies), [
    ['x', 1],
    ['x', 1],
    ['x', 1]
  ])
})

test('a repeat of what is on its way shares its fate', async () => {
  const { fetch } = service({ status: 404 }, {})
  const sink = webhookSink(place(), { ...quick, fetch })
  const first = rejection(sink.write([failure('x')]))
  const second = rejection(sink.write([failure('x')]))
  assert.match((await first).message, 'answered 404')
  assert.match((await second).message, 'answered 404')
  await sink.write([failure('x')])
})

test('a number that could not be posted goes with the next one', async () => {
  const { fetch, bodies } = service({}, { status: 500 }, {})
  const sink = webhookSink(place(), { ...quick, fetch, retry: 0, window: 20 })
  await sink.write([failure('x')])
  sink.write([failure('x')])
  await pause(30)
  sink.write([failure('x')])
  await sink.flush?.()
  assert.equal(counts(bodies).at(-1), ['x', 2])
  await sink.close?.()
})

test('what comes while a number is on its way waits for the next number', async () => {
  const { fetch, bodies } = service({}, 'never')
  const sink = webhookSink(place(), { ...quick, fetch, window: 20, deadline: 100 })
  await sink.write([failure('x')])
  sink.write([failure('x')])
  while (bodies.length < 2) await pause(5)
  for (let index = 0; index < 3; index++) sink.write([failure('x')])
  await pause(150)
  await sink.close?.()
  assert.equal(counts(bodies).slice(2), [
    ['x', 1],
    ['x', 3]
  ])
  assert.is(parsed(bodies[3])[0].total, 5)
})

test('a fetch that fails, or hangs and ignores its signal, is tried again', async () => {
  const url = place()
  const { fetch, bodies } = service(new TypeError(`cannot reach ${url}`), 'never', { status: 503 })
  await webhookSink(url, { ...quick, deadline: 50, fetch }).write([failure('x')])
  assert.is(bodies.length, 4)
})

test('no error shows the secret', async () => {
  for (const reply of [
    new TypeError('cannot reach https://hooks.example/services/SECRET'),
    { status: 400 },
    'never'
  ] as Reply[]) {
    const { fetch } = service(reply)
    const error = await rejection(
      webhookSink(place(), { ...quick, deadline: 20, retry: 0, fetch }).write([failure('x')])
    )
    assert.match(error.message, /^\[nfo\] \[webhook\] https:\/\/hooks\.example /)
    assert.not.match(`${error.stack} ${error.cause} ${JSON.stringify({ ...error })}`, 'SECRET')
  }
})

test('more than may wait is refused', async () => {
  const { fetch, bodies } = service()
  const sink = webhookSink(place(), { ...quick, fetch, queue: 2, batch: 1 })
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((text) => sink.write([failure(text)])))
  assert.equal(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected']
  )
  assert.is(bodies.length, 2)
})

test('one part of a batch that is refused: the rest is posted, and the batch has failed', async () => {
  const { fetch, bodies } = service({ status: 400 })
  const sink = webhookSink(place(), { ...quick, fetch, batch: 1 })
  await rejection(sink.write([failure('x'), failure('y')]))
  assert.equal(counts(bodies), [
    ['x', 1],
    ['y', 1]
  ])
})

test('the ledger of a logger is exact, whatever happens', async () => {
  const { fetch, bodies } = service({ status: 400 }, { status: 500 }, {}, { status: 413 })
  const logger = createLogger({ sinks: [webhookSink(place(), { ...quick, fetch })], exitHooks: false })
  const flush = async (...texts: string[]): Promise<void> => {
    for (const text of texts) logger.error(text)
    await logger.flush()
  }
  await flush('refused')
  await flush('taken', 'taken too')
  await flush('too large')
  await flush('taken', 'taken')
  const { accepted, delivered, failed, pending } = await logger.close()
  assert.equal({ accepted, delivered, failed, pending }, { accepted: 6, delivered: 4, failed: 2, pending: 0 })
  const total = bodies.slice(2).flatMap(parsed)
  assert.is(total.filter(({ count }) => count === 2).length, 1)
})

test('closed, it refuses; it closes any number of times', async () => {
  const { fetch } = service()
  const sink = webhookSink(place(), { ...quick, fetch })
  await sink.close?.()
  await sink.close?.()
  await sink.flush?.()
  assert.match((await rejection(sink.write([failure('x')]))).message, 'closed')
})

test('what cannot be meant is refused at once, without a word of the URL', () => {
  for (const url of ['', 'hooks.slack.com/SECRET', 'ftp://hooks.example/SECRET', 'https://ann:SECRET@hooks.example/']) {
    assert.throws(
      () => webhookSink(url),
      (error: Error) => error.message.startsWith('[nfo] [webhook]') && !error.message.includes('SECRET')
    )
  }
  const wrong = (options: object) => () => webhookSink('https://hooks.example/', options)
  assert.throws(wrong({ formt: 'slack' }), "did you mean 'format'")
  assert.throws(wrong({ format: 'slck' }), "did you mean 'slack'")
  assert.throws(wrong({ level: 'errr' }), "did you mean 'error'")
  assert.throws(wrong({ retry: -1 }), 'retry is -1')
  assert.throws(wrong({ interval: Number.NaN }), 'interval is NaN')
})

test('a spool needs files', () =>
  withRuntime({ fs: undefined }, () => {
    assert.throws(() => webhookSink('https://hooks.example/', { spool: 'x' }), 'no files')
  }))

test('where there are no files and no processes, a spool is refused, and nothing ends by itself', () => {
  assert.throws(
    () => openOutbox('webhook', 'alerts.spool'),
    '[webhook] cannot open alerts.spool: this runtime has no files'
  )
  let calls = 0
  onIdle(() => calls++)()
  assert.is(calls, 0)
})

test('more different errors than it can know: each is posted all the same', async () => {
  const { fetch, bodies } = service()
  const sink = webhookSink(place(), { ...quick, fetch, batch: 3000 })
  const texts = Array.from({ length: 2500 }, (_, index) => `e${index}`)
  await sink.write(texts.map((text) => failure(text)))
  // All of those that are known are idle now, and make room for new ones.
  await sink.write(['late', 'later'].map((text) => failure(text)))
  assert.is(sink.write(['later', 'late'].map((text) => failure(text))), undefined)
  await sink.flush?.()
  assert.equal(
    counts(bodies),
    [...texts, 'late', 'later', 'later', 'late'].map((text) => [text, 1])
  )
})

test('without a spool it cannot write on the way out, and says so by having no flushSync', () => {
  assert.is(webhookSink('https://hooks.example/').flushSync, undefined)
})

const onDisk = skipUnless(test, has.files, 'no file system')

onDisk('a spool that cannot be written: the batch has failed, and the disk is named', () => {
  const openSync = (): never => {
    throw coded('ENOSPC')
  }
  return withRuntime({ fs: filesWith({ openSync }) }, async () => {
    const { fetch } = service({ status: 500 })
    const spool = scratch('alerts.spool')
    const sink = webhookSink(place(), { ...quick, fetch, retry: 0, spool })
    assert.match((await rejection(sink.write([failure('x')]))).message, /cannot write .*alerts\.spool: ENOSPC/)
  })
})

test.run()
