import type { Entry } from '../core/types.ts'
import { isoMicros } from '../formats/time.ts'
import { keepBest } from './best.ts'
import { matches } from './conditions.ts'
import { type Filter, type ParsedFilter, parseFilter } from './filter.ts'
import type { Found, Source } from './source.ts'
import { type Alike, createTally, type Stats } from './stats.ts'
import { createPause, type Store } from './store.ts'

/** A store over files: whatever is asked, they are read from the beginning. */
export function fileStore(source: Source): Store {
  let skipped = 0
  const skip = (count = 1): void => {
    skipped += count
  }

  async function* select(filter: ParsedFilter): AsyncGenerator<Found> {
    const isWanted = matches(filter)
    skipped = 0
    for await (const piece of source.read(skip)) {
      for (const found of piece) if (isWanted(found.entry, found.row)) yield found
    }
  }

  async function* query(filter: ParsedFilter): AsyncGenerator<Entry> {
    const { order, limit = Number.POSITIVE_INFINITY } = filter
    if (limit === 0) return
    let count = 0
    for await (const { entry } of order ? sorted(filter, order, limit) : select(filter)) {
      yield entry
      count++
      if (count === limit) return
    }
  }

  async function* sorted(
    filter: ParsedFilter,
    order: NonNullable<Filter['order']>,
    limit: number
  ): AsyncGenerator<Found> {
    const best = keepBest(order, limit)
    for await (const found of select(filter)) best.add(found)
    yield* best.take()
  }

  async function count({ order, ...filter }: ParsedFilter): Promise<number> {
    let number = 0
    for await (const _ of select(filter)) number++
    return number
  }

  async function stats({ order, ...filter }: ParsedFilter): Promise<Stats> {
    const tally = createTally()
    const slowest = keepBest('slowest', 10)
    let from = Number.NaN
    let to = Number.NaN
    const isTimed = matches({ order: 'slowest' })
    for await (const found of select(filter)) {
      tally.counterOf(alikeOf(found.entry))(found.entry.durationMs)
      if (isTimed(found.entry, found.row)) slowest.add(found)
      const { timestamp } = found.entry
      if (!(timestamp >= from)) from = timestamp
      if (!(timestamp <= to)) to = timestamp
    }
    return tally.take({ slowest: slowest.take().map(({ entry }) => entry), from: timeOf(from), to: timeOf(to) })
  }

  return {
    query: (filter) => query(parseFilter(filter)),
    count: async (filter) => count(parseFilter(filter)),
    stats: async (filter) => stats(parseFilter(filter)),
    follow(filter, options = {}) {
      const { existing = false } = options
      const { order, ...parsed } = parseFilter(filter)
      skipped = 0
      return wanted(parsed, source.follow({ existing, skip, pause: createPause(options) }))
    },
    get skipped() {
      return skipped
    },
    async close() {}
  }
}

/** Of what is there the newest, oldest first; then all that comes. */
async function* wanted(filter: ParsedFilter, pieces: ReturnType<Source['follow']>): AsyncGenerator<Entry> {
  const isWanted = matches(filter)
  let newest = filter.limit === undefined ? undefined : keepBest('newest', filter.limit)
  for await (const piece of pieces) {
    const all =
      piece === false ? (newest?.take().reverse() ?? []) : piece.filter(({ entry, row }) => isWanted(entry, row))
    if (piece === false) newest = undefined
    if (newest) for (const found of all) newest.add(found)
    else for (const { entry } of all) yield entry
  }
}

const timeOf = (time: number): string | undefined => (Number.isNaN(time) ? undefined : isoMicros(time))

function alikeOf({ functionName: name, module, level, kind, timestamp }: Entry): Alike {
  const isError = level === 'error' || level === 'fatal'
  return { name, module, hour: isoMicros(timestamp).slice(0, 13), isError, isMessage: kind === 'message' }
}
