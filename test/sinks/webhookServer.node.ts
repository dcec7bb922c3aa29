import { existsSync, readFileSync, truncateSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/configure.ts'
import type { Sink } from '../../src/core/types.ts'
import { type WebhookOptions, webhookSink } from '../../src/sinks/webhook.ts'
import { scratch } from '../_run/runtime.ts'
import { type Answer, closedUrl, failure, failures, type HookServer, ok, pause, status, withServer } from './_hook.ts'

const test = suite('sinks/webhook: server')

// Time is scaled down: a second between posts is 20 ms here, five seconds to the deadline are 400 ms.
const quick: WebhookOptions = { interval: 20, backoff: 10, deadline: 400, window: 200 }

const messages = (server: HookServer): string[] =>
  server
    .accepted()
    .flat()
    .map(({ exception }) => exception)

const wanted = (count: number): string[] => failures(count).map(({ exception }) => exception as string)

async function rejection(promise: unknown): Promise<Error & { temporary?: boolean; status?: number }> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not fail')
}

test('errors that come together share a post; others are not posted', () =>
  withServer(ok, async (server) => {
    const sink = webhookSink(server.url, quick)
    await sink.write([...failures(3), failure('only a hint', { level: 'warn' })])
    assert.equal(
      server.accepted().map((alerts) => alerts.map(({ exception, count }) => [exception, count])),
      [
        [
          ['no 0', 1],
          ['no 1', 1],
          ['no 2', 1]
        ]
      ]
    )
  }))

test('a batch is posted in parts, in order, no faster than the interval, whoever posts', () =>
  withServer(ok, async (server) => {
    const [one, other] = [webhookSink(server.url, quick), webhookSink(server.url, quick)]
    const first = one.write(failures(25))
    await Promise.all([first, other.write(failures(5, 25))])
    assert.equal(messages(server), wanted(30))
    assert.equal(
      server.posts.map(({ body }) => JSON.parse(body).length),
      [10, 10, 5, 5]
    )
    for (let index = 1; index < server.posts.length; index++) {
      assert.ok(server.posts[index].at - server.posts[index - 1].at >= 19)
    }
  }))

const faults: Record<string, Answer> = {
  'a server error': (response, index) => (index < 3 ? status(500) : ok)(response, index, response.req),
  'a connection that is cut': (response, index) =>
    void (index < 3 ? response.socket?.destroy() : ok(response, index, response.req)),
  'no answer': (response, index) => void (index < 1 ? undefined : ok(response, index, response.req)),
  'a mix': (response, index) => {
    const answers: Answer[] = [status(429), status(503), (broken) => void broken.socket?.destroy(), ok]
    answers[index % 4](response, index, response.req)
  }
}

for (const [name, answer] of Object.entries(faults)) {
  test(`${name}: tried again, nothing lost, nothing twice`, () =>
    withServer(answer, async (server) => {
      const sink = webhookSink(server.url, quick)
      await sink.write(failures(20))
      await sink.write(failures(5, 20))
      assert.equal(messages(server), wanted(25))
    }))
}

test('a body that breaks off after a good status was accepted: nothing twice', () =>
  withServer(
    (response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
      setTimeout(() => response.socket?.destroy(), 5)
    },
    async (server) => {
      const sink = webhookSink(server.url, quick)
      for (let from = 0; from < 6; from++) await sink.write(failures(1, from))
      await pause(60)
      assert.equal(messages(server), wanted(6))
      assert.is(server.posts.length, 6)
    }
  ))

test('a slow server gets one post at a time', () => {
  let open = 0
  let most = 0
  return withServer(
    (response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        response.end('ok')
      }, 60)
    },
    async (server) => {
      const sink = webhookSink(server.url, quick)
      await Promise.all([0, 1, 2, 3].map((from) => sink.write(failures(1, from))))
      assert.equal(messages(server), wanted(4))
      assert.is(most, 1)
    }
  )
})

for (const [name, value] of [
  ['seconds', () => '1'],
  ['a date', () => new Date(Date.now() + 2000).toUTCString()]
] as const) {
  test(`Retry-After in ${name} holds back every sink of the URL`, () =>
    withServer(
      (response, index) => (index === 0 ? status(429, { 'retry-after': value() }) : ok)(response, index, response.req),
      async (server) => {
        const [one, other] = [webhookSink(server.url, quick), webhookSink(server.url, quick)]
        const first = one.write(failures(1))
        await pause(50)
        await Promise.all([first, other.write(failures(1, 1))])
        assert.ok(server.posts[1].at - server.posts[0].at >= 950)
        assert.equal(messages(server), wanted(2))
      }
    ))
}

test('what the service will never take is given up at once, and says so without the secret', () =>
  withServer(status(404), async (server) => {
    const error = await rejection(webhookSink(server.url, quick).write(failures(1)))
    assert.is(error.message, `[nfo] [webhook] ${new URL(server.url).origin} answered 404; check the URL and the format`)
    assert.is(server.posts.length, 1)
    assert.not.match(JSON.stringify([error.stack, { ...error }, String(error.cause)]), 'SECRET')
  }))

test('a redirect is not followed', () =>
  withServer(status(302, { location: '/elsewhere' }), async (server) => {
    await rejection(webhookSink(server.url, quick).write(failures(1)))
    assert.is(server.posts.length, 1)
  }))

test('a service that is down: tried as long as it is told, then failed, without the secret', async () => {
  const url = await closedUrl()
  const began = performance.now()
  const error = await rejection(webhookSink(url, { ...quick, retry: 300 }).write(failures(1)))
  const took = performance.now() - began
  assert.ok(took > 100 && took < 5000, String(took))
  assert.match(
    error.message,
    /^\[nfo\] \[webhook\] http:\/\/127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\); given up after/
  )
})

test('10,000 identical errors are three posts at most, and the last one has the number', () =>
  withServer(ok, async (server) => {
    // They come in less than 10 s; the window is the default.
    const sink = webhookSink(server.url, { interval: 50, backoff: 10, deadline: 4000 })
    const logger = createLogger({ sinks: [sink], interval: 5, ring: 4_194_304 })
    const pay = logger.wrap(() => {
      throw new TypeError('no money')
    }, 'pay')
    for (let index = 0; index < 10_000; index++) {
      assert.throws(pay)
      if (index % 100 === 99) await pause(4)
    }
    const { accepted, delivered, failed, dropped, pending } = await logger.close()
    assert.equal(
      { accepted, delivered, failed, dropped, pending },
      { accepted: 10_000, delivered: 10_000, failed: 0, dropped: 0, pending: 0 }
    )
    const posts = server.accepted()
    assert.ok(posts.length <= 3, `${posts.length} posts`)
    assert.is(posts.at(-1)?.[0].total, 10_000)
    assert.is(
      posts.flat().reduce((sum, { count }) => sum + count, 0),
      10_000
    )
  }))

const lasting = async (sink: Sink): Promise<number> => {
  const began = performance.now()
  await sink.close?.()
  return performance.now() - began
}

test('closing takes no longer than the deadline, whatever the server does; the ledger is exact', async () => {
  const answers: Record<string, Answer> = {
    silent: () => {},
    failing: status(500),
    asking: status(429, { 'retry-after': '60' })
  }
  for (const [name, answer] of Object.entries(answers)) {
    await withServer(answer, async (server) => {
      const logger = createLogger({ sinks: [webhookSink(server.url, quick)] })
      for (let index = 0; index < 30; index++) {
        logger.error(`broken ${index}`)
        if (index % 10 === 9) await logger.flush({ timeoutMs: 1 })
      }
      const began = performance.now()
      const { accepted, failed, delivered, pending } = await logger.close({ timeoutMs: 450 })
      const took = performance.now() - began
      assert.ok(took < 5000, `${name}: ${took}`)
      assert.equal(
        { accepted, failed, delivered, pending },
        { accepted: 30, failed: 30, delivered: 0, pending: 0 },
        name
      )
    })
  }
})

test('a service that is down for a minute: nothing lost in the queue, nothing twice', () => {
  // A minute is 1.2 s here, so a second is 20 ms: the posts' interval and the first pause.
  const back = performance.now() + 1200
  return withServer(
    (response, index, request) => {
      if (performance.now() < back) request.socket.destroy()
      else ok(response, index, request)
    },
    async (server) => {
      const sink = webhookSink(server.url, { interval: 20, backoff: 20, deadline: 400, retry: 6000 })
      const logger = createLogger({ sinks: [sink], interval: 5, ring: 4_194_304 })
      for (let index = 0; index < 40; index++) {
        logger.error(`broken ${index}`)
        await pause(20)
      }
      const { accepted, delivered, pending } = await logger.flush({ timeoutMs: 5000 })
      assert.equal({ accepted, delivered, pending }, { accepted: 40, delivered: 40, pending: 0 })
      const texts = server.accepted().flat() as unknown as { args: string[]; count: number }[]
      assert.equal(
        texts.map(({ args, count }) => [args[0], count]),
        Array.from({ length: 40 }, (_, index) => [`broken ${index}`, 1])
      )
      await logger.close()
    }
  )
})

test('what is given up is spooled, and sent at the next start, once', async () => {
  const spool = scratch('alerts.spool')
  const url = await closedUrl()
  const sink = webhookSink(url, { ...quick, spool, retry: 50 })
  await sink.write(failures(12))
  await sink.close?.()
  assert.is(readFileSync(spool, 'utf8').split('\n').length, 3)
  await withServer(ok, async (server) => {
    const next = webhookSink(server.url, { ...quick, spool })
    await pause(200)
    assert.equal(messages(server).sort(), wanted(12).sort())
    await next.close?.()
    assert.is(readFileSync(spool, 'utf8'), '')
    const third = webhookSink(server.url, { ...quick, spool })
    await pause(100)
    await third.close?.()
    assert.is(server.posts.length, 2)
  })
})

test('flushSync writes the spool; what is accepted after that is taken out of it', () =>
  withServer(
    (response) => void setTimeout(() => response.end('ok'), 100),
    async (server) => {
      const spool = scratch('alerts.spool')
      const sink = webhookSink(server.url, { ...quick, spool })
      const written = sink.write(failures(2))
      sink.flushSync?.()
      assert.match(readFileSync(spool, 'utf8'), 'no 1')
      await written
      assert.is(readFileSync(spool, 'utf8'), '')
      await sink.close?.()
    }
  ))

test('a spool that is torn at any byte loses its last record at most', async () => {
  const spool = scratch('alerts.spool')
  const sink = webhookSink(await closedUrl(), { ...quick, spool, retry: 0, batch: 1 })
  await sink.write(failures(3))
  await sink.close?.()
  const whole = readFileSync(spool)
  const { length } = whole
  const lastRecord = whole.lastIndexOf('\n', length - 2) + 1
  for (const at of [length - 1, length - 2, length - 20, lastRecord + 1, lastRecord]) {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(spool, whole)
    truncateSync(spool, at)
    await withServer(ok, async (server) => {
      const next = webhookSink(server.url, { ...quick, spool, batch: 1 })
      await next.write(failures(1, 9))
      await pause(150)
      await next.close?.()
      const found = messages(server).sort()
      assert.equal(found, at === length - 1 ? ['no 0', 'no 1', 'no 2', 'no 9'] : ['no 0', 'no 1', 'no 9'], String(at))
    })
  }
})

test('what is spooled behind a torn record stands alone', async () => {
  const spool = scratch('alerts.spool')
  const down = { ...quick, spool, retry: 0, batch: 1 }
  const url = await closedUrl()
  const first = webhookSink(url, down)
  await first.write(failures(3))
  await first.close?.()
  truncateSync(spool, readFileSync(spool).length - 20)
  const second = webhookSink(url, down)
  await second.write(failures(1, 9))
  await second.close?.()
  await withServer(ok, async (server) => {
    const third = webhookSink(server.url, { ...quick, spool })
    while (server.posts.length < 3) await pause(10)
    await third.close?.()
    assert.equal(messages(server).sort(), ['no 0', 'no 1', 'no 9'])
  })
})

test('no spool is made as long as all goes well', () =>
  withServer(ok, async (server) => {
    const spool = scratch('alerts.spool')
    const sink = webhookSink(server.url, { ...quick, spool })
    await sink.write(failures(2))
    await sink.flush?.()
    assert.ok((await lasting(sink)) < 390)
    assert.not(existsSync(spool))
  }))

test.run()
