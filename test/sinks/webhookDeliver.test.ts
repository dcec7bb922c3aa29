import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createDeliver, type Deliver, type DeliverOptions, type DeliveryError } from '../../src/sinks/_deliver.ts'
import { withRuntime } from './_runtime.ts'

const test = suite('sinks/webhook: deliver')

type Reply = Response | Error | 'never'

let places = 0

/** A way to a service that gives these replies in turn, and 200 after that, with when it was asked for what. */
function deliverTo(replies: Reply[], options: Partial<DeliverOptions> = {}) {
  const asked: { body: string; at: number }[] = []
  const fetch = (async (_url: unknown, init: RequestInit) => {
    asked.push({ body: String(init.body), at: performance.now() })
    const reply = replies.shift() ?? new Response('fine')
    if (reply === 'never') return new Promise(() => {})
    if (reply instanceof Error) throw reply
    return reply
  }) as typeof globalThis.fetch
  places++
  const url = `https://service.example/${places}?key=SECRET`
  return { asked, deliver: createDeliver({ part: 'test', url, backoff: 1, deadline: 300, fetch, ...options }) }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function refusal(promise: Promise<unknown>): Promise<DeliveryError> {
  try {
    await promise
  } catch (error) {
    assert.type((error as DeliveryError).temporary, 'boolean')
    return error as DeliveryError
  }
  throw new Error('it was accepted')
}

test('gives what is read of the response; a failure there is tried again', async () => {
  const { deliver, asked } = deliverTo([new Response('{'), new Response('{"answer":42}')])
  const { answer } = await deliver.send('question', (response) => response.json() as Promise<{ answer: number }>)
  assert.is(answer, 42)
  assert.is(asked.length, 2)
})

test('one after the other, in order, each until it is accepted or given up', async () => {
  const { deliver, asked } = deliverTo([
    new Error('down'),
    new Response('', { status: 500 }),
    new Response('', { status: 400 })
  ])
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((body) => deliver.send(body)))
  assert.equal(
    outcomes.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled']
  )
  assert.is(asked.map(({ body }) => body).join(''), 'aaabc')
})

test('says whether another time may do, and the status', async () => {
  for (const [status, temporary] of [
    [400, false],
    [401, false],
    [408, true],
    [413, false],
    [429, true],
    [503, true]
  ] as const) {
    const { deliver } = deliverTo([new Response('', { status })], { retry: 0 })
    const error = await refusal(deliver.send('x'))
    assert.equal([error.status, error.temporary], [status, temporary])
    assert.match(error.message, `[nfo] [test] https://service.example answered ${status}; `)
  }
})

test('pauses double, with some chance, and are forgotten after a success', async () => {
  const { deliver, asked } = deliverTo([new Error(), new Error(), new Error(), new Error()], { backoff: 20 })
  await deliver.send('x')
  const pauses = asked.slice(1).map(({ at }, index) => at - asked[index].at)
  for (const [index, ms] of pauses.entries()) assert.ok(ms >= 10 * 2 ** index - 2, `${pauses}`)
  const before = performance.now()
  await deliver.send('y')
  assert.ok(performance.now() - before < 150)
})

test('what the service asks for is longer than what is left: given up at once', async () => {
  const { deliver, asked } = deliverTo([new Response('', { status: 429, headers: { 'retry-after': '60' } })], {
    retry: 1000
  })
  const before = performance.now()
  await refusal(deliver.send('x'))
  assert.ok(performance.now() - before < 5000)
  assert.is(asked.length, 1)
})

test('at the end: pauses are cut short, the rest is given up in time, and so is what follows at once', async () => {
  const { deliver, asked } = deliverTo([new Error('down'), new Response('fine'), 'never'], { backoff: 5000 })
  const first = deliver.send('a')
  const second = refusal(deliver.send('b'))
  await pause(10)
  const before = performance.now()
  await deliver.finish(60)
  assert.ok(performance.now() - before < 3000)
  await first
  assert.is((await second).temporary, true)
  assert.match((await refusal(deliver.send('c'))).message, 'at the end')
  assert.is(asked.map(({ body }) => body).join(''), 'aab')
})

test('the end does not cut short what the service asked for', async () => {
  const { deliver, asked } = deliverTo([new Response('', { status: 429, headers: { 'retry-after': '60' } })])
  const answer = refusal(deliver.send('a'))
  await pause(5)
  await deliver.finish(50)
  await answer
  assert.is(asked.length, 1)
})

test('settled tells whether all is answered', async () => {
  const { deliver } = deliverTo([new Response('fine'), 'never'])
  assert.is(await deliver.settled(10), true)
  void deliver.send('a')
  assert.is(await deliver.settled(100), true)
  const second = deliver.send('b')
  assert.is(await deliver.settled(10), false)
  await second
})

for (const [what, next] of [
  ['the next body', (deliver: Deliver) => deliver.send('c')],
  ['waiting for it', (deliver: Deliver) => deliver.settled(2000)]
] as const) {
  test(`where a timer has died with its request, ${what} goes on`, async () => {
    const { deliver, asked } = deliverTo([], { interval: 20 })
    await deliver.send('a')
    // Wrapped, so that it is not waited for.
    const second = await withRuntime({ later: () => undefined }, () => ({ sent: deliver.send('b') }))
    await pause(60)
    assert.is(asked.length, 1)
    await Promise.all([second.sent, next(deliver)])
    assert.match(asked.map(({ body }) => body).join(''), /^abc?$/)
  })
}

test('who takes over does not ask again what is being asked', async () => {
  let answerNow!: (response: Response) => void
  const answer = new Promise<Response>((resolve) => {
    answerNow = resolve
  })
  const replies: Promise<Response>[] = [answer]
  const asked: string[] = []
  const fetch = (async (_url: unknown, init: RequestInit) => {
    asked.push(String(init.body))
    return (await replies.shift()) ?? new Response('fine')
  }) as typeof globalThis.fetch
  const deliver = createDeliver({ part: 'test', url: `https://service.example/${++places}`, fetch })
  const all = ['a', 'b', 'c'].map((body) => deliver.send(body))
  await deliver.settled(30)
  assert.equal(asked, ['a'])
  answerNow(new Response('fine'))
  await Promise.all(all)
  assert.equal(asked, ['a', 'b', 'c'])
})

test.run()
