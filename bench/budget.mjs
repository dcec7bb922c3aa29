import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { PAGE, trace } from './_budget-trace.mjs'
import { table } from './_report.mjs'
import { command, present } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'

export const title = 'What an hour costs an SD card'
export const page = 'sinks.md'

const HOUR_S = 3600
const RATE = 10
// Room for what comes within a minute: a ring is drained when a quarter of it is full.
const MINUTE = { interval: 60_000, ring: 2 ** 18 }

const sink = (name, file, options) => ({ file, sink: { name, factory: `${name}Sink`, options } })

const ROWS = [
  { name: '`jsonSink`', ...sink('json', 'app.jsonl') },
  { name: '`csvSink`', ...sink('csv', 'app.csv') },
  { name: '`markdownSink`', ...sink('markdown', 'app.md') },
  { name: '`sqliteSink`, sql.js', ...sink('sqlite', 'app.db', { driver: 'sql.js' }) },
  { name: '`sqliteSink`, native', on: 'deno', ...sink('sqlite', 'app.db', { driver: 'node:sqlite' }) },
  { name: 'record file', file: 'app.nfo', record: true },
  { name: '`jsonSink`, a minute at a time', ...sink('json', 'app.jsonl'), logger: MINUTE },
  {
    name: '`sqliteSink`, sql.js, a minute at a time',
    ...sink('sqlite', 'app.db', { driver: 'sql.js' }),
    logger: MINUTE
  },
  {
    name: '`sqliteSink`, native, a minute at a time',
    on: 'deno',
    ...sink('sqlite', 'app.db', { driver: 'node:sqlite' }),
    logger: MINUTE
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
  const play = (calls) => played(row, runtime, entryFor(runtime, entry), calls)
  const [bytes, writes, syncs, card] = row.record ? await recordedHour(play) : await simulatedHour(play, quick)
  return [megabytes(bytes), whole(writes), whole(syncs), megabytes(card)]
}

async function simulatedHour(play, quick) {
  const part = quick ? 10 : 1
  const figures = await play((RATE * HOUR_S) / part)
  return figures.map((figure) => figure * part)
}

/** The thread of a record file has its own clock, so a part of its hour is played in real time: what it costs once, and a call. */
async function recordedHour(play) {
  const [few, many] = [100, 400]
  const [some, all] = [await play(few), await play(many)]
  return all.map((figure, index) => figure + ((figure - some[index]) / (many - few)) * (RATE * HOUR_S - many))
}

async function played(row, runtime, entry, calls) {
  const { answer, bytes, writes, syncs, pages } = await trace((folder) => {
    const path = join(folder, row.file)
    return commandOf(runtime, {
      calls,
      rate: RATE,
      path,
      entry,
      sink: row.sink && { ...row.sink, entry: new URL(`./${row.sink.name}.js`, entry).href },
      logger: row.record ? { record: path } : row.logger,
      realMs: row.record ? 1000 / RATE : 0,
      clock: join(folder, 'clock')
    })
  })
  if (answer.accepted !== calls) throw new Error(`[nfo] [bench] ${row.name} took ${answer.accepted} of ${calls} calls`)
  return [bytes, writes, syncs, pages * PAGE]
}

function commandOf(runtime, request) {
  const [binary, args] = command(runtime, '_budget-child.mjs', request)
  if (runtime !== 'deno') return [binary, args]
  // It writes to a folder and loads a library.
  const [verb, ...rest] = args.filter((arg) => !arg.startsWith('--allow-'))
  return [binary, [verb, '--allow-all', ...rest]]
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
