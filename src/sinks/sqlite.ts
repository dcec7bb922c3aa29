import type { Entry, Sink } from '../core/types.ts'
import { attempt } from '../drivers/_after.ts'
import { isD1Database } from '../drivers/d1.ts'
import { openDriver } from '../drivers/open.ts'
import type { DriverOptions, SqlDriver } from '../drivers/types.ts'
import { toRow } from '../formats/row.ts'
import { prepareSchema } from '../store/schema.ts'
import { type CapOptions, createCaps } from './_caps.ts'
import { inserts } from './_inserts.ts'

export interface SqliteOptions extends CapOptions, Pick<DriverOptions, 'driver' | 'sqlJs'> {}

/**
 * Writes entries to the table `logs` of a SQLite database, which the Python package and every SQLite tool can read. `to` is
 * the path of a file, or a handle of yours: a `DatabaseSync` of `node:sqlite`, a `Database` of `bun:sqlite` or sql.js, a D1
 * binding, the storage of a Durable Object. A path is opened at the first batch with the runtime's own SQLite, else with
 * sql.js. A missing table is made, an older one gets the columns it lacks; its rows stay as they are. A batch is one
 * transaction: `write` throws, or rejects, when it fails, nothing of the batch is kept, and the file is opened anew at the
 * next one. `flush` waits for the disk. A handle keeps its settings and is not closed. D1 only answers with promises, so what
 * is recorded last needs an awaited `flush()`.
 *
 * @example
 *     configure({ sinks: [sqliteSink('app.db', { maxAge: '7d', maxBytes: 50_000_000 })] })
 */
export function sqliteSink(to: string | object, { driver: wanted, sqlJs, ...limits }: SqliteOptions = {}): Sink {
  let caps = createCaps(limits)
  let driver: SqlDriver | undefined
  let closed = false
  const name = typeof to === 'string' ? to : 'the database'

  function open(): SqlDriver {
    if (closed) throw new Error(`[nfo] [sqlite] cannot write ${name}: it is closed; write before close()`)
    if (driver?.isGone?.()) release()
    driver ??= openDriver(to, {
      part: 'sqlite',
      prepare: prepareSchema,
      driver: wanted,
      sqlJs,
      maxBytes: limits.maxBytes
    })
    return driver
  }

  function release(): void | Promise<void> {
    const opened = driver
    driver = undefined
    return opened?.close()
  }

  function store(entries: readonly Entry[]): void | Promise<void> {
    const opened = open()
    const rows = entries.map(toRow)
    const insert = (): void | Promise<void> =>
      opened.transaction([...inserts(rows, opened.variables), ...caps.along(rows.length)])
    const room = caps.before(opened, rows)
    return room ? room.then(insert) : insert()
  }

  function failed(error: unknown): never {
    caps = createCaps(limits)
    attempt(release, () => {})
    const { message } = error as Error
    if (message.startsWith('[nfo]')) throw error
    throw new Error(`[nfo] [sqlite] cannot write ${name}: ${message}; the next batch is tried again`, { cause: error })
  }

  const sink: Sink = {
    write(entries) {
      if (entries.length > 0) return attempt(() => store(entries), failed)
    },
    flush: () => driver?.flush?.(),
    close() {
      closed = true
      return release()
    }
  }
  if (typeof to === 'string' || !isD1Database(to)) sink.flushSync = () => driver?.flushSync?.()
  return sink
}
