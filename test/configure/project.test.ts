import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { registerSink } from '../../src/configure/specs.ts'
import { type ConfigureOptions, configure, getLogger } from '../../src/configure.ts'
import { withLevel } from '../../src/context.ts'
import type { Entry, Sink, Stage } from '../../src/core/types.ts'
import { wrap } from '../../src/core/wrap.ts'
import { addsUp, failing, gathering } from '../core/_lab.ts'
import { printed, withRuntime } from '../sinks/_runtime.ts'

const test = suite('configure: a project')

const quiet = { exitHooks: false, force: true }
const fresh = (options: ConfigureOptions = {}) => {
  const sink = gathering()
  const logger = configure({ ...quiet, sinks: [sink], ...options })
  logger.flushSync()
  sink.entries.length = 0
  const seen = (): unknown[] => {
    logger.flushSync()
    return sink.entries.splice(0).map(({ kind, functionName, args }) => (kind === 'call' ? functionName : args[0]))
  }
  return { sink, logger, seen }
}
const calling = (module: string, level: Entry['level'] = 'debug'): (() => void) =>
  wrap(() => {}, { name: module, module, level })
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test.after(async () => {
  await configure(quiet).close()
})

test('levels of modules, the longest pattern first, and changed while it runs', () => {
  const { logger, seen } = fresh({ level: 'info', levels: { 'shop/*': 'warn', 'shop/cart': 'debug' } })
  const [cart, till, other] = [calling('shop/cart'), calling('shop/till', 'info'), calling('other')]
  const all = (): void => {
    cart()
    till()
    other()
    logger.info('text')
  }
  all()
  assert.equal(seen(), ['shop/cart', 'text'])
  assert.is(logger.level, 'info')
  logger.setLevel('shop/cart')
  logger.setLevel('other', 'debug')
  all()
  assert.equal(seen(), ['other', 'text'])
  logger.level = 'error'
  logger.setLevel('shop/*', 'info')
  all()
  assert.equal(seen(), ['shop/till', 'other'])
  logger.setLevel('shop/*')
  logger.setLevel('other')
  const { accepted } = logger.stats()
  all()
  assert.equal(seen(), [])
  assert.is(logger.stats().accepted, accepted, 'what no level asks for is not recorded')
  assert.match((failing(() => logger.setLevel('other', 'loud' as 'info')) as Error).message, "unknown level 'loud'")
})

test('what withLevel asks for passes, unless another module asks for less than all do', () => {
  const { seen } = fresh({ level: 'info', levels: { 'shop/*': 'error' } })
  withLevel('debug', calling('other'))
  withLevel('debug', calling('shop/cart'))
  assert.equal(seen(), ['other'])
})

test('a pattern is no regular expression', () => {
  const { seen } = fresh({ level: 'error', levels: { 'a.b': 'debug', '(x': 'debug' } })
  calling('a.b')()
  calling('aXb')()
  calling('(x')()
  assert.equal(seen(), ['a.b', '(x'])
})

test('the name is the module of what has none', () => {
  const { logger, sink } = fresh({ name: 'shop' })
  logger.info('text')
  calling('own')()
  logger.flushSync()
  assert.equal(
    sink.entries.map(({ module }) => module),
    ['shop', 'own']
  )
})

test('sampling keeps errors and slow calls, and all sinks are given the same', () => {
  const [one, other] = [gathering(), gathering()]
  const logger = configure({ ...quiet, sinks: [one, other], sample: 0.5 })
  for (let i = 0; i < 400; i++) logger.info(`sampled ${i}`)
  for (let i = 0; i < 20; i++) logger.error(`failed ${i}`)
  logger.flushSync()
  const of = ({ entries }: typeof one, begin: string): unknown[] =>
    entries.map(({ args }) => args[0]).filter((text) => String(text).startsWith(begin))
  assert.equal(of(one, 'sampled'), of(other, 'sampled'))
  assert.ok(of(one, 'sampled').length > 100 && of(one, 'sampled').length < 300, `${of(one, 'sampled').length}`)
  assert.is(of(one, 'failed').length, 20)
  assert.ok(addsUp(logger.stats()))
})

test('stages stand before all sinks, see an entry once, and may add some later', async () => {
  let shown = 0
  const counting: Stage = (next) => ({
    write(entries) {
      shown += entries.filter(({ args }) => args[0] === 'staged').length
      return next.write(entries)
    },
    flush: () => next.write([{ ...gathered.entries[0], args: ['late'] }])
  })
  const gathered = gathering()
  const written: unknown[] = []
  let writing = 0
  const slow: Sink = {
    async write(entries) {
      assert.is(++writing, 1, 'one batch at a time')
      await wait(5)
      written.push(...entries.map(({ args }) => args[0]))
      writing--
    }
  }
  const logger = configure({ ...quiet, sinks: [gathered, slow], stages: [counting] })
  logger.info('staged')
  await logger.flush()
  assert.is(shown, 1)
  assert.equal(gathered.entries.filter(({ args }) => args[0] === 'staged').length, 1)
  assert.ok(written.includes('staged') && written.includes('late'), String(written))
  assert.ok(gathered.entries.some(({ args }) => args[0] === 'late'))
})

test('a sink that fails leaves the other alone', async () => {
  const good = gathering()
  const bad: Sink = {
    write() {
      throw new Error('full')
    },
    flushSync() {}
  }
  await printed({}, () => {
    const logger = configure({ ...quiet, sinks: [bad, good] })
    logger.info('for both')
    const [first, second] = (logger.flushSync(), logger.stats().sinks)
    assert.is(first.delivered, 0)
    assert.is(second.failed, 0)
    assert.ok(good.entries.some(({ args }) => args[0] === 'for both'))
  })
})

test('the logger that is replaced loses nothing, however slow its sink is', async () => {
  const written: unknown[] = []
  let closed = 0
  const slow: Sink = {
    async write(entries) {
      await wait(20)
      assert.is(closed, 0)
      for (const { args } of entries) if (/^slow/.test(String(args[0]))) written.push(args[0])
    },
    close: () => void closed++
  }
  const old = configure({ ...quiet, sinks: [slow] })
  for (let i = 0; i < 3; i++) {
    old.info(`slow ${i}`)
    old.flushSync()
  }
  old.info('slow 3')
  const { seen } = fresh()
  for (let i = 0; i < 100 && closed === 0; i++) await wait(10)
  assert.equal(written, ['slow 0', 'slow 1', 'slow 2', 'slow 3'])
  assert.is(closed, 1)
  assert.equal(seen(), [])
})

test('registered sinks, also ones that are made later', async () => {
  const made: string[] = []
  const sink = gathering()
  registerSink('own-name', (argument) => {
    made.push(argument)
    return sink
  })
  registerSink('later', async (argument) => {
    await wait(5)
    made.push(argument)
    return sink
  })
  registerSink('nothing', () => ({}) as Sink)
  const logger = configure({ ...quiet, sinks: ['own-name:a:b', 'later:', ' later:'] })
  assert.is(logger.stats().sinks.length, 2, 'the same spec twice is one sink')
  logger.info('registered')
  await logger.flush()
  assert.equal(made, ['a:b', ''])
  assert.is(sink.entries.filter(({ args }) => args[0] === 'registered').length, 2)
  const message = (act: () => unknown): string => (failing(act) as Error).message
  assert.match(
    message(() => configure({ ...quiet, sinks: ['latr:'] })),
    "unknown sink 'latr'; did you mean 'later'?"
  )
  assert.match(
    message(() => configure({ ...quiet, sinks: ['nothing:'] })),
    "what 'nothing' made has no write function"
  )
  for (const name of ['json', 'sqlite', 'a:b', '']) {
    assert.match(
      message(() => registerSink(name, () => sink)),
      `the name '${name}' cannot be used`
    )
  }
  assert.match(
    message(() => registerSink('sound', 'x' as never)),
    "'sound' has no factory"
  )
})

test('a sink whose factory fails counts what it does not take, and says so once', async () => {
  registerSink('broken', () => Promise.reject(new Error('no such host')))
  const lines = await printed({}, async () => {
    const logger = configure({ ...quiet, sinks: ['broken:'] })
    logger.info('one')
    await logger.flush()
    logger.info('two')
    const ledger = await logger.flush()
    assert.is(ledger.failed, ledger.accepted)
    assert.ok(addsUp(ledger))
  })
  assert.is(lines.length, 1, lines.join('\n'))
  assert.match(lines[0], 'no such host')
})

test('every variable of the environment, and one that cannot be read', async () => {
  const environment: Record<string, string> = {
    NFO_LEVEL: 'warn, shop/*=debug',
    NFO_SAMPLE: '1',
    NFO_REDACT: 'nickname, badge',
    NFO_ENV: ' staging ',
    NFO_VERSION: ''
  }
  await withRuntime({ env: (name) => environment[name] }, () => {
    const { logger, sink } = fresh({ level: 'info', levels: { 'shop/*': 'error', own: 'info' }, version: '1.2.3' })
    assert.is(logger.level, 'warn')
    calling('shop/cart')()
    calling('elsewhere')()
    logger.warn('text', { nickname: 'tiny', badge: 7, size: 3 })
    logger.flushSync()
    const [call, text] = sink.entries
    assert.is(sink.entries.length, 2)
    assert.equal([call.module, call.environment, call.version], ['shop/cart', 'staging', '1.2.3'])
    assert.not.match(JSON.stringify(text.extra), /tiny|7/)
    assert.is(text.extra.size, 3)
    environment.NFO_SAMPLE = 'often'
    assert.match((failing(() => fresh()) as Error).message, '[nfo] [configure] sample is NaN')
    environment.NFO_SAMPLE = '0'
    const none = fresh()
    none.logger.warn('not kept')
    assert.equal(none.seen(), [])
  })
  const throwing = (): string => {
    throw new Error('no permission')
  }
  await withRuntime({ env: throwing }, () => {
    const { logger, seen } = fresh()
    logger.info('as it is')
    assert.equal(seen(), ['as it is'])
  })
  assert.ok(getLogger())
})

test('a webhook of the environment is one more sink, loaded when it is needed', async () => {
  const environment: Record<string, string> = { NFO_WEBHOOK_URL: 'http://127.0.0.1:9/hook' }
  await withRuntime({ env: (name) => environment[name] }, async () => {
    const { logger } = fresh()
    assert.is(logger.stats().sinks.length, 2)
    await logger.close()
  })
})

test('entries go on without a model that cannot be used, which is one line', async () => {
  const lines = await printed({ env: () => undefined }, async () => {
    const { logger, seen } = fresh({ llm: 'opnai/gpt' })
    logger.error('failed')
    assert.equal(seen(), ['failed'])
    await logger.flush()
    logger.error('again')
    assert.equal(seen(), ['again'])
  })
  assert.is(lines.length, 1, lines.join('\n'))
  assert.match(lines[0], /^stderr: \[nfo\] \[llm\] .*; entries go on without it$/)
})

test('a model is shown the errors that came before it was loaded, once, and each sink gets an entry once', async () => {
  const prompts: string[] = []
  const dryRun = ({ user }: { user: string }): void => void prompts.push(user)
  const { logger, sink } = fresh({ llm: { model: 'ollama/llama3', dryRun } })
  logger.error('disk is full')
  logger.flushSync()
  await logger.flush()
  logger.error('out of paper')
  await logger.flush()
  assert.equal(
    sink.entries.map(({ args }) => args[0]),
    ['disk is full', 'out of paper']
  )
  assert.is(prompts.length, 2)
  assert.match(prompts[0], 'disk is full')
})

test.run()
