import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Recovered, readRecord } from '../../src/record/read.ts'
import { scratch, skipUnless } from '../_run/runtime.ts'
import { bundle, starters } from '../runtimes/_children.ts'

const CALLS = 10_000
const NOTHING = { blocks: 0, records: 0, names: 0, open: 0 }

interface Seen {
  found: Recovered
  code: number | null
  signal: string | null
  stderr: string
  /** What a counting child had said before its last call, and after it. */
  counts: Float64Array
}

interface Options {
  record?: Record<string, unknown>
  flags?: string[]
  /** Kill it so many milliseconds after it is ready. */
  killAfter?: number
}

let script: string | undefined

/** Runs a child that makes 10,000 calls and ends in some way, and reads what it left. */
async function runTo(
  runtime: string,
  mode: string,
  { record = {}, flags = [], killAfter }: Options = {}
): Promise<Seen> {
  script ??= await bundle(`import '../record/_endings.ts'`)
  const [path, counts] = [scratch('app.nfo'), scratch('counts')]
  const [program, ...args] = starters[runtime]
  const subcommand = runtime === 'node' ? [] : args.splice(0, 1)
  const command = [...subcommand, ...flags, ...args, script, mode, path, JSON.stringify({ ...record, counts })]
  const child = spawn(program, command, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const kill = () => child.kill('SIGKILL')
  const timer = setTimeout(kill, 20_000)
  child.stdout.once('data', () => killAfter !== undefined && setTimeout(kill, killAfter))
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...how) => resolve(how))
  )
  clearTimeout(timer)
  const counted = existsSync(counts) ? new Uint8Array(readFileSync(counts)).buffer.slice(0, 16) : new ArrayBuffer(16)
  return { found: readRecord(readFileSync(path)), code, signal, stderr, counts: new Float64Array(counted) }
}

/** All calls are there, in order, and the two that had not returned are named with their arguments. */
function assertWhole({ found, stderr }: Seen): void {
  const { entries, open, lost, overwritten } = found
  const added = entries.filter(({ functionName }) => functionName === 'add')
  assert.is(added.length + overwritten, CALLS)
  assert.is(overwritten, 0)
  assert.ok(added.every(({ args }, index) => args[0] === index))
  assert.equal(lost, NOTHING)
  const names = open.map(({ functionName, args }) => [functionName, JSON.stringify(args)])
  assert.equal(names, [
    ['main', '["nightly"]'],
    ['finish', '[{"job":7,"password":{"kind":"redacted","text":""}}]']
  ])
  assert.not.match(stderr, /\[nfo\]/)
}

for (const name of ['node', 'deno', 'bun']) {
  const test = suite(`recording on ${name}`)
  const installed = skipUnless(test, starters[name][0] !== '', `no ${name}; npm install`)
  const limited = skipUnless(test, starters[name][0] !== '' && name !== 'bun', 'no heap limit to set')

  installed('SIGKILL when idle loses nothing', async () => {
    const seen = await runTo(name, 'idle', { killAfter: 100 })
    assert.is(seen.signal, 'SIGKILL')
    assert.is(seen.found.closed, false)
    const { entries, open, lost } = seen.found
    assert.is(entries.length, CALLS + 2)
    assert.equal([open, lost], [[], NOTHING])
  })

  installed('an endless loop and SIGKILL lose nothing, and the loop is named', async () => {
    const seen = await runTo(name, 'loop', { killAfter: 1500 })
    assert.is(seen.signal, 'SIGKILL')
    assertWhole(seen)
    assert.ok(seen.found.open[1].durationMs! > 900)
  })

  installed('an endless loop right at the start too', async () => {
    const seen = await runTo(name, 'cold-loop', { killAfter: 700 })
    assert.is(seen.signal, 'SIGKILL')
    assertWhole(seen)
  })

  const early = skipUnless(test, starters[name][0] !== '' && name !== 'deno', 'threads are up at once')
  early('SIGKILL before the thread is up loses nothing', async () => {
    let counts: number[] = []
    // A machine that stops the process for a moment lets the thread be up by then.
    while (!counts.includes(200) && counts.length < 4) {
      const { found } = await runTo(name, 'cold-kill', { record: { calls: 200 } })
      counts = [...counts, found.entries.filter(({ functionName }) => functionName === 'add').length]
    }
    assert.ok(counts.includes(200), String(counts))
  })

  for (const mode of ['abort', 'cold-abort']) {
    installed(`${mode} loses nothing`, async () => {
      const seen = await runTo(name, mode)
      assert.ok(seen.signal !== null || seen.code !== 0)
      assertWhole(seen)
    })
  }

  for (const durability of ['interval', 'each']) {
    limited(`running out of memory loses nothing (${durability})`, async () => {
      const flag = '--max-old-space-size=64'
      const flags = name === 'node' ? [flag] : [`--v8-flags=${flag}`]
      const seen = await runTo(name, 'memory', { flags, record: { durability } })
      assert.ok(seen.signal !== null || seen.code !== 0)
      assert.is(seen.found.closed, false)
      assertWhole({ ...seen, stderr: '' })
    })
  }

  for (const mode of ['kill', 'cold-kill', 'cold-abort', 'cold-loop']) {
    installed(`each: ${mode} right after the calls loses nothing`, async () => {
      const seen = await runTo(name, mode, { record: { durability: 'each' }, killAfter: 700 })
      assert.ok(seen.signal !== null || seen.code !== 0)
      const { entries, lost } = seen.found
      assert.is(entries.filter(({ functionName }) => functionName === 'add').length, CALLS)
      assert.equal(lost, NOTHING)
      // A call that has just begun is written by the thread, some milliseconds later.
      if (!mode.endsWith('kill')) assertWhole(seen)
    })
  }

  installed('each: SIGKILL at any moment loses no call that had returned', async () => {
    for (const killAfter of [10, 40, 77]) {
      const { found, counts } = await runTo(name, 'cold-count', {
        killAfter,
        record: { durability: 'each', calls: 0, size: 16_777_216 }
      })
      const added = found.entries.filter(({ functionName }) => functionName === 'add').length + found.overwritten
      const [before, after] = counts
      assert.ok(added >= after + 1 && added <= before + 1, `${after} < ${added} <= ${before}`)
      assert.equal(found.lost, NOTHING)
    }
  })

  for (const [mode, reason, code] of [
    ['natural', 'exit', 0],
    ['cold-natural', 'exit', 0],
    ['exit', 'exit', 3],
    ['cold-exit', 'exit', 3],
    ['throw', 'error', 1],
    ['signal', 'signal', null]
  ] as const) {
    installed(`${mode} is written down as ${reason}`, async () => {
      const seen = await runTo(name, mode)
      assert.is(seen.code, code)
      assert.is(seen.found.end?.reason, reason)
      assert.is(seen.found.entries.filter(({ functionName }) => functionName === 'add').length, CALLS)
      assert.equal(seen.found.lost, NOTHING)
      assert.not.match(seen.stderr, /\[nfo\]/)
    })
  }

  test.run()
}
