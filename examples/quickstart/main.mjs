/** Checks the links of this repository's Markdown, recorded call by call; then lets a program hang, and finds out where. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { configure, consoleSink } from 'nfo'
import { jsonSink } from 'nfo/json'
import { checkPage, findPages } from './checker.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const out = join(tmpdir(), `nfo-quickstart-${process.pid}`)
const cli = join(root, 'dist/cli.js')
const title = (text) => console.log(`\n\u2500\u2500 ${text}`)
mkdirSync(out)
process.chdir(root)

title('1. Every call, as it happens: consoleSink() and jsonSink(path)')
const logger = configure({
  sinks: [consoleSink({ format: 'pretty' }), jsonSink(join(out, 'calls.jsonl'))],
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
const lines = readFileSync(join(out, 'calls.jsonl'), 'utf8').trim().split('\n')
console.log(
  `accepted ${ledger.accepted} = delivered ${ledger.delivered} + dropped ${ledger.dropped} + failed ${ledger.failed} + pending ${ledger.pending}`
)
console.log(`${lines.length} JSON lines, for example ${lines[0].slice(0, 150)}…`)
console.log(`${statSync(join(out, 'quickstart.nfo')).size} bytes of record file`)

title('4. A program hangs and is killed: its record file names the call that never returned')
const record = join(out, 'hang.nfo')
const child = spawn(process.execPath, [join(here, 'hang.mjs'), record], { stdio: 'inherit' })
while (!existsSync(record)) await sleep(10)
await sleep(1600)
child.kill('SIGKILL')
await new Promise((resolve) => child.once('exit', resolve))
console.log('killed with SIGKILL; nfo recover says:\n')
const recovered = spawnSync(process.execPath, [cli, 'recover', record, '--last', '5'], { encoding: 'utf8' })
process.stdout.write(recovered.stdout + recovered.stderr)

const asExpected =
  ledger.accepted === lines.length && ledger.accepted === ledger.delivered && /parsePrice/.test(recovered.stdout)
rmSync(out, { recursive: true })
console.log(asExpected ? '\nAll of it as expected.' : '\nThis is not what was expected.')
process.exitCode = asExpected ? 0 : 1
