import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { trace } from './_budget-trace.mjs'
import { table } from './_report.mjs'
import { command, present } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'

export const title = 'What an hour costs an SD card'

const HOUR_S = 3600
const RATE = 10
// The thread of a record file keeps its own time, so its hour is played in real time, faster, and in part.
const RECORD_CALLS = 1000
const RECORD_MS = 12

const sink = (name, file, options) => ({ file, sink: { name, factory: `${name}Sink`, options } })

const ROWS = [
  { name: '`jsonSink`', ...sink('json', 'app.jsonl') },
  { name: '`csvSink`', ...sink('csv', 'app.csv') },
  { name: '`markdownSink`', ...sink('markdown', 'app.md') },
  { name: '`sqliteSink`, sql.js', ...sink('sqlite', 'app.db', { driver: 'sql.js' }) },
  { name: '`sqliteSink`, native', on: 'deno', ...sink('sqlite', 'app.db', { driver: 'node:sqlite' }) },
  { name: 'record file', file: 'app.nfo', record: true },
  { name: '`jsonSink`, `interval: 60_000`', ...sink('json', 'app.jsonl'), logger: { interval: 60_000 } },
  {
    name: '`sqliteSink`, sql.js, `interval: 60_000`',
    ...sink('sqlite', 'app.db', { driver: 'sql.js' }),
    logger: { interval: 60_000 }
  },
  { name: "any sink, `delivery: 'on-error'`", ...sink('json', 'app.jsonl'), logger: { delivery: 'on-error' } }
]

/** 10 calls a second for a simulated hour with default settings, counted by strace. */
export async function run({ quick, entry }) {
  if (!hasStrace()) return ['strace is not here: nothing was counted.']
  const rows = [['', 'on', 'bytes written', 'writes', 'fsyncs', 'to the card, at least']]
  for (const row of ROWS) {
    const runtime = row.on ?? 'node'
    if (present([runtime]).length === 0) continue
    rows.push([row.name, NAMES[runtime], ...(await cells(row, runtime, { quick, entry }))])
  }
  return [table(rows)]
}

const NAMES = { node: 'Node', deno: 'Deno', bun: 'Bun' }

async function cells(row, runtime, { quick, entry }) {
  const calls = row.record ? RECORD_CALLS : RATE * (quick ? 360 : HOUR_S)
  const index = entryFor(runtime, entry)
  const { answer, ...counted } = await trace((folder) => {
    const path = join(folder, row.file)
    return commandOf(runtime, {
      calls,
      rate: RATE,
      path,
      entry: index,
      sink: row.sink && { ...row.sink, entry: new URL(`./${row.sink.name}.js`, index).href },
      logger: row.record ? { record: path } : row.logger,
      realMs: row.record ? RECORD_MS : 0,
      clock: join(folder, 'clock')
    })
  })
  if (answer.accepted !== calls) throw new Error(`[nfo] [bench] ${row.name} took ${answer.accepted} of ${calls} calls`)
  const anHour = (RATE * HOUR_S) / calls
  const [bytes, writes, syncs, card] = [counted.bytes, counted.writes, counted.syncs, counted.pages * 4096].map(
    (figure) => figure * anHour
  )
  return [megabytes(bytes), whole(writes), whole(syncs), megabytes(card)]
}

function commandOf(runtime, request) {
  const [binary, args] = command(runtime, '_budget-child.mjs', request)
  // It writes to a folder, and loads a library.
  return [
    binary,
    runtime === 'deno' ? ['run', '--no-lock', '--allow-all', ...args.slice(args.indexOf('run') + 6)] : args
  ]
}

const whole = (figure) => Math.round(figure).toLocaleString('en-US')
const megabytes = (bytes) => (bytes === 0 ? '0' : `${(bytes / 1e6).toFixed(1)} MB`)

function hasStrace() {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
