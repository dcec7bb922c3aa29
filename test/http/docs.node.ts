import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sourceSize } from '../_bundles.ts'
import { starters } from '../runtimes/_children.ts'
import { bundled } from './_bundled.ts'

const test = suite('http: docs')

const page = readFileSync('docs/http.md', 'utf8')
const snippets = [...page.matchAll(/```js ?(\w*)\n([\s\S]*?)```/g)].map(([, runtime, code]) => ({ runtime, code }))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

test('there are some', () => {
  assert.is(snippets.length, 8)
})

for (const [index, { runtime, code }] of snippets.entries()) {
  test(`snippet ${index + 1} of docs/http.md serves and records`, async () => {
    const port = await freePort()
    const file = await bundled(`
import { configure } from 'nfo'
configure({ sinks: ['json:-'], interval: 10 })
globalThis.fetch = async () => new Response('elsewhere')
${code.replaceAll('8080', String(port))}`)
    const [command, ...args] = starters[{ deno: 'denoWithAll' }[runtime] ?? (runtime || 'node')]
    const child = spawn(command, [...args, file], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text) => void (said += text))
    child.stderr.setEncoding('utf8').on('data', (text) => void (said += text))
    try {
      let answer: Response | undefined
      while (!answer && child.exitCode === null)
        answer = await fetch(`http://127.0.0.1:${port}/users/7`).catch(() => undefined)
      assert.is(answer?.status, 200, said)
      await answer?.text()
      await fetch(`http://127.0.0.1:${port}/health`)
      while (!said.includes('"module":"http"') && child.exitCode === null) await new Promise((go) => setTimeout(go, 5))
    } finally {
      child.kill('SIGTERM')
    }
    await once(child, 'close')
    const lines = said.split('\n').filter((line) => line.startsWith('{'))
    const entries = lines.map((line) => JSON.parse(line)).filter(({ module }) => module === 'http')
    const name = /\/users\/:id/.test(code) ? 'GET /users/:id' : 'GET'
    assert.is(entries[0].function_name, name)
    assert.is(entries[0].extra.status, 200)
    if (code.includes('/health')) assert.is(entries.length, 1)
  })
}

test('the example shows each request with what it called', async () => {
  const file = await bundled(readFileSync('examples/http/main.mjs', 'utf8'))
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 25_000 })
  assert.is(stderr, '')
  assert.match(stdout, /^tea: 3 left · sold out · cup: 3 left\n/)
  assert.match(
    stdout,
    /error GET \/items\/:item \/items\/umbrella\?token=\[REDACTED\] 503 by bob\n {2}error price umbrella sold out by bob\n {4}error stock umbrella sold out by bob\n/
  )
  for (const [item, id] of [
    ['tea', 'ann'],
    ['cup', 'cem']
  ])
    assert.ok(
      stdout.includes(
        `info GET /items/:item /items/${item} 200 by ${id}\n  debug price ${item}  by ${id}\n    debug stock ${item}  by ${id}\n`
      )
    )
  assert.not.match(stdout, /probe/)
})

test('wrapFetch adds as much to a bundle as the page says', async () => {
  const core =
    "export { createLogger } from './configure.ts'; export { withContext } from './context.ts'; export { wrap } from './core/wrap.ts'\n"
  const added = (await sourceSize(`${core}export { wrapFetch } from './http/fetch.ts'`)) - (await sourceSize(core))
  const [, said] = page.match(/<!-- size:http -->([\d,]+)<!-- \/size -->/) ?? []
  const bytes = Number(said?.replaceAll(',', ''))
  assert.ok(Math.abs(bytes - added) <= added / 25, `the page says ${said}, measured are ${added}`)
})

test.run()
