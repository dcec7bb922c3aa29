import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/core/logger.ts'
import { resize } from '../../src/core/resize.ts'
import { Recorder } from '../../src/core/ring.ts'
import { has, skipUnless } from '../_run/runtime.ts'
import { fakeHost, gathering, lab } from './_lab.ts'
import { createProgram, matches, type Step } from './_program.ts'

const test = suite('core/positions')
const shared = skipUnless(test, has.sharedMemory && encodesIntoShared(), 'TextEncoder does not write to shared memory')

function encodesIntoShared(): boolean {
  try {
    new TextEncoder().encodeInto('a', new Uint8Array(new SharedArrayBuffer(8)))
    return true
  } catch {
    return false
  }
}

const flat: Step = { shape: 2, payload: 7, size: 300, how: 'return', drain: false, inner: [] }
const mixed: Step[] = Array.from({ length: 400 }, (_, index) => ({
  ...flat,
  size: (index * 37) % 900,
  shape: index % 6,
  how: (['return', 'throw', 'generator'] as const)[index % 3],
  drain: index % 11 === 0,
  inner: index % 4 === 0 ? [flat, { ...flat, how: 'throw' }] : []
}))

test('positions go around at 32 bits', () => {
  for (const start of [0x7fff_a000, -0x6000]) {
    const ring = new Recorder(32_768)
    ring.allocate(start)
    const sink = gathering()
    const logger = createLogger({ sinks: [sink], ring: 32_768 }, fakeHost(), ring)
    const { model, perform } = createProgram(logger)
    const before = ring.head
    for (const step of mixed) perform(step)
    logger.flushSync()
    assert.ok(Math.sign(before) !== Math.sign(ring.head), 'it went around')
    assert.is(sink.entries.length, model.length)
    assert.is(
      sink.entries.findIndex((entry, index) => !matches(entry, model[index])),
      -1,
      `from ${start}`
    )
  }
})

test('spans go around at 31 bits, and sequences go on', () => {
  const { logger, entries } = lab()
  const first = 0x7fff_fffa
  logger.recorder.span = first
  const leaf = logger.wrap((index: number) => index, 'leaf')
  const root = logger.wrap((index: number) => leaf(index), 'root')
  for (let index = 0; index < 20; index++) root(index)
  logger.flushSync()
  const ordered = entries.toSorted((one, other) => one.sequence - other.sequence)
  assert.equal(
    ordered.map(({ sequence }) => sequence),
    Array.from(ordered, (_, index) => first + 1 + index)
  )
  assert.equal(
    ordered.map(({ args }) => args[0]),
    Array.from(ordered, (_, index) => index >> 1)
  )
  for (const { functionName, parentId, spanId } of ordered) {
    // The span 0 means that there is none: a call that gets this number is nobody's caller.
    if (spanId !== 2 ** 31 + 1) assert.is(parentId, functionName === 'leaf' ? spanId - 1 : 0)
  }
})

test('whoever looks for the first time after a billion calls sees sequences that grow', () => {
  for (const span of [2 ** 30 - 3, 2 ** 30 + 10, 2 ** 31 - 20]) {
    const { logger } = lab()
    logger.recorder.span = span
    const leaf = logger.wrap(() => 1, 'leaf')
    for (let index = 0; index < 6; index++) leaf()
    assert.equal(
      logger.dump().map(({ sequence }) => sequence),
      [1, 2, 3, 4, 5, 6].map((step) => span + step)
    )
  }
})

shared('a ring in memory that threads share', () => {
  const ring = new Recorder(32_768)
  resize(ring, 32_768, true)
  assert.instance(ring.u8.buffer, SharedArrayBuffer)
  let told = 0
  ring.onRecord = () => {
    told++
  }
  const sink = gathering()
  const logger = createLogger({ sinks: [sink], ring: 32_768 }, fakeHost(), ring)
  const { model, perform } = createProgram(logger)
  for (const step of mixed) perform({ ...step, payload: 'zażółć – '.repeat(10) })
  logger.flushSync()
  assert.is(
    sink.entries.findIndex((entry, index) => !matches(entry, model[index])),
    -1
  )
  assert.is(told, model.length)
  assert.is(ring.control?.[0], ring.head)
})

test.run()
