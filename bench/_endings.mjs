import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collect } from './_collector.mjs'
import { command, environment, here } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { showSpread, spread } from './_stats.mjs'
import { recorders } from './contenders/recorders.mjs'

const RECORDS = 10_000
/** The first three end the same every time. */
const ENDINGS = ['its own close', 'process.exit', 'uncaught error', 'SIGKILL, steady', 'SIGKILL, burst']

export const entriesOf = (entry) => ({
  nfo: entryFor('node', entry),
  json: entryFor('node', undefined, './json'),
  store: entryFor('node', undefined, './store')
})

/** Rows: of 10,000 records, how many are missing after the process has ended in each way. */
export async function lostRecords({ quick, entry }) {
  const entries = entriesOf(entry)
  const rows = []
  for (const recorder of recorders) {
    const cells = []
    for (const ending of ENDINGS) {
      const lost = []
      const rounds = quick ? 1 : ending.startsWith('SIGKILL') ? 5 : 2
      for (let round = 0; round < rounds; round++) lost.push(RECORDS - (await remaining(recorder, ending, entries)))
      cells.push(cell(spread(lost)))
    }
    rows.push([recorder.name, ...cells])
  }
  return [['lost of 10,000 (least..most)', ...ENDINGS], ...rows]
}

const cell = (figures) => (figures.min === figures.max ? figures.min.toLocaleString('en-US') : showSpread(figures))

async function remaining({ id, count }, ending, entries) {
  const folder = mkdtempSync(join(tmpdir(), 'nfo-endings-'))
  const path = join(folder, 'records')
  const collector = await collect()
  await untilEnded({ id, ending, records: RECORDS, path, entries, port: collector.port })
  const spans = await collector.close()
  const inFile = () => (existsSync(path) ? count(path, entries) : 0)
  const found = count ? await inFile() : spans.length
  rmSync(folder, { recursive: true })
  return found
}

function untilEnded(request) {
  const [binary, args] = command('node', '_endings-child.mjs', request)
  const child = spawn(binary, args, { env: environment, stdio: 'ignore', cwd: here })
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
}
