import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import { same } from '../formats/_entry.ts'
import { lab } from './_lab.ts'

const test = suite('core/messages')

test('a message has its level, its text and its fields', () => {
  const { logger, fresh } = lab()
  const before = Date.now()
  for (const level of ['debug', 'info', 'warn', 'error', 'fatal'] as const) {
    logger[level](`a ${level} text`, { level, nested: { list: [1] } })
    const [entry, ...rest] = fresh()
    assert.equal(rest, [])
    assert.is(entry.kind, 'message')
    assert.is(entry.level, level)
    assert.equal(entry.args, [`a ${level} text`])
    assert.equal(entry.argTypes, ['string'])
    assert.equal(entry.params, [])
    assert.equal(entry.extra, { level, nested: { list: [1] } })
    assert.is(entry.functionName, '')
    assert.is(entry.parentId, 0)
    assert.is(entry.durationMs, undefined)
    assert.ok(Math.abs(entry.timestamp - before) < 1000)
  }
})

test('a message belongs to the call that is running', async () => {
  const { logger, fresh } = lab()
  const inner = logger.wrap((id: number) => logger.info(`in ${id}`), { name: 'inner', module: 'shop' })
  const outer = logger.wrap(async () => {
    logger.info('before')
    inner(1)
    logger.info('between')
    await null
    logger.info('after')
  }, 'outer')
  logger.info('outside')
  await outer()
  const entries = fresh()
  const spanOf = (name: string): number =>
    entries.find(({ kind, functionName }) => kind === 'call' && functionName === name)?.spanId ?? -1
  const told = entries
    .filter(({ kind }) => kind === 'message')
    .map(({ args, functionName, module, parentId }) => [args[0], functionName, module, parentId])
  assert.equal(told, [
    ['outside', '', '', 0],
    ['before', 'outer', '', spanOf('outer')],
    ['in 1', 'inner', 'shop', spanOf('inner')],
    ['between', 'outer', '', spanOf('outer')],
    ['after', '', '', 0]
  ])
})

test('a call keeps its arguments and result whatever is logged in it', () => {
  const { logger, fresh } = lab()
  const work = logger.wrap((first: string, second: object) => {
    logger.info('x'.repeat(900), { text: 'y'.repeat(900) })
    return [first, second]
  }, 'work')
  work('a', { b: 1 })
  const [text, call] = fresh()
  assert.is(text.args[0], 'x'.repeat(900))
  assert.equal(call.args, ['a', { b: 1 }])
  assert.equal(call.returnValue, ['a', { b: 1 }])
  assert.is(text.parentId, call.spanId)
})

test('whatever is passed for text and fields is recorded', () => {
  const { logger, fresh } = lab()
  const log = logger.info as (text: unknown, fields?: unknown) => void
  class Point {
    x = 1
  }
  const cases: [unknown, unknown, Record<string, unknown>][] = [
    ['none', undefined, {}],
    ['object', { a: 1 }, { a: 1 }],
    ['instance', new Point(), { x: 1 }],
    ['list', [1, 2], { fields: [1, 2] }],
    ['text', 'why', { fields: 'why' }],
    ['null', null, { fields: null }]
  ]
  for (const [text, fields, expected] of cases) {
    log(text, fields)
    const [entry] = fresh()
    assert.equal(entry.args, [text])
    if (fields !== null) assert.ok(same(entry.extra, expected), `${text}: ${JSON.stringify(entry.extra)}`)
  }
  log(7)
  log(undefined)
  log(new Error('as a text'))
  log(Symbol('mark'))
  assert.equal(
    fresh().map(({ args }) => args[0]),
    ['7', 'undefined', 'Error: as a text', 'Symbol(mark)']
  )
  log('error', new RangeError('as fields'))
  const [{ extra }] = fresh()
  assert.equal([extra.name, extra.message], ['RangeError', 'as fields'])
})

test('a text that cannot be made harms nobody', () => {
  const { logger, fresh } = lab()
  const log = logger.info as (text: unknown) => void
  log({
    toString() {
      throw new Error('no text')
    }
  })
  log(Object.create(null))
  logger.info('fine')
  assert.is(fresh().at(-1)?.args[0], 'fine')
})

test('long texts are cut, secrets left out, levels kept apart', () => {
  const { logger, fresh } = lab({ level: 'info' })
  logger.debug('not recorded')
  logger.info('x'.repeat(2000), { password: 'hunter2', user: 'ann' })
  const [entry, ...rest] = fresh()
  assert.equal(rest, [])
  assert.is(entry.args[0], `${'x'.repeat(1024)}… (2000 characters)`)
  assert.ok(
    same({ ...entry.extra, truncated: 0 }, { truncated: 0, password: new Snapshot('redacted', ''), user: 'ann' })
  )
})

test.run()
