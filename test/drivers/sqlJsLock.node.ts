import { writeFileSync } from 'node:fs'
import process from 'node:process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundle, run, starters } from '../runtimes/_children.ts'

const locks = suite('drivers/sql.js: its lock, between processes')

/** Waits for a moment, opens the database, says how that went, and holds it for a while. */
const CHILD = `
import { openDriver } from '../../src/drivers/open.ts'
const [path, start, hold = '700'] = process.argv.slice(2)
while (Date.now() < Number(start));
try {
  openDriver(path, { part: 'test', driver: 'sql.js' })
  console.log('open ' + process.pid)
  setTimeout(() => {}, Number(hold))
} catch (error) {
  console.log(error.message)
}`

for (const runtime of ['node', 'denoWithAll', 'bun']) {
  const starter = starters[runtime]
  const test = skipUnless(locks, starter[0] !== '', `no ${runtime}; npm install`)

  test(`on ${runtime}, one of several gets it, also a dead one's, and the others are told`, async () => {
    const script = await bundle(CHILD)
    const path = scratch('app.db')
    writeFileSync(`${path}-nfo.lock`, `${2 ** 22 - 9} 1@earlier\n`)
    const start = String(Date.now() + 1200)
    const endings = await Promise.all([1, 2, 3, 4].map(() => run([...starter, script, path, start])))
    const said = endings.map(({ stdout, stderr }) => stdout.trim() + stderr)
    const winners = said.filter((line) => line.startsWith('open '))
    assert.is(winners.length, 1, said.join('\n'))
    const told =
      /cannot open .+app.db: (it is open in process \d+; one process writes|another process is just opening it)/
    for (const line of said) assert.ok(line === winners[0] || told.test(line), line)
  })

  test(`on ${runtime}, is let go by the end of its holder, and not before`, async () => {
    const script = await bundle(CHILD)
    const path = scratch('app.db')
    let holder: Promise<unknown> | undefined
    const pid = await new Promise<number>((resolve) => {
      holder = run([...starter, script, path, '0', '7000'], resolve)
    })
    const { stdout } = await run([...starter, script, path, '0', '0'])
    assert.match(stdout, `it is open in process ${pid}; one process writes`)
    process.kill(pid, 'SIGKILL')
    await holder
    const next = await run([...starter, script, path, '0', '0'])
    assert.match(next.stdout, /^open /)
  })
}

locks.run()
