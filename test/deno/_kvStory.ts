import type { Entry } from '../../src/core/types.ts'
import { type DenoKv, denoKvSink } from '../../src/sinks/denoKv.ts'
import { entry } from '../formats/_entry.ts'

const BEGIN = 1_795_386_957_000

/** So many entries, a second apart; each tenth one failed. */
const hour = (from: number, count: number, text = 'x'): Entry[] =>
  Array.from({ length: count }, (_, index) => {
    const sequence = from + index
    const fields = { sequence, timestamp: BEGIN + sequence * 1000, args: [text] }
    return entry(sequence % 10 === 0 ? { ...fields, level: 'error', exception: `broken ${sequence}` } : fields)
  })

const sequences = (entries: readonly Entry[]): number[] => entries.map(({ sequence }) => sequence)

/** What a database answers when much is written to it. Nothing of it depends on the clock. */
export async function kvStory(kv: DenoKv): Promise<Record<string, unknown>> {
  const first = denoKvSink(kv, { entries: 50, before: 20 })
  for (let from = 1; from <= 901; from += 100) await first.write(hour(from, 100))
  await first.flush?.()
  const second = denoKvSink(kv, { entries: 40, before: 20 })
  await second.write(hour(1001, 100))
  await second.flush?.()
  const large = denoKvSink(kv, { entries: 2000, level: 'debug', prefix: ['large', 1], maxAge: '1h' })
  const texts = ['x', 'é', '字', '😀'].map((text) => text.repeat(1000))
  for (const [index, text] of texts.entries()) await large.write(hour(1 + index * 700, 700, text))
  await large.flush?.()
  const huge = denoKvSink(kv, { prefix: ['huge'] })
  const values = { args: ['字'.repeat(40_000)], traceback: 'é'.repeat(80_000) }
  await huge.write([entry({ level: 'fatal', exception: 'ž'.repeat(70_000), ...values })])
  await huge.flush?.()
  const [shortened] = await huge.entries()
  return {
    kept: sequences(await second.entries()),
    newest: sequences(await second.entries({ limit: 3 })),
    range: sequences(await second.entries({ since: BEGIN + 900_000, until: new Date(BEGIN + 930_000) })),
    crash: sequences(await second.crash()),
    large: sequences(await large.entries({ limit: 5000 })).length,
    last: sequences(await large.entries({ limit: 1 })),
    crashBefore: (await large.crash()).length,
    shortened: [shortened.exception?.length, shortened.traceback?.length, shortened.args, shortened.extra],
    none: [await denoKvSink(kv, { prefix: ['none'] }).entries(), await denoKvSink(kv, { prefix: ['none'] }).crash()]
  }
}

const tens = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 10 + 1 }, (_, index) => from + index * 10)

export const KV_STORY: Record<string, unknown> = {
  kept: tens(710, 1100),
  newest: [1080, 1090, 1100],
  range: [900, 910, 920],
  crash: Array.from({ length: 21 }, (_, index) => 1080 + index),
  large: 2000,
  last: [2800],
  // As many as fit into one value.
  crashBefore: 14,
  shortened: [8000, 8000, [], { truncated: true }],
  none: [[], []]
}
