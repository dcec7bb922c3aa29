/** Fills a database with calls like those of a shop: 20 functions, 3 % errors with stacks, traces of 12 calls, 3 versions. */
const { path, rows, sqlite } = JSON.parse(process.argv[2])
const { sqliteSink } = await import(sqlite)
const sink = sqliteSink(path)

const BATCH = 1000
const MODULES = ['shop/cart', 'web/page', 'db/pool']
const NAMES = ['price', 'total', 'discount', 'render', 'route', 'session', 'query', 'connect', 'release', 'insert']
const STACK = `Error: no such sku\n${'    at price (file:///srv/app/src/shop/cart.ts:17:9)\n'.repeat(8)}`
const START = Date.parse('2026-11-20T00:00:00Z')

// The same rows each time.
let seed = 7
function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

function levelOf(share) {
  if (share < 0.03) return 'error'
  if (share < 0.05) return 'warn'
  return share < 0.4 ? 'info' : 'debug'
}

function entryOf(index) {
  // The first ones are called far more often.
  const which = Math.floor(20 * random() ** 2)
  const level = index % 100_000 === 5 ? 'fatal' : levelOf(random())
  const entry = {
    sequence: index + 1,
    timestamp: START + index * 300 + 0.356,
    level,
    functionName: NAMES[which % 10] + (which < 10 ? '' : 'All'),
    module: MODULES[which % 3],
    clock: 'wall',
    spanId: index + 1,
    parentId: 0,
    traceId: Math.floor(index / 12)
      .toString(16)
      .padStart(32, '0'),
    environment: 'prod',
    version: `1.4.${Math.floor((index * 3) / rows)}`,
    extra: {}
  }
  if (random() < 0.01) return { ...entry, ...message(index) }
  return { ...entry, ...call(index), ...(level === 'error' || level === 'fatal' ? failure() : result()) }
}

const message = (index) => ({
  kind: 'message',
  params: [],
  args: [`cache miss for user ${index}`],
  argTypes: ['string']
})

const call = (index) => ({
  kind: 'call',
  params: ['sku', 'count', 'options'],
  args: [`sku-${index}`, index % 9, { currency: 'EUR' }],
  argTypes: ['string', 'number', 'object'],
  durationMs: Math.exp(6 * random() - 3)
})

const failure = () => ({ exception: 'no such sku', exceptionType: 'Error', traceback: STACK })
const result = () => ({ returnValue: { total: Math.round(random() * 9900) / 100, ok: true }, returnType: 'object' })

for (let first = 0; first < rows; first += BATCH) {
  await sink.write(Array.from({ length: Math.min(BATCH, rows - first) }, (_, index) => entryOf(first + index)))
}
await sink.close()
console.log('{}')
