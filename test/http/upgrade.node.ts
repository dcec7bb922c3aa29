import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { starters } from '../runtimes/_children.ts'
import { bundled } from './_bundled.ts'

/** A server whose socket sends back what it gets, in three ways. */
const SERVERS: Record<string, string> = {
  denoWithAll: `
const server = Deno.serve({ port: 0, onListen() {} }, wrapFetch((request) => {
  const { socket, response } = Deno.upgradeWebSocket(request)
  socket.onmessage = ({ data }) => socket.send(echo(data))
  return response
}, { logger }))
const port = server.addr.port`,
  bun: `
const server = Bun.serve({
  port: 0,
  fetch: wrapFetch((request, server) => server.upgrade(request) ? undefined : new Response('no', { status: 400 }), { logger }),
  websocket: { message: (socket, data) => void socket.send(echo(data)) }
})
const port = server.port`,
  elysia: `
const app = new Elysia().use(elysiaPlugin({ logger })).ws('/ws', { message: (socket, data) => void socket.send(echo(data)) })
app.listen(0)
const port = app.server.port`
}

for (const [name, server] of Object.entries(SERVERS)) {
  const test = suite(`http: websockets, ${name}`)

  test('are opened and carry messages; the request is one entry', async () => {
    const contents = `
import { Elysia } from 'elysia'
import { elysiaPlugin, wrapFetch } from '../../src/http/index.ts'
import { createLogger, memorySink } from '../../src/index.ts'
const memory = memorySink()
const logger = createLogger({ sinks: [memory] })
const echo = logger.wrap((data) => data, 'echo')
${server}
const socket = new WebSocket('ws://127.0.0.1:' + port + '/ws')
socket.onopen = () => socket.send('hello')
socket.onmessage = async ({ data }) => {
  socket.close()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await logger.flush()
  const roots = memory.entries().filter(({ module }) => module === 'http')
  console.log(JSON.stringify({ data, roots }))
  globalThis.Deno ? Deno.exit() : process.exit()
}`
    const [command, ...args] = starters[name] ?? starters.bun
    const { stdout, stderr } = await promisify(execFile)(command, [...args, await bundled(contents)], {
      timeout: 25_000
    })
    assert.ok(stdout, stderr)
    const { data, roots } = JSON.parse(stdout)
    assert.is(data, 'hello')
    assert.is(roots.length, 1)
    const [{ extra, level, functionName }] = roots
    // Elysia makes a response for what was upgraded.
    assert.equal([extra.status, level, extra.aborted], [name === 'elysia' ? 200 : 101, 'info', undefined])
    assert.is(functionName, name === 'elysia' ? 'GET /ws' : 'GET')
  })

  test.run()
}
