import type { Entry } from '../core/types.ts'
import type { Row } from '../formats/row.ts'
import { isoMicros } from '../formats/time.ts'
import type { Order } from './filter.ts'

/** An entry of a file. `row` holds the values as they stand there, where it was not nfo that wrote them. */
export interface Found {
  entry: Entry
  row?: Readonly<Row>
}

/** A file, or a set of rotated ones, that can be read from its beginning any number of times. */
export interface Source {
  /** Everything, in pieces, as it was written. */
  read(skip: Skip): AsyncGenerator<Found[]>
  /** What comes from the call on, behind a `false`; before that, if it is asked for, what is there. */
  follow(options: FollowSource): AsyncGenerator<Found[] | false>
}

/** To be called for what cannot be read. */
export type Skip = (count?: number) => void

export interface FollowSource {
  skip: Skip
  /** Whether what is there already comes first. */
  existing: boolean
  /** Waits until it is time to look again; false when nobody listens any more. */
  pause(): Promise<boolean>
}

/** What an order compares. Times compare as the texts they are in a table. */
export function keyOf({ entry, row }: Found, order: Order): string | number {
  if (order === 'slowest') return entry.durationMs ?? 0
  return typeof row?.timestamp === 'string' ? row.timestamp : isoMicros(entry.timestamp)
}
