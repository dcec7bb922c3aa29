import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { currentTraceparent, silence, withContext, withLevel, withSink } from '../src/context.ts'
import type { Entry } from '../src/core/types.ts'
import { runtime } from '../src/runtimes/generic.ts'
import { forest, judged, KINDS, type Tree, treeOf } from './_trees.ts'
import { failing, gathering, lab } from './core/_lab.ts'

const test = suite('context')

const HEADER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
let lasting = false

// A Worker's module takes a moment.
test.before(async () => {
  withContext({}, () => {})
  await pause()
  lasting = runtime.storage() !== undefined
})

test('where there is AsyncLocalStorage, it is used', () => {
  if (['node', 'deno', 'bun'].includes(runtime.name)) assert.ok(lasting)
})

const named = (entries: Entry[], name: string): Entry => entries.find((entry) => entry.functionName === name) as Entry

test('fields and the trace are on every call and message inside', () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap((id: number) => id, 'leaf')
  const root = logger.wrap(() => {
    logger.info('hello', { own: 1, user: 'mine' })
    return leaf(7)
  }, 'root')
  leaf(1)
  assert.is(withContext({ requestId: 'r1', user: 'ann', traceparent: HEADER }, root), 7)
  const entries = fresh()
  assert.is(entries[0].traceId, undefined)
  assert.equal(entries[0].extra, {})
  const inside = entries.slice(1)
  assert.is(inside.length, 3)
  for (const entry of inside) {
    assert.is(entry.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
    assert.is(entry.extra.requestId, 'r1')
    assert.is(entry.extra.traceParent, '00f067aa0ba902b7')
    assert.match(entry.extra.traceSpan as string, /^[\da-f]{16}$/)
  }
  assert.is(named(inside, 'leaf').args[0], 7)
  assert.is(named(inside, 'leaf').returnValue, 7)
  assert.is(
    named(inside, 'leaf').parentId,
    inside.find(({ kind, functionName }) => kind === 'call' && functionName === 'root')?.spanId
  )
  const message = inside.find(({ kind }) => kind === 'message') as Entry
  assert.is(message.level, 'info')
  assert.equal([message.extra.own, message.extra.user], [1, 'mine'])
})

test('contexts nest, and end', () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap(() => currentTraceparent(), 'leaf')
  withContext({ one: 1, both: 'outer' }, () => {
    withContext({ two: 2, both: 'inner' }, leaf)
    leaf()
  })
  leaf()
  const [inner, outer, none] = fresh()
  assert.equal([inner.extra.one, inner.extra.two, inner.extra.both], [1, 2, 'inner'])
  assert.equal([outer.extra.one, outer.extra.two, outer.extra.both], [1, undefined, 'outer'])
  assert.equal([none.extra, none.returnValue], [{}, undefined])
  assert.is(inner.traceId, outer.traceId)
})

test('a traceparent goes on with the span of the call that sends it', () => {
  const { logger, fresh } = lab()
  const send = logger.wrap(() => currentTraceparent(), 'send')
  withContext({ traceparent: HEADER }, () => {
    assert.is(currentTraceparent(), HEADER)
    send()
  })
  const [sent] = fresh()
  assert.is(sent.returnValue, `00-${sent.traceId}-${sent.extra.traceSpan}-01`)
  assert.is(currentTraceparent(), undefined)
})

for (const wrong of [
  '',
  'x',
  HEADER.replace('4b', 'zz'),
  `${HEADER}-more`,
  HEADER.replace(/^00/, 'ff'),
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
  null,
  7
]) {
  test(`a traceparent of ${String(wrong).slice(0, 60)} is ignored`, () => {
    const { logger, fresh } = lab()
    withContext(
      { traceparent: wrong as string, a: 1 },
      logger.wrap(() => 1, 'one')
    )
    const [entry] = fresh()
    assert.is(entry.extra.a, 1)
    assert.is(entry.extra.traceParent, undefined)
    assert.match(entry.traceId as string, /^[\da-f]{32}$/)
    assert.is.not(entry.traceId, '4bf92f3577b34da6a3ce929d0e0e4736')
  })
}

test('secrets among the fields are left out, hostile and huge ones bounded', () => {
  const { logger, fresh } = lab()
  const one = logger.wrap((text: string) => text, 'one')
  const hostile = {
    get bad() {
      throw new Error('no')
    }
  }
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const long = 'x'.repeat(100_000)
  withContext({ password: 'hunter22' }, () => one('a'))
  withContext(hostile as never, () => one('b'))
  withContext(
    { ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, long])), proxy: revoked.proxy },
    () => one(long)
  )
  const entries = fresh()
  assert.is((entries[0].extra.password as { kind: string }).kind, 'redacted')
  assert.equal(
    entries.map(({ args, returnValue }) => [(args[0] as string).length > 0, typeof returnValue]),
    [
      [true, 'string'],
      [true, 'string'],
      [true, 'string']
    ]
  )
})

test('a record that is full of everything still reads right', () => {
  const { logger, fresh } = lab({ capture: { items: 1000, string: 5000, depth: 16 } })
  const big = Array.from({ length: 400 }, (_, i) => ({ [`key${i}`]: 'y'.repeat(47) }))
  const echo = logger.wrap((...all: unknown[]) => all, 'echo')
  const fields = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`f${i}`, 'z'.repeat(47)]))
  withContext(fields, () => {
    echo(big, big, big)
    logger.info('m'.repeat(5000), { big })
    echo(1)
  })
  const [first, message, last] = fresh()
  for (const entry of [first, message, last]) assert.is(entry.extra.f0, 'z'.repeat(47))
  assert.equal(last.returnValue, [1])
  assert.is(first.functionName, 'echo')
  assert.is(message.kind, 'message')
})

test('a thousand trees at once: every caller is right, or unknown', async () => {
  const { logger, fresh } = lab({ ring: 2 ** 24 })
  const { plant, size } = forest(logger)
  await Promise.all(
    Array.from({ length: 1000 }, (_, seed) => withContext({ seed }, () => plant(treeOf(seed * 7919 + 13, 3))))
  )
  await pause()
  const { right, unknown, wrong } = judged(fresh())
  assert.equal(wrong.slice(0, 5), [])
  assert.is(right + unknown, size())
  assert.ok(right > 1000)
  if (lasting) assert.is(unknown, 0)
})

test('any tree, inside and outside of contexts', async () => {
  const grow = (children: fc.Arbitrary<Tree[]>): fc.Arbitrary<Tree> =>
    fc.record({
      kind: fc.constantFrom(...KINDS),
      waits: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
      children
    })
  let tree = grow(fc.constant([]))
  for (let depth = 0; depth < 4; depth++) tree = grow(fc.array(tree, { maxLength: 3 }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(tree, fc.boolean()), { minLength: 1, maxLength: 6 }), async (trees) => {
      const { logger, fresh } = lab({ ring: 2 ** 20 })
      const { plant } = forest(logger)
      const all = trees.map(([one, within]) => (within ? withContext({ within }, () => plant(one)) : plant(one)))
      await Promise.all(all)
      const entries = fresh()
      assert.equal(judged(entries).wrong, [])
      const inside = entries.filter(({ extra }) => extra.within)
      if (lasting) assert.is(judged(inside).unknown, 0)
    }),
    { numRuns: 40 }
  )
})

test('a handler that awaits, then calls', async () => {
  const { logger, fresh } = lab()
  const query = logger.wrap(async (id: number) => (await pause(), id), 'query')
  const handle = logger.wrap(async (id: number) => {
    await pause()
    logger.warn('slow')
    const [one, two] = await Promise.all([query(id), query(id + 1)])
    return one + two
  }, 'handle')
  await Promise.all([10, 20].map((id) => withContext({ id }, () => handle(id))))
  const entries = fresh()
  const inside = entries.filter(({ functionName, kind }) => functionName === 'query' || kind === 'message')
  for (const entry of inside) {
    const caller = entries.find(({ spanId }) => spanId === entry.parentId)
    if (!lasting) assert.is(entry.parentId, 0)
    else {
      assert.is(caller?.functionName, 'handle')
      assert.is(caller?.args[0], entry.extra.id)
      if (entry.kind === 'message') assert.is(entry.functionName, 'handle')
    }
  }
})

test('silence records nothing, also beside others', async () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap((who: string) => who, 'leaf')
  const fails = logger.wrap(() => {
    throw new Error('no')
  }, 'fails')
  const work = async (who: string): Promise<void> => {
    leaf(who)
    if (!lasting) return
    await pause()
    leaf(who)
    logger.error(who)
  }
  await Promise.all([
    silence(() => work('quiet')),
    work('loud'),
    silence(() => withLevel('debug', () => work('quiet')))
  ])
  silence(() => failing(fails))
  const entries = fresh()
  assert.equal([...new Set(entries.map(({ args }) => args[0]))], ['loud'])
  assert.is(entries.length, lasting ? 3 : 1)
})

test('withLevel goes up and down', async () => {
  const { logger, fresh } = lab({ level: 'warn' })
  const leaf = logger.wrap((who: string) => who, 'leaf')
  const fails = logger.wrap(async (who: string) => {
    throw new Error(who)
  }, 'fails')
  const work = async (who: string): Promise<void> => {
    if (lasting) await pause()
    leaf(who)
    logger.info(who)
    await fails(who).catch(() => {})
  }
  await Promise.all([work('as ever'), withLevel('debug', () => work('more')), withLevel('fatal', () => work('less'))])
  const seen = fresh().map(({ args, kind, level }) => `${args[0]} ${kind} ${level}`)
  assert.equal(seen.sort(), ['as ever call error', 'more call debug', 'more call error', 'more message info'])
  assert.is(logger.level, 'warn')
  assert.throws(() => withLevel('loud' as never, () => 1), /unknown level/)
})

test('withSink gets what is recorded inside, and nothing else', async () => {
  const { logger, fresh } = lab({ environment: 'test' })
  const leaf = logger.wrap((who: string) => who, 'leaf')
  const later = logger.wrap(async (who: string) => {
    leaf(who)
    if (lasting) await pause()
    leaf(who)
    logger.info(who)
    return who
  }, 'later')
  const [one, two, outer] = [gathering(), gathering(), gathering()]
  await Promise.all([
    withSink(one, () => later('one')),
    withSink(outer, () => withSink(two, () => later('two'))),
    later('none')
  ])
  const entries = fresh()
  assert.is(entries.length, 12)
  for (const [sink, who] of [
    [one, 'one'],
    [two, 'two'],
    [outer, 'two']
  ] as const) {
    assert.is(sink.entries.length, 4)
    const same = entries.filter(({ args }) => args[0] === who)
    const sorted = (list: Entry[]) =>
      list.toSorted((a, b) => a.sequence - b.sequence).map(({ timestamp, ...rest }) => rest)
    assert.equal(sorted(sink.entries), sorted(same))
  }
})

test('a sink of withSink that throws, or calls what is recorded, harms nobody', async () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap((who: string) => who, 'leaf')
  const seen: Entry[] = []
  const reentrant = {
    async write(entries: readonly Entry[]) {
      leaf('sink')
      await null
      if (lasting) leaf('sink, later')
      seen.push(...entries)
    }
  }
  const throws = {
    write() {
      throw new Error('full')
    }
  }
  assert.is(
    withSink(reentrant, () => leaf('app')),
    'app'
  )
  assert.is(
    withSink(throws, () => leaf('app')),
    'app'
  )
  await pause()
  assert.equal(
    fresh().map(({ args }) => args[0]),
    ['app', 'app']
  )
  assert.is(seen.length, 1)
})

test('a child has its fields on its messages', () => {
  const { logger, fresh } = lab()
  const child = logger.child({ module: 'db', user: 1 }).child({ user: 2 })
  child.info('one', { own: true })
  child.error('two')
  logger.info('three')
  const extras = fresh().map(({ extra }) => extra)
  assert.equal(extras, [{ module: 'db', user: 2, own: true }, { module: 'db', user: 2 }, {}])
  child.level = 'warn'
  assert.is(logger.level, 'warn')
})

test('a failure of a call below the level is the child of its caller', async () => {
  if (!lasting) return
  const { logger, fresh } = lab({ level: 'info' })
  const quiet = logger.wrap((promise: Promise<unknown>) => promise, 'quiet')
  const other = logger.wrap(async (promise: Promise<unknown>) => promise.catch(() => {}), {
    name: 'other',
    level: 'info'
  })
  const root = logger.wrap(
    async () => {
      await pause()
      await other(quiet(pause().then(() => Promise.reject(new Error('late')))))
    },
    { name: 'root', level: 'info' }
  )
  await withContext({ a: 1 }, root)
  const entries = fresh()
  assert.is(named(entries, 'quiet').parentId, named(entries, 'root').spanId)
  assert.is(named(entries, 'quiet').extra.a, 1)
})

test.run()
