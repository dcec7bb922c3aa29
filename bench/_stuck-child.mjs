import { setTimeout as sleep } from 'node:timers/promises'
import { recorders } from './contenders/recorders.mjs'

const BURST = 100
const { id, records, path, entries } = JSON.parse(process.argv[2])
const { log } = await recorders.find((recorder) => recorder.id === id).open({ path, entries })
for (let n = 0; n < records; n++) {
  log({ n, name: `order ${n}`, total: n + 0.5 })
  if (n % BURST === 0) await sleep(2)
}
console.log('goes on')
// Not process.exit: that would wait for the thread that is stuck.
process.kill(process.pid, 'SIGKILL')
