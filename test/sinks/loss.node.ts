import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundle, type Ending, run, starters } from '../runtimes/_children.ts'
import { CALLS, type EndingName, endings, INTERVAL, program, WITHOUT, withSink } from './_endings.ts'
import { isSound, type Kept, readCsv, readDatabase, readJson, readMarkdown } from './_readBack.ts'

interface Destination {
  recorder: string
  file: string
  read(path: string): Promise<Kept[]>
  /** Names of starters; all three when nothing is said. */
  on?: string[]
}

// Node, once more, with a SQLite of its own.
const newer = process.env.NFO_NODE
starters.newer = [newer ?? process.execPath]

const database = (driver: string, on?: string[]): Destination => ({
  recorder: withSink('sqlite', 'sqliteSink', `{ driver: '${driver}' }`),
  file: 'loss.db',
  read: (path) => readDatabase(path, driver === 'sql.js' ? driver : 'node:sqlite'),
  on
})

const destinations: Record<string, Destination> = {
  jsonSink: { recorder: withSink('json', 'jsonSink'), file: 'loss.jsonl', read: readJson },
  csvSink: { recorder: withSink('csv', 'csvSink'), file: 'loss.csv', read: readCsv },
  markdownSink: { recorder: withSink('markdown', 'markdownSink'), file: 'loss.md', read: readMarkdown },
  'sqliteSink on sql.js': database('sql.js'),
  'sqliteSink on node:sqlite': database('node:sqlite', ['newer', 'deno']),
  'sqliteSink on bun:sqlite': database('bun:sqlite', ['bun'])
}

function remembered<Result>(make: (key: string) => Promise<Result>): (key: string) => Promise<Result> {
  const known = new Map<string, Promise<Result>>()
  return (key) => {
    const result = known.get(key) ?? make(key)
    known.set(key, result)
    return result
  }
}

const built = remembered(bundle)

async function start(runtime: string, recorder: string, ending: EndingName, path: string): Promise<Ending> {
  const code: string = endings[ending]
  const isKilled = ending.startsWith('SIG')
  const signal = ending.split(' ')[0] as NodeJS.Signals
  const patience = code === 'writeOn()' ? Math.random() * 300 : 0
  const command = [...starters[runtime], await built(program(recorder)), ending, path]
  return run(command, (pid) => isKilled && setTimeout(() => process.kill(pid, signal), patience))
}

const bare = remembered((key) => {
  const [runtime, ending] = key.split('/')
  return start(runtime, WITHOUT, ending as EndingName, '')
})

/** What a caller of the process sees: not the text of errors, which names places in the bundle. */
const visible = ({ code, signal, stdout, stderr }: Ending): object => ({
  code,
  signal,
  stdout: stdout.startsWith('ready') ? stdout : '',
  says: [stderr.includes('boom'), stderr.includes('[nfo]')]
})

const jobs: (() => Promise<unknown>)[] = []

/** Does a job when it is asked for, and meanwhile the next one: two processes at a time. */
function queued<Result>(job: (key: string) => Promise<Result>): () => Promise<Result> {
  const once = remembered(job)
  const next = jobs.push(() => once(''))
  return () => {
    const result = once('')
    jobs[next]?.().catch(() => {})
    return result
  }
}

interface Cell {
  end: Ending
  reference: Ending
  calls: Kept[]
}

for (const [sink, { recorder, file, read, on = ['node', 'deno', 'bun'] }] of Object.entries(destinations)) {
  for (const runtime of on) {
    const test = suite(`loss, ${runtime}, ${sink}`)
    const cell = skipUnless(test, runtime !== 'newer' || newer !== undefined, 'no Node with node:sqlite')
    for (const ending of Object.keys(endings) as EndingName[]) {
      const result = queued<Cell>(async () => {
        const path = scratch(file)
        const end = await start(runtime, recorder, ending, path)
        assert.ok(!file.endsWith('.db') || !ending.startsWith('SIGKILL') || isSound(path))
        return { end, reference: await bare(`${runtime}/${ending}`), calls: await read(path) }
      })
      const loss = endings[ending] === 'writeOn()' ? 'no more than the last moment' : 'none'
      cell(`${CALLS} calls and then ${ending}: ${loss} lost, none twice, and the end is the same`, async () => {
        const { end, reference, calls } = await result()
        assert.equal(visible(end), visible(reference))
        assert.ok(calls.every(({ left, result: sum }, i) => left === i && sum === i + 7))
        assert.is(new Set(calls.map(({ sequence }) => sequence)).size, calls.length)
        if (endings[ending] === 'writeOn()') keptUpTo(end.stdout, calls)
        else assert.is(calls.length, CALLS)
      })
    }
    test.run()
  }
}

/** What was lost is younger than the drain interval; the same again is for a busy machine. */
function keptUpTo(said: string, calls: Kept[]): void {
  const [count, time] = said.split('\n').at(-2)!.split(' ').map(Number)
  assert.ok(count > CALLS + 1000, `only ${count} calls`)
  const behind = time - calls.at(-1)!.timestamp
  assert.ok(calls.length > CALLS && behind < 2 * INTERVAL, `${count - calls.length} of ${count} calls, ${behind} ms`)
}
