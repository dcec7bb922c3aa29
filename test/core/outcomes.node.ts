import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lab } from './_lab.ts'

const test = suite('core/outcomes')

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Collects until something has happened, or long enough. */
async function collectUntil(happened: () => boolean): Promise<void> {
  for (let round = 0; round < 50 && !happened(); round++) {
    // What a WeakRef was asked for stays until the end of its turn.
    await new Promise((resolve) => setTimeout(resolve, 5))
    gc()
  }
}

test('a generator that nobody holds is abandoned', async () => {
  const { logger, entries } = lab()
  const count = logger.wrap(function* (to: number) {
    for (let index = 0; index < to; index++) yield index
  }, 'count')
  const start = (): unknown => count(9).next().value
  assert.is(start(), 0)
  await collectUntil(() => logger.flushSync().delivered > 0)
  assert.equal(
    entries.map(({ args, extra, level }) => [args[0], extra.outcome, extra.yields, level]),
    [[9, 'abandoned', 1, 'debug']]
  )
  assert.is(logger.dump().filter(({ open }) => open).length, 0)
})

test('a promise that nobody listens to is abandoned', async () => {
  const { logger, entries } = lab()
  const plain = logger.wrap((id: number) => Promise.resolve(id), 'plain')
  const start = (): boolean => plain(3) instanceof Promise
  assert.ok(start())
  await collectUntil(() => logger.flushSync().delivered > 0)
  assert.equal(
    entries.map(({ args, extra, returnValue }) => [args[0], extra.outcome, returnValue]),
    [[3, 'abandoned', undefined]]
  )
})

test('what is recorded holds on to nothing', async () => {
  const { logger } = lab()
  const keep = logger.wrap((value: object) => value, 'keep')
  const steps = logger.wrap(function* (value: object) {
    yield value
  }, 'steps')
  const refs = Array.from({ length: 20 }, (_, index) => new WeakRef(keep({ index })))
  for (let index = 0; index < 20; index++) {
    const run = steps({ index })
    if (index % 2) for (const value of run) refs.push(new WeakRef(value))
    refs.push(new WeakRef(run))
  }
  const held = (): number => refs.filter((ref) => ref.deref()).length
  await collectUntil(() => held() === 0)
  // The engine itself may hold on to the last ones.
  assert.ok(held() < 5, `${held()} of ${refs.length} are still held`)
})

test.run()
