import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MAX_NAMES, MAX_SITES } from '../../src/core/layout.ts'
import { Snapshot } from '../../src/core/snapshot.ts'
import { same } from '../formats/_entry.ts'
import { lab } from './_lab.ts'

const test = suite('core/names')

const objectOf = (names: string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, index) => [name, index]))

test('names beyond the cap are written in full, and are as secret as others', () => {
  const { logger, fresh } = lab()
  const take = logger.wrap((_object: object) => {}, 'take')
  const names = Array.from({ length: MAX_NAMES + 500 }, (_, index) => `name${index}`)
  for (let at = 0; at < names.length; at += 20) {
    const object = objectOf(names.slice(at, at + 20))
    take(object)
    assert.ok(same(fresh()[0].args[0], object))
  }
  assert.is(logger.recorder.nameList.length, MAX_NAMES)
  const late = { lateName: 1, latePassword: 'hunter2', nested: { apiKey: 'k', 'late-żółw': 2 } }
  take(late)
  const secret = new Snapshot('redacted', '')
  const kept = { lateName: 1, latePassword: secret, nested: { apiKey: secret, 'late-żółw': 2 } }
  assert.ok(same(fresh()[0].args[0], kept))
})

test('a long name is written in full up to 256 characters', () => {
  const { logger, fresh } = lab()
  const take = logger.wrap((_object: object) => {}, 'take')
  for (const length of [63, 64, 65, 200, 256]) {
    const object = { before: 1, ['n'.repeat(length)]: 2, [`ż${'n'.repeat(length - 1)}`]: 3, after: 4 }
    take(object)
    assert.ok(same(fresh()[0].args[0], object), String(length))
  }
  take({ ['n'.repeat(300)]: 1, after: 2 })
  assert.ok(same(fresh()[0].args[0], { ['n'.repeat(256)]: 1, after: 2 }))
})

test('names are not told apart from what every object has', () => {
  const { logger, fresh } = lab()
  const take = logger.wrap((_object: object) => {}, 'take')
  const object = Object.fromEntries(Object.getOwnPropertyNames(Object.prototype).map((name) => [name, name]))
  take(object)
  assert.ok(same(fresh()[0].args[0], object))
})

test('functions beyond the cap are recorded without a name', () => {
  const { logger, fresh } = lab()
  const { recorder } = logger
  for (let index = recorder.sites.length; index < MAX_SITES; index++) recorder.siteNumber(`f${index}`, '', [], 0)
  const late = logger.wrap((first: number) => first + 1, 'late')
  assert.is(late(1), 2)
  const [entry] = fresh()
  assert.is(entry.functionName, '')
  assert.equal(entry.args, [1])
  assert.is(entry.returnValue, 2)
})

test('two functions that look the same share a description, others do not', () => {
  const { logger, fresh } = lab()
  const before = logger.recorder.sites.length
  const make = (name: string, module = 'm') => logger.wrap((first: number) => first, { name, module })
  const functions = [make('a'), make('a'), make('b'), make('a', 'other')]
  functions.forEach((call, index) => {
    call(index)
  })
  assert.is(logger.recorder.sites.length - before, 3)
  const told = fresh().map(({ functionName, module, args }) => `${module}.${functionName} ${args}`)
  assert.equal(told, ['m.a 0', 'm.a 1', 'm.b 2', 'other.a 3'])
})

test('declared parameters are named, however they are written', async () => {
  const { logger, fresh } = lab()
  const cases: [Function, string[]][] = [
    [(first: number, second: number) => [first, second], ['first', 'second']],
    [(first = 1, { a }: { a?: number } = {}, ...leftOver: number[]) => [first, a, leftOver], ['first', '', 'leftOver']],
    [async (only: number) => only, ['only']],
    [(url = 'http://a', quotation = "'),", last = `)`) => [url, quotation, last], ['url', 'quotation', 'last']],
    [() => 1, []],
    [
      // A comma and a bracket where neither ends the parameter.
      function* (stride = [2, ')'].length, strangeLast = ',') {
        yield [stride, strangeLast]
      },
      ['stride', 'strangeLast']
    ],
    [
      (
        /* a, b */ first: string, // c
        second: string
      ) => [first, second],
      ['first', 'second']
    ]
  ]
  for (const [fn, params] of cases) {
    const call = logger.wrap(fn, 'call') as () => { return?(): void } | undefined
    call()?.return?.()
    assert.equal((await settled(fresh))[0].params, params)
  }
  logger.wrap((first: number) => first, { name: 'own', params: ['given'] })(1)
  assert.equal(fresh()[0].params, ['given'])
})

async function settled<Result>(task: () => Result): Promise<Result> {
  await null
  await null
  return task()
}

test.run()
