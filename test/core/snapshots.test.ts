import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import { same } from '../formats/_entry.ts'
import { lab, recorded } from './_lab.ts'

const test = suite('core/snapshots')

/** Fields of the snapshot that stands for a value. */
function fieldsOf(value: unknown, kind: string): Record<string, unknown> {
  const { arg } = recorded(value)
  assert.instance(arg, Snapshot)
  assert.is((arg as Snapshot).kind, kind)
  return (arg as Snapshot).fields ?? {}
}

test('an instance has its class and its own properties', () => {
  class Point {
    x = 1
    #secret = 2
    get sum(): number {
      return this.x + this.#secret
    }
  }
  class Named extends Point {
    y = [new Point()]
  }
  assert.ok(same(recorded(new Point()).arg, new Snapshot('instance', Point.name, { x: 1 })))
  const inner = new Snapshot('instance', Point.name, { x: 1 })
  assert.ok(same(recorded(new Named()).arg, new Snapshot('instance', Named.name, { x: 1, y: [inner] })))
  assert.is((recorded(Object.create(new Point())).arg as Snapshot).kind, 'instance')
})

test('an error has name, message, stack, cause, errors and own properties', () => {
  const cause = new RangeError('inner')
  const error = Object.assign(new TypeError('outer', { cause }), { code: 'E1', detail: { id: 7 } })
  const fields = fieldsOf(error, 'error')
  assert.is(fields.name, 'TypeError')
  assert.is(fields.message, 'outer')
  assert.ok(String(fields.stack).length > 10)
  assert.is(fields.code, 'E1')
  assert.equal(fields.detail, { id: 7 })
  assert.is((fields.cause as Snapshot).kind, 'error')
  assert.is((fields.cause as Snapshot).fields?.message, 'inner')
  const many = fieldsOf(new AggregateError([new Error('one'), 2], 'many'), 'error')
  assert.is(((many.errors as unknown[])[0] as Snapshot).text, 'one')
  assert.is((many.errors as unknown[])[1], 2)
})

test('an error knows the name of its class', () => {
  class NotFound extends Error {}
  class Named extends Error {
    override name = 'Renamed'
  }
  assert.is(fieldsOf(new NotFound('a'), 'error').name, 'NotFound')
  assert.is(fieldsOf(new Named('a'), 'error').name, 'Renamed')
})

test('what a call throws is told, whatever it is', () => {
  const { logger, fresh } = lab()
  const rethrow = logger.wrap((thrown: unknown): never => {
    throw thrown
  }, 'rethrow')
  const told = (thrown: unknown) => {
    try {
      rethrow(thrown)
    } catch (caught) {
      assert.ok(Object.is(caught, thrown))
    }
    return fresh()[0]
  }
  const entry = told(new SyntaxError('bad', { cause: 'why' }))
  assert.is(entry.level, 'error')
  assert.is(entry.exceptionType, 'SyntaxError')
  assert.is(entry.exception, 'bad')
  assert.match(entry.traceback ?? '', /bad|snapshots|portable/)
  assert.equal(entry.extra.error, { cause: 'why' })
  assert.not('returnValue' in entry)
  for (const [thrown, text, type] of [
    ['text', 'text', 'string'],
    [undefined, 'undefined', 'undefined'],
    [null, '', 'null'],
    [7, '7', 'number'],
    [{ status: 404 }, '', 'Object']
  ]) {
    const { exception, exceptionType, extra } = told(thrown)
    assert.is(exception, text)
    assert.is(exceptionType, type)
    assert.ok(same(extra.thrown, thrown))
  }
})

test('functions, symbols and what cannot be looked into have a name', () => {
  const cases: [unknown, Snapshot][] = [
    [{ price() {} }.price, new Snapshot('function', 'price')],
    [Map, new Snapshot('function', 'Map')],
    [(() => () => {})(), new Snapshot('function', '')],
    [Symbol('mark'), new Snapshot('symbol', 'mark')],
    [Symbol.iterator, new Snapshot('symbol', 'Symbol.iterator')],
    [new WeakMap(), new Snapshot('opaque', 'WeakMap')],
    [new WeakRef({}), new Snapshot('opaque', 'WeakRef')],
    [Promise.resolve(1), new Snapshot('opaque', 'Promise')]
  ]
  for (const [value, expected] of cases) assert.equal(recorded([value]).arg, [expected])
})

test('cycles say how many levels up', () => {
  const loop: Record<string, unknown> = { name: 'a' }
  loop.self = loop
  loop.list = [loop]
  loop.map = new Map([['me', loop]])
  const up = (levels: number) => new Snapshot('cycle', String(levels))
  const expected = { name: 'a', self: up(1), list: [up(2)], map: new Map([['me', up(2)]]) }
  assert.ok(same(recorded(loop).arg, expected))
  const shared = { id: 1 }
  assert.ok(same(recorded([shared, shared]).arg, [shared, shared]), 'the same object twice is no cycle')
})

test('what cannot be read is named, and the rest is kept', () => {
  const boom = (): never => {
    throw new Error('boom')
  }
  const unreadable = new Snapshot('unreadable', '')
  const object = Object.defineProperty({ before: 1 }, 'bad', { get: boom, enumerable: true })
  assert.ok(same(recorded({ ...{ a: 1 }, inner: object }).arg, { a: 1, inner: { before: 1, bad: unreadable } }))
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  assert.ok(same(recorded(['x', proxy, 'y']).arg, ['x', unreadable, 'y']))
})

test('headers, queries, forms and URLs are read', () => {
  const pairs: [string, string][] = [
    ['accept', 'a'],
    ['x-id', '1']
  ]
  const expected = new Map(pairs)
  assert.ok(same(recorded(new Headers(pairs)).arg, expected))
  assert.ok(same(recorded(new URLSearchParams(pairs)).arg, expected))
  const form = new FormData()
  for (const [name, value] of pairs) form.append(name, value)
  assert.ok(same(recorded(form).arg, expected))
  assert.is(recorded(new URL('https://example.org/a?b=c')).arg, 'https://example.org/a?b=c')
})

test.run()
