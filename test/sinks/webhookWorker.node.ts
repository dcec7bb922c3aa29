import process from 'node:process'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Answer, hookServer, pause } from './_hook.ts'

const test = suite('sinks/webhook: Worker')

const slow: Answer = (response) => void setTimeout(() => response.end('ok'), 100)

/** A Worker whose every request is an error, made known as the manual says. */
async function worker(url: string): Promise<Miniflare> {
  const contents = `
    import { createLogger } from '../../src/configure.ts'
    import { webhookSink } from '../../src/sinks/webhook.ts'
    const logger = createLogger({ sinks: [webhookSink('${url}', { interval: 200, headers: { 'x-mine': '1' } })] })
    export default {
      fetch(request, env, context) {
        logger.error(new URL(request.url).pathname.slice(1))
        context.waitUntil(logger.flush())
        return new Response('taken')
      }
    }`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${process.cwd()}/test/sinks` },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    conditions: ['workerd', 'import'],
    external: ['node:*', 'cloudflare:*'],
    ignoreAnnotations: true,
    logLevel: 'silent'
  })
  const modules = [{ type: 'ESModule', path: 'index.mjs', contents: outputFiles[0].text } as const]
  return new Miniflare({ modules, compatibilityDate: '2026-04-01' })
}

test('what one request began and did not live to see, the next one goes on with', async () => {
  const server = await hookServer(slow)
  const miniflare = await worker(server.url)
  try {
    const names = Array.from({ length: 4 }, (_, index) => `broken ${index}`)
    for (const name of names) {
      await miniflare.dispatchFetch(`http://worker.example/${encodeURIComponent(name)}`)
      await pause(20)
    }
    const textsOf = (): string[] =>
      (server.accepted().flat() as unknown as { args: string[] }[]).map(({ args }) => decodeURIComponent(args[0]))
    // With nothing that comes after them: the last of them has no other one to go on with it.
    for (let tries = 0; tries < 60 && textsOf().length < names.length; tries++) await pause(50)
    assert.equal(textsOf(), names)
  } finally {
    await miniflare.dispose()
    await server.close()
  }
})

test.run()
