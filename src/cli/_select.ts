import type { Entry } from '../core/types.ts'
import type { ParsedFilter } from '../store/filter.ts'
import type { Store } from '../store/store.ts'

/** What meets a filter. Without an order a limit takes the newest, and the oldest of them still comes first. */
export async function* select(store: Store, filter: ParsedFilter): AsyncGenerator<Entry> {
  if (filter.order || filter.limit === undefined) return yield* store.query(filter)
  yield* (await collect(store.query({ ...filter, order: 'newest' }))).reverse()
}

export async function collect(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = []
  for await (const entry of entries) all.push(entry)
  return all
}
