/** Checks the links of this repository's Markdown, recorded call by call, asks the database; then finds out where a program hung. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { configure, consoleSink } from 'nfo'
import { sqliteSink } from 'nfo/sqlite'
import { checkPage, findPages } from './checker.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const out = join(tmpdir(), `nfo-quickstart-${process.pid}`)
const cli = join(root, 'dist/cli.js')
const database = join(out, 'calls.db')
const title = (text) => console.log(`\n\u2500\u2500 ${text}`)
/** What `nfo` prints; what it says on standard error is shown. */
function ask(...args) {
  const stdio = ['ignore', 'pipe', 'inherit']
  return spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', stdio }).stdout
}
mkdirSync(out)
process.chdir(root)

title('1. Every call, as it happens: consoleSink() and sqliteSink(path)')
const logger = configure({
  sinks: [consoleSink({ format: 'pretty' }), sqliteSink(database)],
  record: join(out, 'quickstart.nfo')
})
const pages = await findPages('.')
const reports = await Promise.all(pages.map((page) => checkPage(page)))
const ledger = await logger.close()

title('2. What the program found')
for (const { page, links, broken } of reports) {
  console.log(`${broken.length ? '\u2717' : '\u2713'} ${relative(root, page)}: ${links} links, ${broken.length} broken`)
  for (const { link, problem } of broken) console.log(`    ${link}: ${problem}`)
}

title('3. What was recorded')
console.log(
  `accepted ${ledger.accepted} = delivered ${ledger.delivered} + dropped ${ledger.dropped} + failed ${ledger.failed} + pending ${ledger.pending}`
)
console.log(`${statSync(database).size} bytes of SQLite, ${statSync(join(out, 'quickstart.nfo')).size} of record file`)

title('4. What the database answers: nfo stats, nfo query, nfo sql')
const { functions } = JSON.parse(ask('stats', database, '--format', 'json'))
for (const { name, calls, p50, max } of functions) {
  console.log(`${name}: ${calls} calls, half of them within ${p50.toFixed(2)} ms, all within ${max.toFixed(2)} ms`)
}
console.log(`\n${ask('query', database, '--function', 'checkPage', '--order', 'slowest', '--limit', '3')}`)
const counted = ask('sql', database, 'SELECT count(*) AS rows FROM logs', '--format', 'json')
console.log(`SELECT count(*) AS rows FROM logs: ${counted}`)

title('5. A program hangs and is killed: its record file names the call that never returned')
const record = join(out, 'hang.nfo')
const child = spawn(process.execPath, [join(here, 'hang.mjs'), record], { stdio: 'inherit' })
while (!existsSync(record)) await sleep(10)
await sleep(1600)
child.kill('SIGKILL')
await new Promise((resolve) => child.once('exit', resolve))
console.log('killed with SIGKILL; nfo recover says:\n')
const recovered = ask('recover', record, '--last', '5')
process.stdout.write(recovered)

const { rows } = JSON.parse(counted)
const asExpected = ledger.accepted === rows && ledger.accepted === ledger.delivered && /parsePrice/.test(recovered)
rmSync(out, { recursive: true })
console.log(asExpected ? '\nAll of it as expected.' : '\nThis is not what was expected.')
process.exitCode = asExpected ? 0 : 1
