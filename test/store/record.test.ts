import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toJson } from '../../src/formats/json.ts'
import { readRecord } from '../../src/record/read.ts'
import { openStore } from '../../src/store/open.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { createBench } from '../record/_memory.ts'
import { listOf } from './_contract.ts'
import { put, warmUp } from './_write.ts'

const recorded = suite('store: record files')
recorded.before(warmUp)
const test = skipUnless(recorded, has.files && has.sharedMemory, 'no file system')

function recordSome(): Uint8Array {
  const bench = createBench()
  const logger = bench.start({ path: '/app.nfo', size: 65_536 })
  const price = logger.wrap((sku: string) => sku.length, 'price')
  const risky = logger.wrap(() => {
    throw new TypeError('Broken')
  }, 'risky')
  for (let count = 0; count < 20; count++) price(`sku-${count}`)
  assert.throws(risky)
  logger.info('half way', { count: 20 })
  void logger.wrap(() => new Promise(() => {}), 'hang')()
  bench.tick()
  return bench.read()
}

test('gives calls, messages and the calls that had not ended', async () => {
  const path = scratch('app.nfo')
  const bytes = recordSome()
  put(path, bytes)
  const { entries, open } = readRecord(bytes)
  assert.is(entries.length + open.length, 23)
  const store = openStore(path)
  const found = await listOf(store.query())
  assert.is(found.map(toJson).join('\n'), [...entries, ...open].map(toJson).join('\n'))
  assert.is(await store.count({ function: 'p*', text: 'SKU-1' }), 11)
  assert.is(await store.count({ errors: true }), 1)
  assert.is(await store.count({ kind: 'message' }), 1)
  assert.is((await listOf(store.query({ function: 'hang' })))[0].open, true)
  const { calls, errors, messages } = await store.stats()
  assert.equal([calls, errors, messages], [22, 1, 1])
  assert.is(store.skipped, 0)
})

test('is told by its content, also when its first block is damaged', async () => {
  const path = scratch('damaged')
  const bytes = recordSome().slice()
  bytes.fill(0, 0, 16)
  put(path, bytes)
  assert.is(await openStore(path).count({ function: 'price' }), 20)
})

test('follows: what is new, and a call that was open when it has ended', async () => {
  const path = scratch('follow.nfo')
  const bench = createBench()
  const logger = bench.start({ path: '/app.nfo', size: 65_536 })
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  let finish = (_: number): void => {}
  const wait = logger.wrap(() => new Promise<number>((resolve) => (finish = resolve)), 'wait')
  const save = (): void => {
    bench.tick()
    put(path, bench.read())
  }
  add(1, 2)
  const waiting = wait()
  save()
  const ending = new AbortController()
  const seen: string[] = []
  const entries = openStore(path).follow({}, { signal: ending.signal, interval: 5, existing: true })
  const reading = (async () => {
    for await (const { functionName, open } of entries) seen.push(open ? `${functionName}…` : functionName)
  })()
  const reached = async (count: number): Promise<string[]> => {
    for (let tries = 0; seen.length < count && tries < 400; tries++)
      await new Promise((resolve) => setTimeout(resolve, 5))
    return seen
  }
  assert.equal(await reached(2), ['add', 'wait…'])
  add(3, 4)
  finish(7)
  await waiting
  save()
  assert.equal((await reached(4)).slice().sort(), ['add', 'add', 'wait', 'wait…'])
  ending.abort()
  await reading
})

recorded.run()
