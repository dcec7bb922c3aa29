/**
 * A shop on `Bun.serve`. Its requests, and what they called, are rows of a database that `bun:sqlite` writes.
 *
 *     bun run main.ts shop.db
 */
import { Database } from 'bun:sqlite'
import { configure, wrap } from 'nfo'
import { wrapFetch, wrapRoutes } from 'nfo/http'

const [path = 'shop.db'] = process.argv.slice(2)
const logger = configure({ sinks: [`sqlite:${path}`] })

const priceOf = wrap(async function priceOf(item: string): Promise<number> {
  await Bun.sleep(item.length)
  if (item === 'umbrella') throw new RangeError('sold out')
  return item.length
})

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  routes: wrapRoutes({
    '/items/:item': async (request: Request & { params: { item: string } }) =>
      new Response(String(await priceOf(request.params.item)))
  }),
  fetch: wrapFetch(() => new Response('not found', { status: 404 })),
  error: () => new Response('sorry', { status: 500 })
})
const ask = async (place: string): Promise<string> => (await fetch(new URL(place, server.url))).text()

console.log((await Promise.all(['items/tea', 'items/umbrella', 'nowhere'].map(ask))).join(' · '))
await server.stop(true)
await logger.close()

const database = new Database(path, { readonly: true })
for (const row of database
  .query('SELECT level, function_name, args, exception, span_id, parent_id FROM logs ORDER BY args, parent_id')
  .values())
  console.log(...row.slice(0, 4), row[5] ? 'by a request' : '')
database.close()
