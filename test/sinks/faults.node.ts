import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fromJson } from '../../src/formats/json.ts'
import { createLogger, type Entry, type Ledger, type Sink } from '../../src/index.ts'
import type { FileOptions } from '../../src/sinks/_file.ts'
import { jsonSink } from '../../src/sinks/json.ts'
import { scratch } from '../_run/runtime.ts'
import { script, start } from './_fileChildren.ts'
import { names, parts } from './_files.ts'
import { withRuntime } from './_runtime.ts'

const test = suite('sinks/faults')

interface Story {
  /** Makes so many calls, and drains. */
  calls(count: number): void
  delivered: number[]
  said: string[]
  ledger(): Ledger
}

/** Records numbered calls into a file, and keeps account of what the sink took. */
async function story(path: string, options: FileOptions, act: (story: Story) => void): Promise<Story> {
  const sink = jsonSink(path, options)
  const delivered: number[] = []
  const said: string[] = []
  const write = (entries: readonly Entry[]): void => {
    sink.write(entries)
    delivered.push(...entries.map(({ args }) => args[0] as number))
  }
  return withRuntime({ print: (_stream, line) => void said.push(line) }, async () => {
    const logger = createLogger({ sinks: [{ ...sink, write } as Sink] })
    const call = logger.wrap((index: number) => index, 'call')
    let next = 0
    const told: Story = {
      calls(count) {
        for (const end = next + count; next < end; next++) call(next)
        logger.flushSync()
      },
      delivered,
      said,
      ledger: () => logger.stats()
    }
    act(told)
    const { accepted, delivered: taken, dropped, failed, pending } = logger.stats()
    assert.equal([accepted, taken, dropped, pending], [next, delivered.length, 0, 0])
    assert.is(failed, next - delivered.length)
    await logger.close()
    return told
  })
}

/** Whole records in the order they stand in; what is torn must be a line of its own. */
function whole(text: string): number[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [fromJson(line).args[0] as number]
    } catch {
      return []
    }
  })
}

/** Everything delivered is there, once and in order; of a batch that failed, its beginning may be. */
function assertKept(found: number[], delivered: number[]): void {
  assert.equal(
    found.filter((index) => delivered.includes(index)),
    delivered
  )
  assert.is(new Set(found).size, found.length)
}

function mounted(size: string): string {
  const folder = scratch('disk')
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'pipe' })
  return folder
}

const unmount = (folder: string): void => void execFileSync('umount', ['-l', folder])

function whyNoMount(): string | undefined {
  try {
    unmount(mounted('16k'))
    return undefined
  } catch (error) {
    return String((error as Error).message).trim()
  }
}

const reason = whyNoMount()
if (reason) console.log(`sinks/faults: no disk of its own to fill, so that is skipped: ${reason}`)
const onDisk = reason ? test.skip : test

test('a full device, and then a file: the ledger adds up, and what was delivered is there once', async () => {
  if (!existsSync('/dev/full')) return
  const path = scratch('full.jsonl')
  const real = scratch('real.jsonl')
  symlinkSync('/dev/full', path)
  const { delivered, said } = await story(path, {}, ({ calls, ledger }) => {
    calls(700)
    calls(5)
    assert.is(ledger().failed, 705)
    unlinkSync(path)
    symlinkSync(real, path)
    calls(700)
    unlinkSync(path)
    symlinkSync('/dev/full', path)
    calls(3)
    assert.is(ledger().failed, 708)
  })
  assert.is(said.length, 2)
  assert.match(said[0], `[nfo] [json] cannot write ${path}: ENOSPC`)
  assert.match(said[0], '; check the disk; it is tried again')
  assert.equal(whole(readFileSync(real, 'utf8')), delivered)
  assert.is(delivered.length, 700)
})

onDisk(
  'a disk that fills up and is emptied: writing resumes, nothing twice, no line runs into a torn one',
  async () => {
    const folder = mounted('256k')
    try {
      writeFileSync(`${folder}/filler`, new Uint8Array(100_000))
      const path = `${folder}/app.jsonl`
      const { delivered, said } = await story(path, {}, ({ calls, ledger }) => {
        for (let round = 0; round < 30; round++) calls(100)
        assert.ok(ledger().failed > 0 && ledger().delivered > 0)
        const failed = ledger().failed
        unlinkSync(`${folder}/filler`)
        for (let round = 0; round < 3; round++) calls(30)
        assert.is(ledger().failed, failed)
      })
      assert.is(said.length, 1)
      assert.match(said[0], 'ENOSPC')
      assertKept(whole(readFileSync(path, 'utf8')), delivered)
    } finally {
      unmount(folder)
    }
  }
)

onDisk('rotation keeps a small disk from filling up', async () => {
  const folder = mounted('256k')
  try {
    const path = `${folder}/logs/app.jsonl`
    const { delivered, said } = await story(path, { maxBytes: 40_000, keep: 4 }, ({ calls, ledger }) => {
      for (let round = 0; round < 60; round++) calls(100)
      assert.is(ledger().failed, 0)
    })
    assert.equal(said, [])
    const kept = whole((await parts(path)).join(''))
    assert.equal(kept, delivered.slice(-kept.length))
    assert.is((await names(path)).length, 5)
  } finally {
    unmount(folder)
  }
})

onDisk('a disk too full to begin a file: nothing half is left, and writing resumes', async () => {
  const folder = mounted('64k')
  try {
    const path = `${folder}/app.jsonl`
    const fill = (): void => {
      try {
        writeFileSync(`${folder}/filler`, new Uint8Array(200_000))
      } catch {}
    }
    const { delivered } = await story(path, { maxBytes: 20_000, keep: 1 }, ({ calls, ledger }) => {
      fill()
      calls(10)
      assert.is(ledger().failed, 10)
      unlinkSync(`${folder}/filler`)
      calls(100)
      assert.is(ledger().failed, 10)
      fill()
      for (let round = 0; round < 20; round++) calls(30)
      unlinkSync(`${folder}/filler`)
      calls(50)
    })
    const found = whole((await parts(path)).join(''))
    assert.equal(found.slice(-50), delivered.slice(-50))
    assert.ok((await parts(path)).every((text) => text.length <= 20_000))
  } finally {
    unmount(folder)
  }
})

onDisk('a disk that turns read-only and back', async () => {
  const folder = mounted('1m')
  const remount = (how: string): void => void execFileSync('mount', ['-o', `remount,${how}`, folder])
  try {
    const path = `${folder}/app.jsonl`
    const { delivered, said } = await story(path, { maxBytes: 20_000, keep: 99 }, ({ calls, ledger }) => {
      remount('ro')
      calls(50)
      calls(50)
      assert.is(ledger().failed, 100)
      remount('rw')
      calls(500)
      assert.is(ledger().failed, 100)
    })
    assert.is(said.length, 1)
    assert.match(said[0], `[nfo] [json] cannot open ${path}: EROFS`)
    assert.match(said[0], '; check the path and its permissions')
    assert.equal(whole((await parts(path)).join('')), delivered)
  } finally {
    unmount(folder)
  }
})

test('a folder where no file can be made, until it can', async () => {
  const place = scratch('no-folder')
  writeFileSync(place, '')
  const path = `${place}/app.jsonl`
  const { delivered, said } = await story(path, {}, ({ calls, ledger }) => {
    calls(10)
    assert.is(ledger().failed, 10)
    rmSync(place)
    calls(10)
    rmSync(place, { recursive: true })
    calls(10)
  })
  assert.is(said.length, 1)
  assert.match(said[0], /cannot open .+ENOTDIR.+; check the path and its permissions/)
  assert.equal(delivered.slice(-10), whole(readFileSync(path, 'utf8')))
  assert.is(delivered.length, 20)
})

const WRITER = `
const { path, options } = request
const logger = createLogger({ sinks: [jsonSink(path, options)] })
const call = logger.wrap((index) => index, 'call')
for (let index = 0; index < 300; index++) call(index)
say((await logger.flush()).delivered)
`

for (const [name, flags, options, expected] of [
  ['nothing', [], {}, /cannot open .+; run Deno with --allow-write=\S+app\.jsonl;/],
  ['writing to the file only', ['--allow-write=PATH'], {}, undefined],
  [
    'that, and rotation',
    ['--allow-write=PATH'],
    { maxBytes: 20_000 },
    /cannot rotate .+; run Deno with --allow-read=\S+\/$/m
  ],
  ['its folder, and rotation', ['--allow-write=DIR', '--allow-read=DIR'], { maxBytes: 20_000 }, undefined]
] as const) {
  test(`Deno, allowed ${name}: ${expected ? 'the flag is named' : 'works'}, and the app runs on`, async () => {
    const folder = `${scratch('allowed')}/`
    mkdirSync(folder)
    const path = `${folder}app.jsonl`
    const granted = flags.map((flag) => flag.replace('PATH', path).replace('DIR', folder))
    const facts: unknown[] = []
    const request = { path, options }
    const child = start('denoWithNothing', await script(WRITER), request, (fact) => facts.push(fact), granted)
    const { code, stderr } = await child.ended
    assert.is(code, 0)
    if (expected) assert.match(stderr, expected)
    else assert.is(stderr, '')
    assert.is(stderr.split('\n').length - 1, expected ? 1 : 0)
    const all = whole((await parts(path)).join(''))
    assert.is(facts[0], name === 'nothing' ? 0 : 300)
    assert.is(all.length, facts[0])
  })
}

test.run()
