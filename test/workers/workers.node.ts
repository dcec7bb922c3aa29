import { gunzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readEntries } from '../../src/sinks/queue.ts'
import { type App, type Row, startApp } from './_runtime.ts'

const extraOf = ({ extra }: Row): Record<string, unknown> => JSON.parse(String(extra ?? '{}'))
const named = (rows: Row[], name: string): Row[] => rows.filter(({ function_name: own }) => own === name)
const distinct = (rows: Row[], column: string): number => new Set(rows.map((row) => row[column])).size

let app: App
let release: () => void = () => {}
const held = new Promise<void>((resolve) => {
  release = resolve
})

const test = suite('workers')

test('imports at module scope, and runs', async () => {
  app = await startApp(['nodejs_compat'], () => held)
  assert.is((await app.get('steps/warm')).status, 200)
  assert.is((await app.rows('1', 11)).length, 11)
})

// In parts: a test has ten seconds, and the database of this runtime takes some milliseconds a batch.
for (const from of [0, 250, 500, 750]) {
  test(`250 requests at once with 10 wrapped calls each, from ${from} on`, async () => {
    if (from === 0) await app.clear()
    const statuses = (await (await app.get(`many/steps/${from}/250`)).json()) as number[]
    assert.ok(statuses.every((status) => status === 200))
  })
}

test('after 1,000 requests D1 holds every entry, once, each with its own request', async () => {
  const rows = await app.rows('1', 11_000)
  assert.is(rows.length, 11_000)
  assert.is(distinct(rows, 'sequence'), 11_000)
  assert.is(distinct(named(rows, 'step'), 'args'), 10_000)
  assert.is(distinct(named(rows, 'fetch'), 'trace_id'), 1000)
  for (const row of named(rows, 'step')) assert.is(extraOf(row).path, `/steps/${JSON.parse(String(row.args))[0]}`)
  const [event] = named(rows, 'fetch')
  const { status, method, colo } = extraOf(event)
  assert.equal(
    [event.module, event.environment, event.version, status, method, colo].join(),
    'worker,test,7,200,POST,TST'
  )
})

const PARTS = [0, 250, 500, 750]
const ids = (from: number): number[] => Array.from({ length: 250 }, (_, index) => from + index)

/** A thousand of each, what brings them about a part at a time, and how many rows one leaves. */
const THOUSANDS: Record<string, [bring: (from: number) => Promise<unknown>, rows: number, event: string]> = {
  'handlers that throw': [many('throws'), 12, 'fetch'],
  'rejections after the response': [many('rejects'), 13, 'fetch'],
  'scheduled events': [
    async (from) => {
      const worker = await app.miniflare.getWorker('app')
      await Promise.all(ids(from).map((id) => worker.scheduled({ cron: `cron-${id}` })))
    },
    11,
    'scheduled'
  ],
  'messages of a queue, one by one': [
    async (from) => {
      const worker = await app.miniflare.getWorker('app')
      const message = (id: string) => ({ id, timestamp: new Date(), attempts: 1, body: { id } })
      await Promise.all(ids(from).map((id) => worker.queue('jobs', [message(`job-${id}`)])))
    },
    11,
    'queue'
  ],
  'alarms of Durable Objects': [many('alarm'), 13, 'CounterObject.alarm']
}

function many(route: string): (from: number) => Promise<unknown> {
  return async (from) => (await app.get(`many/${route}/${from}/250`)).json()
}

for (const [what, [bring, rowsEach, event]] of Object.entries(THOUSANDS)) {
  for (const from of PARTS) {
    test(`1,000 ${what}, from ${from} on`, async () => {
      if (from === 0) await app.clear()
      await bring(from)
    })
  }

  test(`after 1,000 ${what} D1 holds every entry, once`, async () => {
    const rows = await app.rows('1', rowsEach * 1000)
    assert.is(rows.length, rowsEach * 1000)
    assert.is(distinct(rows, 'sequence'), rows.length)
    assert.is(named(rows, event).length, 1000)
    assert.is(distinct(named(rows, event), 'trace_id'), 1000)
    assert.is(named(rows, 'step').length, 10_000)
  })
}

test('500 requests at once that all wait', async () => {
  await app.clear()
  const statuses = (await (await app.get('many/awaits/0/500')).json()) as number[]
  assert.ok(statuses.every((status) => status === 200))
})

test('none of them used what belongs to another', async () => {
  const rows = await app.rows('1', 5500)
  assert.is(rows.length, 5500)
  assert.is(distinct(rows, 'sequence'), 5500)
  for (const row of [...named(rows, 'later'), ...named(rows, 'step')]) {
    assert.is(extraOf(row).path, `/awaits/${JSON.parse(String(row.args))[0]}`)
  }
  assert.not.match(app.output(), /different request|entries are lost|hung/i)
})

test('a handler that throws, and a rejection after the response', async () => {
  await app.clear()
  assert.is((await app.get('throws/one')).status, 500)
  assert.is((await app.get('rejects/two')).status, 200)
  const rows = await app.rows('1', 12 + 13)
  assert.is(rows.length, 25)
  assert.equal(
    rows.filter(({ level }) => level === 'ERROR').map(({ function_name: name, exception }) => [name, exception]),
    [
      ['fail', 'no one'],
      ['fetch', 'no one'],
      ['refuse', 'refused two']
    ]
  )
  const [refused] = named(rows, 'refuse')
  assert.is(extraOf(refused).path, '/rejects/two')
})

test('scheduled and queue', async () => {
  await app.clear()
  const worker = await app.miniflare.getWorker('app')
  await worker.scheduled({ cron: '*/5 * * * *' })
  const messages = ['q1', 'q2'].map((id) => ({ id, timestamp: new Date(), attempts: 1, body: { id } }))
  await worker.queue('jobs', messages)
  const rows = await app.rows('1', 11 + 21)
  assert.is(rows.length, 32)
  assert.is(named(rows, 'scheduled')[0].args, '["*/5 * * * *"]')
  assert.is(named(rows, 'queue')[0].args, '["jobs",2]')
  assert.is(distinct(rows, 'trace_id'), 2)
})

test('a Durable Object: an alarm, and a method by RPC with what it calls on itself', async () => {
  await app.clear()
  await app.get('alarm/one')
  assert.is(await (await app.get('twice/two')).text(), '6')
  const rows = await app.rows('1', 1 + 1 + 11 + 1 + 6)
  assert.is(rows.length, 20)
  const [alarm] = named(rows, 'CounterObject.alarm')
  assert.is(rows.filter(({ trace_id: trace }) => trace === alarm.trace_id).length, 11)
  const [twice] = named(rows, 'CounterObject.twice')
  const own = rows.filter(({ trace_id: trace }) => trace === twice.trace_id)
  assert.is(own.length, 6)
  assert.ok(named(own, 'CounterObject.add').every(({ parent_id: parent }) => parent === twice.span_id))
})

test('a Durable Object that keeps its own log gets its own entries, and nobody else does', async () => {
  await app.clear()
  await Promise.all(['red', 'blue'].map((name) => app.get(`note/${name}`)))
  await app.rows('1', 2)
  for (const name of ['red', 'blue']) {
    const notes = (await (await app.get(`notes/${name}`)).json()) as { function_name: string; args: string }[]
    assert.is(notes.length, 11)
    assert.ok(notes.every(({ args }) => args.includes(name)))
  }
  assert.is(named(await app.rows('1', 4), 'later').length, 0)
})

test("a message of the project's logger, and a body that goes on after the handler has returned", async () => {
  await app.clear()
  await app.get('logs/one')
  assert.is(await (await app.get('stream/two')).text(), 'two 1')
  const rows = await app.rows('1', 2 + 3)
  assert.is(rows.length, 5)
  const [message] = rows.filter(({ kind }) => kind === 'message')
  assert.equal([message.args, extraOf(message).job, extraOf(message).path], ['["said"]', 'one', '/logs/one'])
  assert.ok(named(rows, 'later').every((row) => extraOf(row).path === '/stream/two'))
})

test('the response does not wait for a sink', async () => {
  await app.clear()
  // Held back until this test lets go, which it only does with the response in its hands.
  const response = await app.get('slow/one')
  assert.is(response.status, 200)
  release()
  assert.is((await app.rows('1', 11)).length, 11)
})

test('bindings: name, operation, key, rows and bytes; no values', async () => {
  await app.clear()
  assert.is((await app.get('bindings/job')).status, 200)
  const rows = (await app.rows('1', 17)).filter(({ function_name: name }) => /^[A-Z]+\./.test(String(name)))
  const told = rows.map(({ function_name: name, module, args, return_value: value }) =>
    [name, module, args, value].join(' ')
  )
  assert.equal(told.sort(), [
    'CACHE.get kv ["job"] {"bytes":12}',
    'CACHE.get kv ["missing"] {"rows":0}',
    'CACHE.list kv ["job"] {"rows":1}',
    'CACHE.put kv ["job"] {"bytes":12}',
    'COUNTER.add durable-object [2] {}',
    'COUNTER.fetch durable-object ["GET","/inside"] {"status":201}',
    'DB.all d1 ["SELECT ? AS secret"] {"rows":1,"changes":0,"read":0,"written":0}',
    'DB.batch d1 [2] {"rows":3,"changes":0,"read":2,"written":0}',
    'DB.first d1 ["SELECT ? AS secret"] {"rows":1}',
    'FILES.get r2 ["job.txt"] {"bytes":5}',
    'FILES.put r2 ["job.txt"] {"bytes":5}',
    'LOGS.send queue [7] {"rows":1}'
  ])
  assert.not.match(JSON.stringify(rows), /hunter2|twelve|five!/)
})

test('R2, KV and a queue take what they are given', async () => {
  await app.clear()
  await app.get('sinks/one')
  await app.rows('1', 11)
  const bucket = await app.miniflare.getR2Bucket('FILES', 'app')
  const { objects } = await bucket.list({ prefix: 'logs/' })
  assert.is(objects.length, 1)
  assert.match(objects[0].key, /^logs\/\d{4}-\d\d-\d\d\/\d\d\/\d{9}-[\da-f]{8}\.jsonl\.gz$/)
  const stored = await bucket.get(objects[0].key)
  const text = gunzipSync(Buffer.from(await (stored as { arrayBuffer(): Promise<ArrayBuffer> }).arrayBuffer()))
  assert.is(readEntries(text).length, 11)
  const cache = await app.miniflare.getKVNamespace('CACHE', 'app')
  assert.is(await cache.get('nfo:last-crash'), null)
  assert.is((await app.get('throws/two')).status, 500)
})

test.after(() => app?.stop())

for (const flags of [[], ['nodejs_als']]) {
  const without = suite(`workers, ${flags[0] ?? 'without flags'}`)
  let plain: App

  without('imports, and delivers every entry', async () => {
    plain = await startApp(flags)
    for (const route of ['steps', 'awaits', 'throws', 'rejects']) await plain.get(`${route}/job`)
    const rows = await plain.rows('1', 11 + 11 + 12 + 13)
    assert.is(rows.length, 47)
    assert.is(distinct(rows, 'sequence'), 47)
    assert.is(named(rows, 'fetch').filter((row) => extraOf(row).path).length, 4)
  })

  without.after(() => plain?.stop())
  without.run()
}

test.run()
