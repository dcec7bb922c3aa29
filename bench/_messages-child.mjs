import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recorders } from './contenders/recorders.mjs'

const BURST = 500
const STATISTICS = `/proc/self/task/${process.pid}/schedstat`
const { id, records, entries } = JSON.parse(process.argv[2])
const folder = mkdtempSync(join(tmpdir(), 'nfo-messages-'))
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Nanoseconds that this thread has run: a busy machine does not change them. Elsewhere than on Linux, those that passed. */
function threadTime() {
  if (!existsSync(STATISTICS)) return performance.now() * 1e6
  return Number(readFileSync(STATISTICS, 'utf8').split(' ')[0])
}

const { open, count } = recorders.find((recorder) => recorder.id === id)
const path = join(folder, 'records')
const { log, end } = await open({ path, entries })

async function write(from, to) {
  for (let n = from; n < to; n++) {
    log({ n, name: `order ${n}`, total: n + 0.5 })
    if (n % BURST === 0) await turn()
  }
}

await write(0, records)
const start = threadTime()
await write(records, 2 * records)
await end()
const ns = (threadTime() - start) / records
const written = await count(path, entries)
rmSync(folder, { recursive: true })
console.log(JSON.stringify({ ns, lost: 2 * records - written }))
process.exit(0)
