import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Miniflare } from 'miniflare'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { workerScript } from './_bundle.ts'

const test = suite('workers/examples')

function outputOf(path: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path], { encoding: 'utf8' })
  assert.is(stderr, '')
  assert.is(status, 0)
  return stdout
}

/** What the snippets of the manual leave to the reader. */
const REST = [
  '',
  `export default { fetch: async (_, { COUNTER }) => Response.json(await COUNTER.getByName('one').add(3)) }`
]

for (const [index, rest] of REST.entries()) {
  test(`snippet ${index + 1} of docs/workers.md runs as it stands`, async () => {
    const snippets = [...readFileSync('docs/workers.md', 'utf8').matchAll(/```js\n([\s\S]*?)```/g)]
    assert.is(snippets.length, REST.length)
    const code = snippets[index][1]
      .replace("'nfo'", "'../../src/index.ts'")
      .replace("'nfo/workers'", "'../../src/workers/index.ts'")
    const miniflare = new Miniflare({
      modules: [{ type: 'ESModule', path: 'index.mjs', contents: await workerScript(`${code}\n${rest}`) }],
      compatibilityDate: '2026-04-01',
      compatibilityFlags: ['nodejs_als'],
      cf: false,
      d1Databases: ['DB'],
      kvNamespaces: ['CACHE'],
      durableObjects: index === 0 ? {} : { COUNTER: { className: 'Counter', useSQLite: true } }
    })
    try {
      await (await miniflare.getKVNamespace('CACHE')).put('prices', '{"tea":4}')
      const response = await miniflare.dispatchFetch('http://localhost/tea')
      assert.is(await response.text(), ['{"price":4}', '3'][index])
    } finally {
      await miniflare.dispose()
    }
  })
}

test('worker/main.mjs records a shop into its database', () => {
  const output = outputOf('examples/worker/main.mjs')
  assert.match(output, 'GET /umbrella: priceOf failed, no umbrella here')
  assert.match(output, '/tea AMS INFO  fetch ["GET","/tea"] 200')
  assert.match(output, '/tea AMS DEBUG fetch > CACHE.put ["sold:tea"]')
  assert.match(output, 'scheduled > CACHE.put ["prices"]')
})

test('aggregator/main.mjs brings two Workers into one Durable Object', () => {
  const output = outputOf('examples/aggregator/main.mjs')
  assert.match(output, 'shop: sell(umbrella) failed: sold out')
  assert.match(output, '8 calls, 2 errors: fetch, sell, send')
})

test.run()
