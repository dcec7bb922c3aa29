import { createServer } from 'node:http'
import process from 'node:process'
import { nowhere } from './contenders/_destinations.mjs'
import { createContender } from './contenders/index.mjs'

const { id, entry } = JSON.parse(process.argv[2])
const contender = id === 'bare' ? { wrap: (fn) => fn } : await createContender(id, { destination: nowhere(), entry })

const price = contender.wrap((count, cents) => count * cents, 'price')
const label = contender.wrap((text) => text.toUpperCase(), 'label')
const weigh = contender.wrap((parcel) => parcel.grams + parcel.items.length, 'weigh')

const LINES = [1, 2, 3, 4, 5]

/** Twenty calls: numbers, a string and an object for each of five lines of an order. */
function handle(request) {
  let total = 0
  for (const line of LINES) {
    total += price(line, 125) + price(line, 0.19)
    total += label(request.url).length
    total += weigh({ id: line, grams: 250, items: ['book', 'pen'] })
  }
  return total
}

const server = createServer((request, response) => {
  const body = `{"total":${handle(request)}}\n`
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))

// The benchmark holds standard input open: when it goes, however it goes, so does this server.
process.stdin.on('end', () => process.exit(0))
process.stdin.resume()
