import process from 'node:process'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { entry } from '../formats/_entry.ts'
import { hostileEntries } from './_hostile.ts'

const [path, driver, mode] = process.argv.slice(2)
const sink = sqliteSink(path, { driver: driver as SqlDriver['name'] })

if (mode === 'hostile') await sink.write(hostileEntries())
else {
  // Small batches, so that two of these meet often.
  for (let sequence = 0; sequence < 200; sequence++) await sink.write([entry({ sequence, module: mode })])
}
await sink.close?.()
