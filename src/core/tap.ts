import { unseen } from './context.ts'
import { createDecoder, type Decoder } from './decode.ts'
import { type Batch, createOutlet } from './outlet.ts'
import { factsOf } from './recorders.ts'
import { CLOSED, type Place, type Recorder } from './ring.ts'

/** So many entries wait for a slow sink; the oldest are dropped beyond that. */
const QUEUE = 10_000

type Tell = NonNullable<Place['tell']>

/** Gives a sink each entry as it is recorded, after whoever else is told. */
export function tellSink(
  sink: Parameters<typeof createOutlet>[0],
  also: Tell | undefined,
  print: (line: string) => void
): Tell {
  const decoders = new WeakMap<Recorder, Decoder>()
  const outlet = createOutlet(sink, {
    queue: QUEUE,
    settled() {},
    report(error) {
      print(
        `[nfo] [withSink] ${error instanceof Error ? error.message : String(error)}; its sink does not get the entry`
      )
    }
  })

  function decoderOf(ring: Recorder): Decoder {
    const known = decoders.get(ring)
    const decoder = known ?? createDecoder(ring)
    if (!known) decoders.set(ring, decoder)
    return decoder
  }

  return (ring, records, at) => {
    also?.(ring, records, at)
    const { gate } = ring
    ring.gate = CLOSED
    try {
      const entry = decoderOf(ring).decode(records, at)
      if (!entry) return
      const { environment, version } = factsOf(ring) ?? {}
      if (environment) entry.environment = environment
      if (version) entry.version = version
      const batch: Batch = { entries: [entry], waiting: 1, fate: 'delivered' }
      unseen(() => outlet.push(batch))
    } catch {
      // The record is in the ring all the same.
    } finally {
      ring.gate = gate
    }
  }
}
