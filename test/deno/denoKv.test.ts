import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/configure.ts'
import { type DenoKv, denoKvSink } from '../../src/sinks/denoKv.ts'
import { entry } from '../formats/_entry.ts'
import { type Member, sinkContract } from '../sinks/_contract.ts'
import { strictKv } from './_kv.ts'
import { KV_STORY, kvStory } from './_kvStory.ts'

const kvSuite = suite('sinks/denoKv')

// All entries of the contract have one time, so their sequences have to keep the order.
sinkContract('denoKv', async (): Promise<Member> => {
  const kv = strictKv()
  let count = 0
  const sink = denoKvSink(kv, { level: 'debug', entries: 5000 })
  const inOrder = {
    ...sink,
    write: (entries: Parameters<typeof sink.write>[0]) =>
      sink.write(entries.map((one) => ({ ...one, sequence: count++ * 1_000_000 + one.sequence })))
  }
  const read = async () =>
    (await denoKvSink(kv).entries({ limit: 5000 })).map((one) => ({ ...one, sequence: one.sequence % 1_000_000 }))
  return { sink: inOrder, read }
})

kvSuite('keeps the newest, gives ranges back, and stays within the limits of KV', async () => {
  assert.equal(await kvStory(strictKv()), KV_STORY)
})

kvSuite('leaves calls that returned out, and has the ones before a failure', async () => {
  const kv = strictKv()
  const sink = denoKvSink(kv)
  const logger = createLogger({ sinks: [sink] })
  const bakeKv = logger.wrap(function bakeKv(loafKv: number) {
    if (loafKv === 3) throw new RangeError('burnt')
    return loafKv
  })
  for (const loaf of [1, 2, 3, 4]) {
    try {
      bakeKv(loaf)
    } catch {}
  }
  await logger.flush()
  const [failed, ...others] = await sink.entries()
  assert.equal([failed.args, failed.exception, others], [[3], 'burnt', []])
  assert.equal(
    (await sink.crash()).map(({ args }) => args[0]),
    [1, 2, 3]
  )
  await logger.close()
  assert.is(kv.closed, false)
})

kvSuite('writes the last failure once a second, and the very last one at the end', async () => {
  const kv = strictKv()
  const sink = denoKvSink(kv, { level: 'fatal' })
  const fail = (sequence: number) => sink.write([entry({ sequence, level: 'error' })])
  for (const sequence of [1, 2, 3, 4, 5]) await fail(sequence)
  assert.ok(kv.commits < 5)
  await sink.close?.()
  assert.is((await denoKvSink(kv).crash()).at(-1)?.sequence, 5)
})

kvSuite('a refusal rejects, and the next batch and the failure are written', async () => {
  const kv = strictKv()
  const sink = denoKvSink(kv)
  kv.refuse = 'database is locked'
  const refused = await Promise.resolve(sink.write([entry({ sequence: 1, level: 'error' })])).catch((error) => error)
  assert.match(refused.message, '[nfo] [denoKv] cannot write: database is locked; ')
  await sink.write([entry({ sequence: 2, level: 'error' })])
  await sink.flush?.()
  assert.equal(
    (await sink.entries()).map(({ sequence }) => sequence),
    [2]
  )
  assert.equal(
    (await sink.crash()).map(({ sequence }) => sequence),
    [1, 2]
  )
})

kvSuite('what cannot be meant is refused', async () => {
  const kv = strictKv()
  assert.throws(() => denoKvSink(kv, { entries: 0 }), /\[nfo\] \[denoKv\] entries and before are limits/)
  assert.throws(() => denoKvSink(kv, { maxAge: 'soon' }), /\[denoKv\] maxAge is soon; pass milliseconds or text/)
  assert.throws(() => denoKvSink(kv, { level: 'eror' as 'error' }), /did you mean 'error'/)
  const wrong = await denoKvSink(kv)
    .entries({ since: 'lately' })
    .catch((error) => error)
  assert.match(wrong.message, '[nfo] [denoKv] since is no time: lately')
})

kvSuite('a path is opened at the first batch, again after a failure, and closed', async () => {
  const globals = globalThis as unknown as { Deno?: { openKv?: unknown } }
  const { Deno } = globals
  const kv = strictKv()
  const paths: unknown[] = []
  const openKv = async (path: string): Promise<DenoKv> => {
    paths.push(path)
    if (paths.length === 1) throw new Error('busy')
    return kv
  }
  try {
    const none = await Promise.resolve(denoKvSink().write([entry({ level: 'error' })])).catch((error) => error)
    assert.match(none.message, 'run Deno with --unstable-kv, or pass a handle')
    Object.defineProperty(globals, 'Deno', { value: { ...Deno, openKv }, configurable: true, writable: true })
    const sink = denoKvSink('errors.kv')
    await Promise.resolve(sink.write([entry({ level: 'error' })])).catch(() => {})
    await sink.write([entry({ level: 'error' })])
    await sink.close?.()
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
    assert.equal([paths, kv.closed, kv.held.length], [['errors.kv', 'errors.kv'], true, 2])
  } finally {
    if (Deno) Object.defineProperty(globals, 'Deno', { value: Deno, configurable: true, writable: true })
    else delete globals.Deno
  }
})

kvSuite.run()
