import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, environment } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { showSpread, spread } from './_stats.mjs'
import { recorders } from './contenders/recorders.mjs'

const RECORDS = 10_000
const ENDINGS = ['SIGKILL, steady', 'SIGKILL, burst', 'process.exit', 'uncaught error']

/** Rows: of 10,000 records, how many are missing after the process has ended in each way. */
export async function lostRecords({ quick, entry }) {
  const entries = {
    nfo: entryFor('node', entry),
    json: entryFor('node', undefined, './json'),
    store: entryFor('node', undefined, './store')
  }
  const rows = []
  for (const recorder of recorders) {
    const cells = []
    for (const ending of ENDINGS) {
      const lost = []
      for (let round = 0; round < (quick ? 1 : 5); round++) lost.push(RECORDS - (await remaining(recorder, ending, entries)))
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
  const found = count ? await (existsSync(path) ? count(path, entries) : 0) : spans
  rmSync(folder, { recursive: true })
  return found
}

function untilEnded(request) {
  const [binary, args] = command('node', '_endings-child.mjs', request)
  const child = spawn(binary, args, { env: environment, stdio: ['ignore', 'ignore', 'ignore'], cwd: import.meta.dirname })
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
}

/** A collector for spans: counts what arrives whole by OTLP over HTTP. */
async function collect() {
  let spans = 0
  const server = createServer(async (request, response) => {
    const chunks = []
    try {
      for await (const chunk of request) chunks.push(chunk)
      spans += spansIn(JSON.parse(Buffer.concat(chunks).toString()))
    } catch {} // the sender was killed in the middle
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    server.closeAllConnections()
    server.close()
    return spans
  }
  return { port: server.address().port, close }
}

const spansIn = ({ resourceSpans = [] }) =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).reduce((sum, { spans }) => sum + spans.length, 0)
