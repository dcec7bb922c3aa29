import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { recorders } from './contenders/recorders.mjs'

const BURST = 100
const PAUSE_MS = 10

const { id, ending, records, ...where } = JSON.parse(process.argv[2])
const { log } = await recorders.find((recorder) => recorder.id === id).open(where)

/** Time for what starts in the background: connections, threads, files. */
await sleep(300)

const write = (from, to) => {
  for (let n = from; n < to; n++) log({ n, name: `order ${n}`, total: n + 0.5 })
}

async function writeSteadily() {
  for (let from = 0; from < records; from += BURST) {
    await sleep(PAUSE_MS)
    write(from, from + BURST)
  }
}

const endings = {
  async 'SIGKILL, steady'() {
    await writeSteadily()
    process.kill(process.pid, 'SIGKILL')
  },
  'SIGKILL, burst'() {
    write(0, records)
    process.kill(process.pid, 'SIGKILL')
  },
  'process.exit'() {
    write(0, records)
    process.exit(0)
  },
  'uncaught error'() {
    write(0, records)
    throw new Error('the last one')
  }
}
await endings[ending]()
