import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { recorders } from './contenders/recorders.mjs'

const BURST = 100
const PAUSE_MS = 10

const { id, ending, records, ...where } = JSON.parse(process.argv[2])
const { log, end } = await recorders.find((recorder) => recorder.id === id).open(where)

/** Time for what starts in the background: connections, threads, files. */
await sleep(300)

/** In a burst nothing else runs; in steady writing the event loop turns, and the process is killed between two bursts. */
const write = (from, to) => {
  for (let n = from; n < to; n++) log({ n, name: `order ${n}`, total: n + 0.5 })
}

async function writeSteadily() {
  for (let from = 0; from < records; from += BURST) {
    write(from, from + BURST)
    await sleep(PAUSE_MS / 2)
    if (from + BURST < records) await sleep(PAUSE_MS / 2)
  }
}

const endings = {
  async 'its own close'() {
    write(0, records)
    await end()
    process.exit(0)
  },
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
