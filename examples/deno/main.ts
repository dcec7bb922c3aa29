/**
 * A shop on `Deno.serve`. Its errors are in Deno KV by their time, with what came before the last one.
 *
 *     deno run --unstable-kv --allow-net=127.0.0.1 --allow-import=cdn.jsdelivr.net main.ts
 */
import { configure, wrap } from 'nfo'
import { denoKvSink } from 'nfo/denoKv'
import { wrapFetch } from 'nfo/http'

// In memory for this example. Without the path: the program's own database, on Deno Deploy the project's.
const errors = denoKvSink(await Deno.openKv(':memory:'), { entries: 500, maxAge: '7d' })
const logger = configure({ sinks: [errors] })

const priceOf = wrap(function priceOf(item: string): number {
  if (item === 'umbrella') throw new RangeError('sold out')
  return item.length
})

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname !== '/errors') return new Response(`${priceOf(pathname.slice(1))}\n`)
  await logger.flush()
  const found = await errors.entries({ since: '24h', limit: 20 })
  return Response.json(found.map(({ functionName, args, exception }) => [functionName, args[0], exception]))
}

const handler = wrapFetch(answer, { ignore: ['/errors'] })
const options = {
  port: 0,
  hostname: '127.0.0.1',
  onListen() {},
  onError: () => new Response('sorry\n', { status: 500 })
}
const server = Deno.serve(options, handler)
const ask = async (item: string): Promise<string> =>
  (await (await fetch(`http://127.0.0.1:${server.addr.port}/${item}`)).text()).trim()

console.log('tea', await ask('tea'), '· umbrella', await ask('umbrella'))
console.log('errors', await ask('errors'))
console.log(
  'before the last one',
  (await errors.crash()).map(({ functionName, args }) => `${functionName}(${args[0]})`).join(' ')
)
await server.shutdown()
await logger.close()
