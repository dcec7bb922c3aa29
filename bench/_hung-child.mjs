import process from 'node:process'
import { hung } from './contenders/hung.mjs'

const BURST = 100
const { name, records, entry } = JSON.parse(process.argv[2])
const turn = () => new Promise((resolve) => setImmediate(resolve))

function heldBytes() {
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const { log, lost } = await hung[name]({ entry })

async function write(from, to) {
  for (let n = from; n < to; n++) {
    log({ n, name: `order ${n}`, total: n + 0.5 })
    if (n % BURST === 0) await turn()
  }
}

// What is bounded is full by then; what grows from there on grows without end.
await write(0, records)
const before = heldBytes()
await write(records, 2 * records)
const grown = heldBytes() - before
console.log(JSON.stringify({ grown, lost: lost?.() }))
process.exit(0)
