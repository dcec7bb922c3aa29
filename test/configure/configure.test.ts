import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type ConfigureOptions, configure, createLogger, getLogger, memorySink, wrap } from '../../src/index.ts'
import { failing, gathering } from '../core/_lab.ts'
import { withRuntime } from '../sinks/_runtime.ts'

const test = suite('configure')

const quiet = { exitHooks: false, force: true }
const message = (act: () => unknown): string => (failing(act) as Error).message
const refused = (options: object): string => message(() => configure({ ...quiet, ...options } as ConfigureOptions))

/** The entries of one function, since other tests record to the same ring. */
const of = (name: string, { entries }: ReturnType<typeof gathering>): unknown[] =>
  entries.filter(({ functionName }) => functionName === name).map(({ args }) => args[0])

test.after(async () => {
  await configure(quiet).close()
})

test('a second call gives the same logger, and getLogger does', () => {
  const logger = configure(quiet)
  assert.is(configure({ level: 'error' }), logger)
  assert.is(getLogger(), logger)
  assert.is(logger.level, 'debug')
  const other = configure({ ...quiet, level: 'error' })
  assert.is.not(other, logger)
  assert.is(getLogger(), other)
  assert.is(other.level, 'error')
})

test('what was recorded before is delivered, and what comes after', () => {
  configure(quiet)
  const early = wrap((id: number) => id, 'configure-early')
  early(1)
  const sink = gathering()
  const logger = configure({ ...quiet, sinks: [sink] })
  early(2)
  const { accepted, delivered, dropped, failed, pending } = logger.flushSync()
  assert.equal(of('configure-early', sink), [1, 2])
  assert.is(accepted, delivered + dropped + failed + pending)
})

test('the logger that is replaced is flushed and closed, and takes nothing more', async () => {
  const [first, second] = [gathering(), gathering()]
  let closed = 0
  configure({ ...quiet, sinks: [{ ...first, close: () => void closed++ }] })
  const note = wrap((id: number) => id, 'configure-note')
  note(1)
  const logger = configure({ ...quiet, sinks: [second] })
  note(2)
  await new Promise((resolve) => setTimeout(resolve, 20))
  note(3)
  logger.flushSync()
  assert.equal(of('configure-note', first), [1])
  assert.equal(of('configure-note', second), [2, 3])
  assert.is(closed, 1)
})

test('options that cannot be meant are refused, and the logger before them stays', () => {
  const logger = configure(quiet)
  const cases: [object, string][] = [
    [{ snks: [] }, "[nfo] [configure] unknown option 'snks'; did you mean 'sinks'?"],
    [{ Level: 'info' }, "[nfo] [configure] unknown option 'Level'; did you mean 'level'?"],
    [{ level: 'inof' }, "[nfo] [configure] unknown level 'inof'; did you mean 'info'?"],
    [{ level: 'verbose' }, "[nfo] [configure] unknown level 'verbose'; use one of debug, info, warn, error, fatal"],
    [{ delivery: 'contiuous' }, "[nfo] [logger] unknown delivery 'contiuous'; did you mean 'continuous'?"],
    [{ overflow: 'drop' }, "[nfo] [logger] unknown overflow 'drop'; use one of block, drop-oldest, drop-newest"],
    [{ sinks: ['jsno:a'] }, "[nfo] [configure] unknown sink 'jsno'; did you mean 'json'?"],
    [{ sinks: ['webhook:'] }, "[nfo] [configure] the sink 'webhook' has no url; write 'webhook:URL'"],
    [{ sinks: ['json:'] }, "[nfo] [configure] the sink 'json' has no path; write 'json:PATH'"],
    [{ brige: true }, "[nfo] [configure] unknown option 'brige'; did you mean 'bridge'?"],
    [{ levels: { 'shop/*': 'wran' } }, "[nfo] [configure] unknown level 'wran'; did you mean 'warn'?"],
    [{ sample: 2 }, '[nfo] [configure] sample is 2; use a share from 0 to 1'],
    [{ sinks: ['memory:many'] }, '[nfo] [memory] entries and bytes are limits; give numbers above 0'],
    [{ sinks: [{}] }, '[nfo] [configure] sinks[0] has no write function; pass a sink, such as memorySink()'],
    [{ ring: 50_000 }, '[nfo] [logger] ring is 50000; use a power of two from 32768 to 1073741824 bytes'],
    [{ interval: -1 }, '[nfo] [logger] interval is -1; use milliseconds from 0 up'],
    [{ queue: 0 }, '[nfo] [logger] queue is 0; use a number of entries above 0']
  ]
  for (const [options, text] of cases) assert.is(refused(options), text)
  assert.is(getLogger(), logger)
})

test('the environment overrides', async () => {
  const environment: Record<string, string> = {
    NFO_LEVEL: 'warn',
    NFO_SINKS: 'memory:10, memory:',
    NFO_ENV: 'staging',
    NFO_VERSION: '9.9.9'
  }
  const given = gathering()
  const options = { ...quiet, sinks: [given], level: 'info' as const, environment: 'test', version: '1.0.0' }
  await withRuntime({ env: (name) => environment[name] }, () => {
    const logger = configure(options)
    assert.is(logger.level, 'warn')
    assert.is(logger.stats().sinks.length, 2)
    environment.NFO_SINKS = 'tape:'
    assert.ok(
      refused({}).startsWith("[nfo] [configure] unknown sink 'tape'; use one of console, json, memory, webhook")
    )
    environment.NFO_SINKS = ''
    assert.is(configure(options).stats().sinks.length, 0)
    delete environment.NFO_SINKS
    const last = configure(options)
    last.warn('configure-env')
    last.flushSync()
  })
  const [entry] = given.entries.filter(({ args }) => args[0] === 'configure-env')
  assert.equal([entry.environment, entry.version, entry.level], ['staging', '9.9.9', 'warn'])
})

test('a logger beside the project’s has a ring of its own', async () => {
  const memory = memorySink()
  const audit = createLogger({ sinks: [memory], exitHooks: false })
  const pay = audit.wrap((amount: number) => amount, 'configure-pay')
  const sink = gathering()
  const logger = configure({ ...quiet, sinks: [sink] })
  pay(5)
  logger.flushSync()
  await audit.close()
  assert.equal(of('configure-pay', sink), [])
  assert.equal(
    memory.entries().map(({ args }) => args[0]),
    [5]
  )
})

test.run()
