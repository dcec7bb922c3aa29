import { existsSync, writeSync } from 'node:fs'
import process from 'node:process'
import type { Entry } from '../../src/core/types.ts'
import { openDriver } from '../../src/drivers/open.ts'
import type { SqlDriver } from '../../src/drivers/types.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { prepareSchema } from '../../src/store/schema.ts'

const [path, name, ending] = process.argv.slice(2)
const driver = name as SqlDriver['name']

/** Says something to the parent without waiting for the event loop. */
const say = (text: string): unknown => writeSync(1, `${text}\n`)

/** What an earlier one has left: the result of a check, rows, different numbers, the largest number. */
async function leftover(): Promise<unknown[]> {
  if (!existsSync(path) && !existsSync(`${path}-nfo`)) return ['ok', 0, 0, 0]
  const reader = openDriver(path, { part: 'test', driver, readOnly: true, prepare: prepareReader })
  const {
    rows: [[verdict]]
  } = await reader.all('PRAGMA integrity_check')
  // A native one may have been killed between making the file and making the table.
  const tables = await reader.all("SELECT name FROM sqlite_master WHERE name = 'logs'")
  if (tables.rows.length === 0) return [verdict, 0, 0, 0]
  const { rows } = await reader.all('SELECT count(*), count(DISTINCT sequence), coalesce(max(sequence), 0) FROM logs')
  await reader.close()
  return [verdict, ...rows[0]]
}

/** A native one that is open for reading cannot be set up, and needs not be. */
const prepareReader = (reader: SqlDriver): void | Promise<void> =>
  name === 'sql.js' ? prepareSchema(reader) : undefined

const entry = (sequence: number): Entry => ({
  sequence,
  kind: 'call',
  timestamp: Date.now(),
  level: 'info',
  functionName: 'steady',
  module: 'kill.ts',
  params: ['number'],
  args: [sequence, 'zażółć'.repeat(sequence % 40)],
  argTypes: ['number', 'string'],
  returnValue: sequence,
  returnType: 'number',
  durationMs: 0.5,
  clock: 'wall',
  spanId: sequence,
  parentId: 0,
  extra: {}
})

/** A few rows, and now and then everything into the file; what has been written is said aloud. */
function writeSteadily(from: number): void {
  const sink = sqliteSink(path, { driver })
  let next = from
  const turn = (): void => {
    for (let batch = 0; batch < 5; batch++) {
      const entries = Array.from({ length: 1 + (next % 7) }, (_, index) => entry(next + index))
      sink.write(entries)
      next += entries.length
      say(`${next - 1}`)
    }
    if (Math.random() < 0.2) sink.flushSync?.()
    setTimeout(turn, 0)
  }
  turn()
}

const found = await leftover()
say(JSON.stringify(found))
if (ending !== 'look') writeSteadily((found[3] as number) + 1)
