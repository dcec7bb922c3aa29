import { entriesOf } from './_endings.mjs'
import { ask } from './_runtimes.mjs'
import { median, show, showSpread, spread } from './_stats.mjs'

const NAMES = {
  nfo: 'nfo',
  pino: 'pino, asynchronous',
  'pino-buffer': 'pino, synchronous, buffered',
  winston: 'winston',
  logtape: 'LogTape',
  tslog: 'tslog'
}

/** Rows: what a message to a file costs the thread that logs it, to the last byte, all libraries taking turns. */
export async function messageCosts({ quick, entry }) {
  const samples = Object.fromEntries(Object.keys(NAMES).map((id) => [id, []]))
  const request = { records: quick ? 20_000 : 50_000, entries: entriesOf(entry) }
  for (let round = 0; round < (quick ? 2 : 7); round++) {
    for (const id of Object.keys(NAMES)) {
      const { ns, lost } = await ask('node', '_messages-child.mjs', { id, ...request })
      if (lost > 0) throw new Error(`[nfo] [bench] ${NAMES[id]} lost ${lost} messages`)
      samples[id].push(ns)
    }
  }
  const overPino = (list) => median(list.map((ns, round) => ns / samples.pino[round]))
  const rows = Object.entries(samples).map(([id, list]) => [
    NAMES[id],
    showSpread(spread(list)),
    `×${show(overPino(list))}`
  ])
  return [['message with 3 fields to a file', 'ns (least..most)', '× pino'], ...rows]
}
