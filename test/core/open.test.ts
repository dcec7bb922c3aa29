import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/core/logger.ts'
import { Recorder } from '../../src/core/ring.ts'
import { wrap } from '../../src/core/wrap.ts'
import { slow } from '../_run/runtime.ts'
import { failing, fakeHost, lab } from './_lab.ts'

const test = suite('core/open')

const never = new Promise<void>(() => {})

test('a dump lists the calls that have not returned last, outermost first', () => {
  const { logger } = lab()
  let dump: ReturnType<typeof logger.dump> = []
  const inner = logger.wrap((id: number) => {
    dump = logger.dump()
    return id
  }, 'inner')
  const outer = logger.wrap((name: string, options: object) => [name, options, inner(7)], {
    name: 'outer',
    level: 'warn'
  })
  const wait = logger.wrap(async (_first: string) => never, 'wait')
  const steps = logger.wrap(function* (first: number) {
    yield first
  }, 'steps')
  void wait('forever')
  const generator = steps(3)
  generator.next()
  logger.info('done before')
  outer('a', { deep: [1] })
  const told = dump.map(({ functionName, args, open, kind }) => [kind, functionName, args, open ?? false])
  assert.equal(told, [
    ['message', '', ['done before'], false],
    ['call', 'wait', ['forever'], true],
    ['call', 'steps', [3], true],
    ['call', 'outer', ['a', { deep: [1] }], true],
    ['call', 'inner', [7], true]
  ])
  const [, , , before, after] = dump
  assert.is(after.parentId, before.spanId)
  assert.is(before.level, 'warn')
  assert.ok(dump.slice(1).every(({ returnValue, durationMs = -1 }) => returnValue === undefined && durationMs >= 0))
})

test('a dump says how long a call has been running', async () => {
  const { logger } = lab()
  const wait = logger.wrap(async () => never, 'wait')
  void wait()
  const began = performance.now()
  while (performance.now() - began < 20) await new Promise((resolve) => setTimeout(resolve, 5))
  const [{ durationMs = 0, open }] = logger.dump()
  assert.ok(open && durationMs >= 18 && durationMs < 5000, String(durationMs))
})

test('a dump takes nothing, and shows what was delivered too', () => {
  const { logger, entries } = lab()
  const add = logger.wrap((first: number, second: number) => first + second, 'add')
  add(1, 2)
  logger.flushSync()
  add(3, 4)
  const dumps = [logger.dump(), logger.dump()]
  assert.equal(dumps[0], dumps[1])
  assert.equal(
    dumps[0].map(({ returnValue }) => returnValue),
    [3, 7]
  )
  assert.is(entries.length, 1)
  logger.flushSync()
  assert.equal(entries, dumps[0])
})

test('open calls keep their arguments through a flood', async () => {
  for (const delivery of ['continuous', 'manual'] as const) {
    const { logger, fresh } = lab({ ring: 32_768, delivery })
    const fill = logger.wrap((index: number) => index, 'fill')
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const wait = logger.wrap(async (name: string) => {
      await gate
      return name
    }, 'wait')
    const outer = logger.wrap((name: string) => {
      for (let index = 0; index < (slow ? 2000 : 50_000); index++) fill(index)
      assert.equal(
        logger
          .dump()
          .filter(({ open }) => open)
          .map(({ args }) => args[0]),
        ['waits', 'runs']
      )
      return name
    }, 'outer')
    const waiting = wait('waits')
    outer('runs')
    release()
    await waiting
    const told = fresh().filter(({ functionName }) => functionName !== 'fill')
    assert.equal(
      told.map(({ args, returnValue }) => [args[0], returnValue]),
      [
        ['runs', 'runs'],
        ['waits', 'waits']
      ]
    )
    assert.is(logger.dump().filter(({ open }) => open).length, 0)
  }
})

test('a call is open no longer, however it ended', async () => {
  const { logger } = lab()
  const fails = logger.wrap((): never => {
    throw new Error('sync')
  }, 'fails')
  const rejects = logger.wrap(async () => {
    await null
    throw new Error('async')
  }, 'rejects')
  const steps = logger.wrap(function* () {
    yield 1
  }, 'steps')
  failing(fails)
  await rejects().catch(() => {})
  for (const _ of steps()) break
  assert.is(logger.dump().filter(({ open }) => open).length, 0)
  assert.is(logger.dump().length, 3)
})

test('an unconfigured recorder can be dumped by whoever configures it later', () => {
  const ring = new Recorder(32_768)
  void wrap(async (id: number) => [await never, id], { name: 'hangs', logger: { recorder: ring } })(9)
  const [{ functionName, args, open }] = createLogger({}, fakeHost(), ring).dump()
  assert.equal([functionName, args, open], ['hangs', [9], true])
})

test.run()
