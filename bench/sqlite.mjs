import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeWithSqlite } from '../test/_run/binaries.mjs'
import { table, targetTable } from './_report.mjs'
import { environment, here, root, runtimes } from './_runtimes.mjs'
import { entryFor } from './_setup.mjs'
import { median, show, showSpread, spread } from './_stats.mjs'
import { promise } from './_targets.mjs'

export const title = 'Calls to SQLite'
export const page = 'sinks.md'

const runFile = promisify(execFile)

const promises = [
  promise('calls of one function, over a bare insert', 'atLeast', 0.8, '×', ({ one }) => one.overBare),
  promise('calls of three functions in turn, over a bare insert', 'atLeast', 0.8, '×', ({ three }) => three.overBare)
]
const pythonPromise = promise('over the Python package', 'atLeast', 200, '×', ({ one }) => {
  if (Number.isNaN(one.overPython)) throw new Error('measured with sql.js only')
  return one.overPython
})

/** Each driver where it is at home; Node's needs Node 22.13, which may be another one than this. */
function contenders() {
  const node = nodeWithSqlite(root).path
  const bun = runtimes.bun.binary
  const all = [
    { name: 'sql.js on Node', driver: 'sql.js', command: [process.execPath], condition: 'node' },
    { name: 'node:sqlite', driver: 'node:sqlite', command: [node], condition: 'node' },
    { name: 'bun:sqlite', driver: 'bun:sqlite', command: [bun, 'run', '--no-install'], condition: 'bun' }
  ]
  return all.filter(({ command }) => command[0])
}

/** Wrapped calls until their rows are committed and in the file, next to inserting the same rows by hand. */
export async function run({ quick, runtime, entry }) {
  const python = pythonWithNfo()
  const results = {}
  const wanted = contenders().filter(({ condition }) => !runtime || runtime.includes(condition))
  for (const contender of wanted) {
    const withPython = contender.driver === 'sql.js' ? python : undefined
    results[contender.name] = {
      one: await measure(contender, { quick, entry, sites: 1, python: withPython }),
      three: await measure(contender, { quick, entry, sites: 3 })
    }
  }
  const goals = python ? [...promises, pythonPromise] : promises
  return [targetTable(goals, results), costTable(results)]
}

async function measure({ driver, command, condition }, { quick, entry, ...request }) {
  const pace = quick ? { calls: 20_000, rounds: 3 } : { calls: 100_000, rounds: 9 }
  const index = entryFor(condition, entry)
  // The sink is part of the build that is measured.
  const entries = {
    entry: index,
    sqlite: entry ? new URL('sqlite.js', index).href : entryFor(condition, entry, './sqlite')
  }
  const argument = JSON.stringify({ driver, ...entries, ...pace, ...request })
  const [binary, ...flags] = command
  const options = { env: environment, timeout: 300_000, killSignal: 'SIGKILL', cwd: here }
  const { stdout } = await runFile(binary, [...flags, join(here, '_sqlite-child.mjs'), argument], options)
  const { samples } = JSON.parse(stdout.trim().split('\n').at(-1))
  const of = (figure) => samples.map(figure)
  return {
    own: spread(of(({ own }) => own)),
    bare: spread(of(({ bare }) => bare)),
    python: spread(of(({ python }) => python ?? Number.NaN)),
    bytes: median(of(({ bytes }) => bytes)),
    // Each round against the one measured right before it: a slow moment of the machine slows both.
    overBare: median(of(({ bare, own }) => bare / own)),
    overPython: median(of(({ python, own }) => python / own))
  }
}

function costTable(results) {
  const row = ([name, { one, three }]) => [
    name,
    showSpread(one.bare),
    showSpread(one.own),
    showSpread(three.own),
    show(1e9 / one.own.median),
    Number.isNaN(one.python.median) ? '–' : showSpread(one.python),
    show(one.bytes)
  ]
  const head = [
    'ns a call (least..most)',
    'bare insert',
    'nfo, one function',
    'three in turn',
    'calls/s',
    'Python package'
  ]
  return table([[...head, 'bytes a row'], ...Object.entries(results).map(row)])
}

/** A Python that has the package, installed at the first run; the reason is printed when there is none. */
function pythonWithNfo() {
  if (process.env.NFO_PYTHON) return process.env.NFO_PYTHON
  const folder = join(root, '.build', 'python-nfo')
  const python = join(folder, 'bin', 'python')
  try {
    if (!existsSync(python)) {
      mkdirSync(join(root, '.build'), { recursive: true })
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' })
      execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'nfo'], { stdio: 'ignore' })
    }
    execFileSync(python, ['-c', 'import nfo'], { stdio: 'ignore' })
    return python
  } catch (error) {
    console.log(`no Python package to compare with: ${error.message.split('\n')[0]}`)
    return undefined
  }
}
