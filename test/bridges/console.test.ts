import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bridgeConsole } from '../../src/bridges/console.ts'
import { configure } from '../../src/configure.ts'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry, Sink } from '../../src/core/types.ts'
import { has, skipUnless } from '../_run/runtime.ts'
import { gathering, lab } from '../core/_lab.ts'

const test = suite('bridges: console')
const timed = skipUnless(test, has.timers, 'no timers outside of a request')
const quiet = { exitHooks: false, force: true }

/** What the console would have printed while `task` ran, by method. */
async function caught(task: () => unknown): Promise<string[]> {
  const methods = console as unknown as Record<string, unknown>
  const names = ['debug', 'log', 'info', 'warn', 'error', 'trace', 'dir', 'table', 'assert']
  const before = names.map((name) => methods[name])
  const lines: string[] = []
  for (const name of names)
    methods[name] = (...args: unknown[]) => void lines.push(`${name}: ${args.map(String).join(' ')}`)
  try {
    await task()
  } finally {
    names.forEach((name, index) => {
      methods[name] = before[index]
    })
  }
  return lines
}

const texts = (entries: readonly Entry[]): unknown[] => entries.map(({ level, args }) => `${level} ${args[0]}`)

test('each method is an entry of its level, and still prints', async () => {
  const { logger, fresh } = lab()
  const lines = await caught(() => {
    const restore = bridgeConsole({ logger })
    console.debug('a')
    console.log('b', 1, null, undefined, true, 10n)
    console.info('c')
    console.warn('d')
    console.error('e')
    console.trace('f')
    console.assert(true, 'never')
    console.assert(false, 'g')
    console.log()
    restore()
  })
  const entries = fresh()
  assert.equal(texts(entries), [
    'debug a',
    'info b 1 null undefined true 10',
    'info c',
    'warn d',
    'error e',
    'debug f',
    'error g',
    'info '
  ])
  assert.is(entries[0].kind, 'message')
  assert.equal(entries[1].extra, { console: 'log' })
  assert.is(lines.length, 9, lines.join('\n'))
  assert.is(lines[1], 'log: b 1 null undefined true 10')
})

test('objects and errors are kept, secrets are not', async () => {
  const { logger, fresh } = lab()
  await caught(() => {
    const restore = bridgeConsole({ logger, silent: true })
    console.error('cannot save', new TypeError('disk is full'), { user: { id: 7 }, password: 'hunter2' }, [1, 2])
    console.log({ token: 'hunter2' })
    restore()
  })
  const [failed, object] = fresh()
  const [text, error, fields, list] = failed.extra.args as [string, Snapshot, Record<string, unknown>, number[]]
  assert.is(text, 'cannot save')
  assert.ok(error instanceof Snapshot)
  assert.equal([error.kind, error.text, error.fields?.name], ['error', 'disk is full', 'TypeError'])
  assert.equal([fields.user, list], [{ id: 7 }, [1, 2]])
  assert.is(failed.args[0], 'cannot save TypeError: disk is full [object Object] Array(2)')
  assert.not.match(JSON.stringify([failed, object]), 'hunter2')
})

test('formats are filled in as the console does', async () => {
  const { logger, fresh } = lab()
  await caught(() => {
    const restore = bridgeConsole({ logger, silent: true })
    console.log('%s is %d years, %i, %f, 100%%', 'Ann', '42', '7.9', 1.5, 'and', 'more')
    console.log('%c red %o', 'color: red', { id: 1 })
    console.log('%s and %s', 'one')
    console.log('100% sure', 1)
    restore()
  })
  assert.equal(texts(fresh()), [
    'info Ann is 42 years, 7, 1.5, 100% and more',
    'info  red [object Object]',
    'info one and %s',
    'info 100% sure 1'
  ])
})

test('hostile values change nothing', async () => {
  const { logger, fresh } = lab()
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const hostile = {
    get id() {
      throw new Error('no')
    }
  }
  await caught(() => {
    const restore = bridgeConsole({ logger, silent: true })
    console.log(proxy, hostile, Symbol('s'), Object.create(null), () => 1)
    restore()
  })
  assert.is(fresh().length, 1)
})

test('restores what was there, and leaves alone what somebody else put there', async () => {
  const { logger, fresh } = lab()
  const lines = await caught(() => {
    const { log, warn } = console
    const restore = bridgeConsole({ logger, silent: true })
    const bridged = console.warn
    console.warn = (...args) => bridged('wrapped', ...args)
    restore()
    assert.is(console.log, log)
    assert.is.not(console.warn, warn)
    console.warn('later')
    console.warn = warn
    restore()
    assert.is(console.warn, warn)
    assert.is(console.log.name, log.name)
  })
  assert.equal(fresh(), [])
  assert.equal(lines, ['warn: wrapped later'])
})

test('methods that call each other are one entry', async () => {
  const { logger, fresh } = lab()
  await caught(() => {
    console.trace = (...args) => console.error('Trace:', ...args)
    const restore = bridgeConsole({ logger })
    console.trace('once')
    restore()
  })
  assert.equal(texts(fresh()), ['debug once'])
})

test('a sink that prints through the console while it writes is not recorded', async () => {
  const { logger, host } = lab()
  logger.flushSync()
  let written = 0
  const loud: Sink = {
    write(entries) {
      written += entries.length
      for (const { args } of entries) console.log('sink', args[0])
    },
    flushSync() {}
  }
  const own = lab({ sinks: [loud] }, host).logger
  const lines = await caught(() => {
    const restore = bridgeConsole({ logger: own })
    console.log('one')
    for (let i = 0; i < 5; i++) own.flushSync()
    restore()
  })
  assert.is(written, 1)
  assert.equal(lines, ['log: one', 'log: sink one'])
})

timed('bridge: true with the console sink prints each line once, and goes on with the next logger', async () => {
  const sink = gathering()
  const own = (entries: readonly Entry[]): unknown[] => texts(entries).filter((text) => /bridged/.test(String(text)))
  const lines = await caught(async () => {
    configure({ ...quiet, sinks: [sink], bridge: { silent: true } })
    console.log('bridged 1')
    await configure({ ...quiet, sinks: [sink], bridge: true }).flush()
    console.warn('bridged 2')
    await configure({ ...quiet, sinks: [sink], bridge: true, force: false }).flush()
    await configure(quiet).close()
    console.log('bridged 3')
  })
  assert.equal(own(sink.entries), ['info bridged 1', 'warn bridged 2'])
  assert.equal(lines, ['warn: bridged 2', 'log: bridged 3'])
})

test.run()
