import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { failing, lab } from './_lab.ts'

const test = suite('core/parents')

/** `child<parent` for each entry, in the order in which calls began. */
function tree(entries: Entry[]): string[] {
  const names = new Map(entries.map(({ spanId, functionName }) => [spanId, functionName]))
  const ordered = entries.toSorted((one, other) => one.sequence - other.sequence)
  return ordered.map(({ functionName, parentId }) => `${functionName}<${parentId ? names.get(parentId) : ''}`)
}

test('a call has the innermost running one for its parent', () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap((id: number) => id, 'leaf')
  const left = logger.wrap(() => leaf(1) + leaf(2), 'left')
  const right = logger.wrap(() => left() + leaf(3), 'right')
  const root = logger.wrap(() => [left(), right()], 'root')
  root()
  leaf(4)
  assert.equal(tree(fresh()), [
    'root<',
    'left<root',
    'leaf<left',
    'leaf<left',
    'right<root',
    'left<right',
    'leaf<left',
    'leaf<left',
    'leaf<right',
    'leaf<'
  ])
})

test('a call that throws is nobody’s parent any more', () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap(() => 1, 'leaf')
  const fails = logger.wrap(() => {
    leaf()
    throw new Error('no')
  }, 'fails')
  const root = logger.wrap(() => {
    failing(fails)
    return leaf()
  }, 'root')
  root()
  assert.equal(tree(fresh()), ['root<', 'fails<root', 'leaf<fails', 'leaf<root'])
})

test('recursion, callbacks and constructors are in the tree', () => {
  const { logger, fresh } = lab()
  const countdown = logger.wrap((from: number): number => (from ? countdown(from - 1) : 0), 'countdown')
  const each = logger.wrap((list: number[]) => list.map((from) => countdown(from)), 'each')
  const Job = logger.wrap(
    class {
      result = each([1])
    },
    'Job'
  )
  new Job()
  assert.equal(tree(fresh()), ['Job<', 'each<Job', 'countdown<each', 'countdown<countdown'])
})

test('after an await the parent is not known', async () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap((_when: string) => 1, 'leaf')
  const later = logger.wrap(async () => {
    leaf('before')
    await null
    leaf('after')
  }, 'later')
  const root = logger.wrap(() => later(), 'root')
  const done = root()
  leaf('meanwhile')
  await done
  const entries = fresh()
  assert.equal(tree(entries), ['root<', 'later<root', 'leaf<later', 'leaf<', 'leaf<'])
  assert.equal(
    entries.filter(({ functionName }) => functionName === 'leaf').map(({ args }) => args[0]),
    ['before', 'meanwhile', 'after']
  )
})

test('a generator is the parent of what it calls, whoever steps it', async () => {
  const { logger, fresh } = lab()
  const leaf = logger.wrap(() => 1, 'leaf')
  const steps = logger.wrap(function* () {
    yield leaf()
    yield leaf()
  }, 'steps')
  const reader = logger.wrap((run: Iterable<number>) => [...run].length, 'reader')
  reader(steps())
  assert.equal(tree(fresh()), ['steps<', 'reader<', 'leaf<steps', 'leaf<steps'])
  const asyncSteps = logger.wrap(async function* () {
    yield leaf()
  }, 'asyncSteps')
  for await (const _ of asyncSteps()) leaf()
  assert.equal(tree(fresh()), ['asyncSteps<', 'leaf<asyncSteps', 'leaf<'])
})

test('calls that are not recorded are not in the tree', () => {
  const { logger, fresh } = lab({ level: 'info' })
  const leaf = logger.wrap(() => 1, { name: 'leaf', level: 'info' })
  const quiet = logger.wrap(() => leaf(), 'quiet')
  const root = logger.wrap(() => quiet(), { name: 'root', level: 'warn' })
  root()
  assert.equal(tree(fresh()), ['root<', 'leaf<root'])
})

test('two loggers have trees of their own', () => {
  const [one, other] = [lab(), lab()]
  const leaf = other.logger.wrap(() => 1, 'leaf')
  const outer = other.logger.wrap(() => root(), 'outer')
  const root = one.logger.wrap(() => leaf(), 'root')
  outer()
  assert.equal(tree(one.fresh()), ['root<'])
  assert.equal(tree(other.fresh()), ['outer<', 'leaf<outer'])
})

test('a failure of a call that was sampled out is not the caller of what follows', () => {
  const { logger, fresh } = lab()
  const { depth } = logger.recorder
  const missing = logger.wrap(
    () => {
      throw new Error('missed')
    },
    { name: 'missing', sample: 0 }
  )
  for (let i = 0; i < 3; i++) assert.throws(missing, 'missed')
  logger.wrap(() => 1, 'after')()
  assert.equal(
    fresh().map(({ functionName, parentId }) => [functionName, parentId]),
    [
      ['missing', 0],
      ['missing', 0],
      ['missing', 0],
      ['after', 0]
    ]
  )
  assert.is(logger.recorder.depth, depth)
  assert.is(logger.recorder.current, 0)
})

test.run()
