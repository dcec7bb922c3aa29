import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { load } from './_load.mjs'
import { table } from './_report.mjs'
import { command, environment, present } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { median, percentile, show, showSpread, spread } from './_stats.mjs'

export const title = 'HTTP server, 20 wrapped calls a request'

const SERVERS = {
  bare: 'no wrapper',
  block: 'nfo, streaming',
  ring: 'nfo, ring only',
  pino: 'pino',
  otel: 'OpenTelemetry'
}

/** Requests a second and the 99th percentile, each server in a process of its own, all of them taking turns. */
export async function run({ quick, runtime, entry }) {
  const pace = quick ? { rounds: 3, ms: 300 } : { rounds: 9, ms: 2000 }
  const tables = []
  for (const name of present(runtime)) tables.push(table(rows(name, await measure(name, entryFor(name, entry), pace))))
  return tables
}

async function measure(name, entry, { rounds, ms }) {
  const servers = []
  try {
    for (const id of Object.keys(SERVERS)) servers.push(await start(name, id, entry))
    const busy = ({ port }) => load({ port, connections: 16, ms })
    for (const server of servers) await busy(server)
    const samples = []
    for (let round = 0; round < rounds; round++) {
      const sample = {}
      for (const server of servers) sample[server.id] = figures(await busy(server))
      samples.push(sample)
    }
    return samples
  } finally {
    for (const { child } of servers) child.stdin.end()
  }
}

const figures = ({ rate, latencies }) => ({ rate, p50: median(latencies), p99: percentile(latencies, 0.99) })

async function start(name, id, entry) {
  const [binary, args] = command(name, '_http-server.mjs', { id, entry })
  const child = spawn(binary, args, { env: environment, stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  if (!Buffer.isBuffer(line)) throw new Error(`[nfo] [bench] the ${id} server on ${name} ended with ${line}`)
  return { id, child, port: JSON.parse(line).port }
}

function rows(runtime, samples) {
  const list = (id, figure) => samples.map((sample) => sample[id][figure])
  const share = (id) => median(samples.map((sample) => sample[id].rate / sample.bare.rate))
  return [
    [`${runtime}: server`, 'requests/s (least..most)', 'share of bare', 'p50, ms', 'p99, ms'],
    ...Object.entries(SERVERS).map(([id, name]) => [
      name,
      showSpread(spread(list(id, 'rate'))),
      `${(share(id) * 100).toFixed(1)} %`,
      show(median(list(id, 'p50'))),
      show(median(list(id, 'p99')))
    ])
  ]
}
