import { mkdirSync, readdirSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch } from '../_run/runtime.ts'
import { bundle, run, starters } from '../runtimes/_children.ts'

const CALLS = 36_000
const FACTORIES = { jsonSink: {}, csvSink: {}, markdownSink: {}, sqliteSink: { driver: 'sql.js' } }

const test = suite('a clean hour')
let nfo = ''

test.before(async () => {
  nfo = await bundle(`
    export { createLogger } from '../../src/index.ts'
    export { csvSink } from '../../src/sinks/csv.ts'
    export { jsonSink } from '../../src/sinks/json.ts'
    export { markdownSink } from '../../src/sinks/markdown.ts'
    export { sqliteSink } from '../../src/sinks/sqlite.ts'`)
})

/** Plays an hour, 10 calls a second, by a clock that is moved on; gives the files that are there afterwards. */
async function filesAfter(factory: string, options: object, delivery: string, calls: number): Promise<string[]> {
  const folder = scratch('hour')
  mkdirSync(folder)
  const sink = { entry: nfo, factory, options }
  const request = {
    entry: nfo,
    sink,
    logger: { delivery },
    path: `${folder}/app`,
    clock: scratch('clock'),
    rate: 10,
    calls
  }
  const { code, stdout, stderr } = await run([...starters.node, 'bench/_budget-child.mjs', JSON.stringify(request)])
  assert.equal([code, stderr], [0, ''])
  assert.is(JSON.parse(stdout).accepted, calls)
  return readdirSync(folder)
}

for (const [factory, options] of Object.entries(FACTORIES)) {
  test(`${factory}: on-error delivery writes nothing, not even at the end`, async () => {
    assert.equal(await filesAfter(factory, options, 'on-error', CALLS), [])
    assert.ok((await filesAfter(factory, options, 'continuous', 20)).length > 0)
  })
}

test.run()
