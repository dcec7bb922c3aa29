/** A shop over HTTP, three customers at once: each request is one entry, with what it called below it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createLogger, memorySink } from 'nfo'
import { wrapListener } from 'nfo/http'

const memory = memorySink()
const logger = createLogger({ sinks: [memory] })
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const stock = logger.wrap(async (item) => {
  await pause(item.length)
  if (item === 'umbrella') throw new RangeError('sold out')
  return item.length
}, 'stock')
const price = logger.wrap(async (item) => {
  const left = await stock(item)
  return `${item}: ${left} left`
}, 'price')

const server = createServer(
  wrapListener(
    async (request, response) => {
      const [, , item] = request.url.split(/[/?]/)
      try {
        response.end(await price(item))
      } catch (error) {
        response.writeHead(503).end(error.message)
      }
    },
    { logger, route: ({ path }) => (path.startsWith('/items/') ? '/items/:item' : undefined), ignore: ['/health'] }
  )
).listen(0, '127.0.0.1')
await once(server, 'listening')

const base = `http://127.0.0.1:${server.address().port}`
const ask = async (path, id) => (await fetch(base + path, { headers: { 'x-request-id': id } })).text()
const answers = await Promise.all([
  ask('/items/tea', 'ann'),
  ask('/items/umbrella?token=t0p', 'bob'),
  ask('/items/cup', 'cem'),
  ask('/health', 'probe')
])
console.log(answers.slice(0, 3).join(' · '))

server.closeAllConnections()
server.close()
await pause(10)
await logger.close()

const entries = memory.entries()
function show(entry, depth) {
  const { level, functionName, args, extra, exception } = entry
  console.log(
    `${'  '.repeat(depth)}${level} ${functionName} ${args[0]} ${extra.status ?? exception ?? ''} by ${extra.requestId}`
  )
  for (const child of entries) if (child.parentId === entry.spanId) show(child, depth + 1)
}
for (const entry of entries) if (entry.module === 'http') show(entry, 0)
