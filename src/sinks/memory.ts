import type { Entry, Sink } from '../core/types.ts'

export interface MemoryOptions {
  /** As many entries are kept; the oldest goes first. @default 1000 */
  entries?: number
  /**
   * About as many bytes are kept, estimated at 200 an entry, 16 a value and 2 a character.
   * An entry that is larger on its own is not kept. @default no limit
   */
  bytes?: number
  /** Where `release()` hands over what is held. @default nowhere */
  forward?: Sink
  /** When to hand over: as soon as an `error` or `fatal` entry comes, or only when `release()` is called. @default 'demand' */
  on?: 'error' | 'demand'
}

export interface MemorySink extends Sink {
  /** What is held, oldest first. */
  entries(): Entry[]
  /** Forgets what is held. */
  clear(): void
  /** Hands what is held to `forward` and forgets it; holds on to it when `forward` fails. */
  release(): void | Promise<void>
}

/**
 * Keeps the last entries in memory, and may hand them to another sink when an error comes or on demand.
 * Throws when a limit is not a number above 0 (`entries`: a whole one), or when it should hand over and there is no `forward`.
 *
 * @example
 *     const recent = memorySink({ entries: 500, forward: jsonSink('crash.jsonl'), on: 'error' })
 */
export function memorySink(options: MemoryOptions = {}): MemorySink {
  const { entries = 1000, bytes = Number.POSITIVE_INFINITY, forward, on = 'demand' } = options
  const onError = on === 'error'
  if (!(Number.isInteger(entries) && entries > 0 && bytes > 0)) {
    throw new RangeError('[nfo] [memory] entries and bytes are limits; give numbers above 0')
  }
  if (onError && !forward) throw new TypeError(`[nfo] [memory] on: 'error' has nowhere to hand over to; pass forward`)
  const held = circle(entries, bytes)
  // An error is held that could not be handed over.
  let owed = false

  function keep(batch: readonly Entry[]): void {
    for (const entry of batch) held.push(entry)
  }

  function handOver(batch: Entry[]): void | Promise<void> {
    if (!forward) throw new TypeError('[nfo] [memory] release() has nowhere to hand over to; pass forward')
    const takeBack = (error: unknown): never => {
      const later = held.items()
      held.clear()
      keep(batch)
      keep(later)
      owed = onError
      throw error
    }
    held.clear()
    owed = false
    try {
      const waiting = forward.write(batch)
      return typeof waiting?.then === 'function' ? waiting.then(undefined, takeBack) : undefined
    } catch (error) {
      takeBack(error)
    }
  }

  function release(): void | Promise<void> {
    const batch = held.items()
    return batch.length > 0 || !forward ? handOver(batch) : undefined
  }

  const sink: MemorySink = {
    write(batch) {
      const urgent = onError ? batch.findLastIndex(isFailure) + 1 : 0
      if (urgent === 0 && !owed) return keep(batch)
      // A batch can be larger than what is held, so the part that is urgent does not pass through there.
      try {
        return handOver(held.items().concat(batch.slice(0, urgent)))
      } finally {
        keep(batch.slice(urgent))
      }
    },
    entries: held.items,
    clear() {
      held.clear()
      owed = false
    },
    release,
    flush: () => forward?.flush?.(),
    close: () => forward?.close?.()
  }
  if (!forward || forward.flushSync) {
    sink.flushSync = () => {
      if (owed) void release()
      forward?.flushSync?.()
    }
  }
  return sink
}

const isFailure = ({ level }: Entry): boolean => level === 'error' || level === 'fatal'

interface Circle {
  push(entry: Entry): void
  items(): Entry[]
  clear(): void
}

function circle(capacity: number, maxBytes: number): Circle {
  const slots: Entry[] = []
  const sizes: number[] = []
  let start = 0
  let count = 0
  let total = 0

  function drop(): void {
    total -= sizes[start]
    slots[start] = undefined as unknown as Entry
    start = start + 1 === capacity ? 0 : start + 1
    count--
  }

  return {
    push(entry) {
      if (count === capacity) drop()
      const end = start + count
      const at = end < capacity ? end : end - capacity
      const size = maxBytes === Number.POSITIVE_INFINITY ? 0 : sizeOfEntry(entry)
      slots[at] = entry
      sizes[at] = size
      total += size
      count++
      while (total > maxBytes) drop()
    },
    items: () => slots.slice(start, start + count).concat(slots.slice(0, Math.max(0, start + count - capacity))),
    clear() {
      slots.length = sizes.length = start = count = total = 0
    }
  }
}

function sizeOfEntry({ args, returnValue, exception, traceback, extra }: Entry): number {
  return (
    200 + [...args, returnValue, exception, traceback, extra].reduce<number>((sum, part) => sum + sizeOf(part, 8), 0)
  )
}

function sizeOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return 16 + value.length * 2
  if (typeof value !== 'object' || value === null || depth === 0) return 16
  if (value instanceof Uint8Array) return 16 + value.length
  const parts = value instanceof Map || value instanceof Set ? [...value] : Object.values(value)
  return parts.reduce<number>((sum, part) => sum + sizeOf(part, depth - 1), 16)
}
