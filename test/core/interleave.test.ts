import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { STACK } from '../../src/core/ring.ts'
import { slow } from '../_run/runtime.ts'
import { addsUp, lab } from './_lab.ts'

const test = suite('core/interleave')

/** An async call: what it calls before its first await, how many turns it waits, what it calls after. */
interface Job {
  size: number
  turns: number
  fails: boolean
  drain: boolean
  before: Job[]
  after: Job[]
}

const jobs: fc.Arbitrary<Job[]> = fc.letrec<{ job: Job; jobs: Job[] }>((tie) => ({
  job: fc.record({
    size: fc.integer({ min: 0, max: 900 }),
    turns: fc.nat({ max: 4 }),
    fails: fc.nat({ max: 4 }).map((chance) => chance === 0),
    drain: fc.nat({ max: 7 }).map((chance) => chance === 0),
    before: fc.oneof({ maxDepth: 3 }, fc.constant<Job[]>([]), fc.array(tie('job'), { maxLength: 3 })),
    after: fc.oneof({ maxDepth: 3 }, fc.constant<Job[]>([]), fc.array(tie('job'), { maxLength: 2 }))
  }),
  jobs: fc.array(tie('job'), { maxLength: 40, size: 'max' })
})).jobs

interface Model {
  size: number
  parent: number
  fails: boolean
}

async function runJobs(
  list: Job[]
): Promise<{ wrong: string; model: Map<number, Model>; labs: ReturnType<typeof lab> }> {
  const labs = lab({ ring: 32_768 })
  const { logger, entries } = labs
  const model = new Map<number, Model>()
  const work = logger.wrap(async (job: Job['size'], _text: string, run: () => Promise<void>) => {
    await run()
    return job
  }, 'work')
  const pending: Promise<unknown>[] = []

  function start(job: Job, parent: number): void {
    const span = logger.recorder.span + 1
    model.set(span, { size: job.size, parent, fails: job.fails })
    const run = async (): Promise<void> => {
      for (const inner of job.before) start(inner, span)
      if (job.drain) logger.flushSync()
      for (let turn = 0; turn <= job.turns; turn++) await null
      for (const inner of job.after) start(inner, 0)
      if (job.fails) throw new Error(`job ${span}`)
    }
    pending.push(work(job.size, 'x'.repeat(job.size), run).catch(() => {}))
  }

  for (const job of list) start(job, 0)
  for (let at = 0; at < pending.length; at++) await pending[at]
  logger.flushSync()
  const wrong = entries.find(({ spanId, parentId, args, exception, returnValue }) => {
    const job = model.get(spanId)
    if (!job || parentId !== job.parent || args[0] !== job.size || args[1] !== 'x'.repeat(job.size)) return true
    return job.fails ? exception !== `job ${spanId}` : returnValue !== job.size
  })
  return { wrong: wrong ? JSON.stringify([wrong, model.get(wrong.spanId)]) : '', model, labs }
}

test('keeps calls that overlap apart: arguments, outcomes, parents', async () => {
  await fc.assert(
    fc.asyncProperty(jobs, async (list) => {
      const { wrong, model, labs } = await runJobs(list)
      assert.is(wrong, '')
      assert.is(new Set(labs.entries.map(({ spanId }) => spanId)).size, model.size)
      assert.is(labs.entries.length, model.size)
      const ledger = labs.logger.stats()
      assert.ok(addsUp(ledger) && ledger.pending === 0 && ledger.delivered === model.size, JSON.stringify(ledger))
      assert.is(labs.logger.recorder.depth, STACK)
      assert.is(labs.logger.recorder.current, 0)
      assert.is(labs.logger.dump().filter(({ open }) => open).length, 0)
    }),
    { numRuns: slow ? 5 : 50 }
  )
})

test('more calls that wait than there are places for', async () => {
  const { logger, entries } = lab()
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const wait = logger.wrap(async (index: number) => {
    await gate
    return index
  }, 'wait')
  const count = 1000
  const all = Array.from({ length: count }, (_, index) => wait(index))
  const open = logger.dump().filter((entry) => entry.open)
  assert.is(open.length, 256)
  release()
  assert.equal(await Promise.all(all), [...Array(count).keys()])
  logger.flushSync()
  assert.equal(
    entries.map(({ returnValue }) => returnValue),
    [...Array(count).keys()]
  )
  assert.is(entries.filter(({ args, returnValue }) => args[0] !== returnValue).length, 0)
  assert.is(logger.dump().filter((entry) => entry.open).length, 0)
  const again = Array.from({ length: 256 }, (_, index) => wait(index))
  assert.is(logger.dump().filter((entry) => entry.open).length, 256)
  await Promise.all(again)
})

test('deeper than the stack of open calls', () => {
  const { logger, entries } = lab({ ring: 32_768 })
  const dive = logger.wrap((level: number): number => (level === 0 ? 0 : 1 + dive(level - 1)), 'dive')
  assert.is(dive(600), 600)
  logger.flushSync()
  assert.is(entries.length, 601)
  assert.ok(entries.every(({ args, returnValue }) => args[0] === returnValue))
  assert.ok(entries.every(({ parentId, spanId }) => parentId === spanId - 1))
})

test.run()
