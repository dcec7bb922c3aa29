import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { run, starters } from '../runtimes/_children.ts'

const calls = 5000
const isBuilt = existsSync('dist/node/nfo-thread.js')

/** What an app writes that has the package installed, or has its files from a server. */
const app = (entry: string, file: string): string => `
  import { configure, wrap } from ${JSON.stringify(entry)}
  const logger = configure({ sinks: [${JSON.stringify(`json:${file}`)}], thread: true })
  const double = wrap(function double(number) { return number * 2 })
  for (let i = 0; i < ${calls}; i++) double(i)
  globalThis.process.on('exit', () => console.log(JSON.stringify(logger.stats().sinks)))
`

for (const name of ['node', 'deno', 'bun']) {
  const test = suite(`thread from dist on ${name}`)
  const ready = skipUnless(test, isBuilt && starters[name][0] !== '', `no build or no ${name}; npm install`)

  for (const folder of [`dist/${name}`, 'dist']) {
    ready(`the worker finds its code beside the entry: ${folder}`, async () => {
      const [script, file] = [`${scratch('app')}.mjs`, scratch('calls.jsonl')]
      writeFileSync(script, app(pathToFileURL(`${folder}/index.js`).href, file))
      const { code, stdout, stderr } = await run([...starters[name === 'deno' ? 'denoWithAll' : name], script])
      assert.equal([code, stderr], [0, ''])
      // The worker has counted them, so it has written them.
      assert.is(JSON.parse(stdout)[0].delivered, calls)
      assert.is(readFileSync(file, 'utf8').split('\n').length - 1, calls)
    })
  }

  test.run()
}
