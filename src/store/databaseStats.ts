import type { Table } from '../drivers/types.ts'
import { fromRow } from '../formats/row.ts'
import { epochMillis, isoMicros } from '../formats/time.ts'
import type { Alike, Counter, Tally } from './stats.ts'

// As more keys than this are hardly the same ones.
const MOST_KEYS = 20_000

// A time in UTC needs no more for its hour.
const HOUR = "iif(substr(timestamp, -6) = '+00:00', substr(timestamp, 1, 13), ifnull(timestamp, ''))"

/**
 * What is selected of a row for statistics: all that it counts for as one text, as texts cost the most on their way out of
 * SQLite; the duration; the id.
 */
export function statsColumns(present: readonly string[]): string {
  const [kind, module, duration] = ['kind', 'module', 'duration_ms'].map((name) =>
    present.includes(name) ? name : 'NULL'
  )
  const flags = `(level IS 'ERROR' OR level IS 'CRITICAL') || (${kind} IS 'message')`
  const names = `length(ifnull(${module}, '')) || '|' || ifnull(${module}, '') || ifnull(function_name, '')`
  return `${flags} || ${HOUR} || '|' || ${names}, ${duration}, id`
}

/** Counts rows of `statsColumns`. */
export function countRows(tally: Tally): (table: Table) => void {
  const counters = new Map<string, Counter>()

  function learn(key: string): Counter {
    if (counters.size >= MOST_KEYS) counters.clear()
    const counter = tally.counterOf(alikeOf(key))
    counters.set(key, counter)
    return counter
  }

  return ({ rows }) => {
    for (const [key, duration] of rows) (counters.get(key as string) ?? learn(key as string))(duration)
  }
}

function alikeOf(key: string): Alike {
  const [, flags, time, length, names] = /^(..)(.*?)\|(\d+)\|(.*)$/s.exec(key) ?? []
  // SQLite counts characters, not UTF-16 units.
  const module = Array.from(names).slice(0, Number(length)).join('')
  // Names stand in a table in a way that holds any text.
  const entry = fromRow({ function_name: names.slice(module.length), module })
  const hour = time.length === 13 ? time : isoMicros(epochMillis(time)).slice(0, 13)
  return {
    name: entry.functionName,
    module: entry.module,
    hour,
    isError: flags[0] === '1',
    isMessage: flags[1] === '1'
  }
}
