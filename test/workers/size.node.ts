import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { workerScript } from './_bundle.ts'

const test = suite('workers/size')

const CODE = `export { wrap } from '../../src/index.ts'
export { d1Sink, wrapWorker } from '../../src/workers/index.ts'`

test('wrap, wrapWorker and d1Sink are as large as docs/workers.md says', async () => {
  const bytes = gzipSync(await workerScript(CODE, { minify: true }), { level: 9 }).length
  const [, said] = /minified and gzipped: ([\d.]+) KB/.exec(readFileSync('docs/workers.md', 'utf8')) ?? []
  assert.ok(Math.abs(bytes / 1000 - Number(said)) < 0.5, `the docs say ${said} KB; measured are ${bytes} bytes`)
})

test('nothing else is in that bundle: no other sink, no bindings, no file formats', async () => {
  const code = await workerScript(CODE)
  assert.not.match(code, /sendBatch|writeDataPoint|KvNamespace|CompressionStream|CREATE VIRTUAL|markdown|csv/i)
  assert.match(code, 'json_each')
})

test.run()
