/** Calls in SQLite, kept within bounds, and asked about. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, wrapObject } from 'nfo'
import { sqliteSink } from 'nfo/sqlite'
import { openStore } from 'nfo/store'
import { day, shop } from './_shop.mjs'

const folder = mkdtempSync(join(tmpdir(), 'nfo-sqlite-'))
const path = join(folder, 'shop.db')
const logger = createLogger({ sinks: [sqliteSink(path, { maxRows: 100_000, maxAge: '7d', maxBytes: 50_000_000 })] })
await day(wrapObject({ ...shop }, { logger }))
await logger.close()

const store = openStore(path)
for await (const { functionName, args, exception } of store.query({ errors: true, last: '1h' })) {
  console.log(`${functionName}(${args}) failed: ${exception}`)
}
const { calls, functions } = await store.stats()
console.log(`${calls} calls; slowest: ${functions.toSorted((one, other) => other.p50 - one.p50)[0].name}`)
await store.close()
rmSync(folder, { recursive: true })
