import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { fromJson } from '../../src/formats/json.ts'
import { scratch } from '../_run/runtime.ts'
import { script, start } from './_fileChildren.ts'
import { names, parts } from './_files.ts'

/** Calls a wrapped function at full rate, and says after each batch how many calls are in the file. */
const CALLER = `
import { readdirSync, statSync } from 'node:fs'
const { path, options, run, calls, folder } = request
const sink = jsonSink(path, options)
let most = 0
let written = 0
const sample = () => {
  let bytes = 0
  for (const name of readdirSync(folder)) bytes += statSync(folder + name).size
  most = Math.max(most, bytes)
}
const write = (entries) => {
  sink.write(entries)
  written += entries.length
  if (folder) sample()
  else say(written)
}
const logger = createLogger({ sinks: [{ ...sink, write }] })
const wrapped = logger.wrap((run, index) => index, 'add')
for (let index = 0; index < calls; index++) wrapped(run, index)
const { accepted, delivered } = await logger.flush()
await logger.close()
say({ accepted, delivered, most })
`

/** The entries of a text, and how many lines are none. */
function entriesIn(text: string): { entries: Entry[]; torn: number } {
  const entries: Entry[] = []
  let torn = 0
  for (const line of text.split('\n')) {
    try {
      if (line) entries.push(fromJson(line))
    } catch {
      torn++
    }
  }
  return { entries, torn }
}

const CALLS = 13_000
const KILLS = [2000, 6000, 10_000]

for (const runtime of ['node', 'deno', 'bun']) {
  const test = suite(`sinks/rotation, ${runtime}`)

  test('a thousand rotations, killed in the middle and started again: every record once, in order', async () => {
    const path = `${scratch('rotations')}/app.jsonl`
    const file = await script(CALLER)
    const options = { maxBytes: 8000, keep: Number.POSITIVE_INFINITY }
    const known: number[] = []
    for (const [run, limit] of [...KILLS, Number.POSITIVE_INFINITY].entries()) {
      const child = start(runtime, file, { path, options, run, calls: CALLS }, (fact) => {
        if (typeof fact === 'number') known[run] = fact
        if (typeof fact === 'number' && fact >= limit) child.kill('SIGKILL')
      })
      const { code, signal, stderr } = await child.ended
      assert.is(stderr, '')
      // A fast one may be done before it is killed.
      assert.ok(signal === 'SIGKILL' || code === 0)
    }
    const texts = await parts(path)
    assert.ok(texts.length > 1000, `${texts.length} files`)
    const { entries, torn } = entriesIn(texts.join(''))
    assert.ok(torn <= KILLS.length)
    const runs = [...KILLS.keys(), KILLS.length]
    const byRun = runs.map((run) => entries.filter(({ args }) => args[0] === run).map(({ args }) => args[1]))
    assert.equal(
      entries.map(({ args }) => args[0]),
      byRun.flatMap((indexes, run) => indexes.map(() => run))
    )
    for (const [run, indexes] of byRun.entries()) {
      assert.ok(indexes.length >= known[run], `run ${run}: ${indexes.length} of ${known[run]}`)
      assert.ok(indexes.every((index, position) => index === position))
    }
    assert.is(byRun.at(-1)?.length, CALLS)
    for (const text of texts) assert.ok(text.length <= 8000)
  })

  test('no more bytes on the disk than the files it keeps, at any moment', async () => {
    const folder = `${scratch('bounded')}/`
    const [maxBytes, keep] = [20_000, 3]
    const request = { path: `${folder}app.jsonl`, folder, options: { maxBytes, keep }, run: 0, calls: CALLS }
    const facts: unknown[] = []
    const { code, stderr } = await start(runtime, await script(CALLER), request, (fact) => facts.push(fact)).ended
    assert.is(stderr, '')
    assert.is(code, 0)
    const { most, ...ledger } = facts[0] as Record<string, number>
    assert.equal(ledger, { accepted: CALLS, delivered: CALLS })
    assert.ok(most <= (keep + 1) * maxBytes && most > keep * maxBytes, `${most} bytes`)
    const { entries, torn } = entriesIn((await parts(request.path)).join(''))
    assert.is(torn, 0)
    const last = entries.map(({ args }) => args[1] as number)
    assert.equal(
      last,
      last.map((_, position) => CALLS - last.length + position)
    )
    assert.is((await names(request.path)).length, keep + 1)
  })

  test.run()
}
