import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createLogger } from '../../src/core/logger.ts'
import type { RecordOptions } from '../../src/core/options.ts'
import { readRecord } from '../../src/record/read.ts'
import { VERSION } from '../../src/record/version.ts'
import { memorySink } from '../../src/sinks/memory.ts'
import { has, runtimeName, skipUnless, slow } from '../_run/runtime.ts'
import { createBench, createRandom } from './_memory.ts'

const test = suite('recording to a file')
const shared = skipUnless(test, has.sharedMemory, 'no shared memory')
const withText = skipUnless(test, runtimeName !== 'browser', 'TextEncoder does not write to shared memory')
const small: RecordOptions = { path: '/app.nfo', size: 65_536 }
const NOTHING = { blocks: 0, records: 0, names: 0, open: 0 }

shared('the file has its full size from the start and never grows', () => {
  const bench = createBench()
  const logger = bench.start(small)
  assert.is(bench.read().length, 65_536)
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  for (let i = 0; i < (slow ? 5000 : 50_000); i++) add(i, 7)
  bench.tick()
  assert.is(bench.read().length, 65_536)
})

shared('what is in the file and what was overwritten there add up', () => {
  const bench = createBench()
  const sink = memorySink({ entries: 10 })
  const logger = bench.start(small, { sinks: [sink] })
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  const calls = slow ? 5000 : 50_000
  for (let i = 0; i < calls; i++) add(i, 7)
  const { accepted, delivered, dropped, failed, pending } = logger.stats()
  assert.is(accepted, calls)
  assert.is(delivered + dropped + failed + pending, calls)
  bench.exit('exit')
  const { entries, overwritten, lost, end } = readRecord(bench.read())
  assert.equal(lost, NOTHING)
  assert.is(entries.length + overwritten, calls)
  assert.ok(overwritten > 0 && entries.length > 300)
  const first = calls - entries.length
  assert.equal(
    entries.map(({ args }) => args[0]),
    entries.map((_entry, index) => first + index)
  )
  assert.is(end?.entries, calls)
})

shared('each: a call is in the file when it returns', () => {
  const bench = createBench()
  const logger = bench.start({ ...small, durability: 'each' })
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  for (let i = 1; i <= 50; i++) {
    add(i, 7)
    assert.is(readRecord(bench.read()).entries.length, i)
  }
})

withText('blocks and records of any size leave no gap, lap after lap', () => {
  const random = createRandom(5)
  const bench = createBench()
  const logger = bench.start(small, { ring: 32_768 })
  const note = logger.wrap((index: number, text: string) => text.length + index, 'note')
  const calls = slow ? 1500 : 15_000
  for (let i = 0; i < calls; i++) {
    note(i, 'x'.repeat(random(random(8) ? 40 : 1000)))
    if (random(6) === 0) bench.tick()
    if (i % 500 !== 499) continue
    bench.exit('error')
    const { entries, overwritten, lost } = readRecord(bench.read())
    assert.equal(lost, NOTHING)
    assert.is(entries.length + overwritten, i + 1)
    assert.ok(
      entries.every(({ args, returnValue }, index) => {
        const [at, text] = args as [number, string]
        return at === overwritten + index && returnValue === text.length + at
      })
    )
  }
})

shared('a call that began since the open calls were written is open', () => {
  const bench = createBench()
  const logger = bench.start({ ...small, durability: 'each' })
  const inner = logger.wrap((left: number) => left + 1, 'inner')
  const outer = logger.wrap((job: string) => {
    inner(job.length)
    return readRecord(bench.read())
  }, 'outer')
  const { open, entries } = outer('late')
  assert.equal(
    open.map(({ functionName, args }) => [functionName, args]),
    [['outer', ['late']]]
  )
  assert.is(entries.length, 1)
})

shared('a call that ended since the open calls were written is not open', () => {
  const bench = createBench()
  const logger = bench.start({ ...small, durability: 'each' })
  logger.wrap(() => bench.exit('error'), 'work')()
  const { open, entries } = readRecord(bench.read())
  assert.equal([open, entries.length], [[], 1])
})

shared('without threads it is written now and then, and before it is overwritten', () => {
  const bench = createBench()
  const logger = bench.start(small)
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  add(1, 2)
  assert.is(readRecord(bench.read()).entries.length, 0)
  bench.tick()
  assert.is(readRecord(bench.read()).entries.length, 1)
  for (let i = 0; i < 3000; i++) add(i, 7)
  const { entries, overwritten, lost } = readRecord(bench.read())
  assert.equal(lost, NOTHING)
  assert.ok(entries.length + overwritten > 1000)
})

shared('what was recorded before comes too', () => {
  const bench = createBench()
  const plain = createLogger({}, bench.runtime)
  const add = plain.wrap((left: number, right: number) => left + right, 'add')
  const outer = plain.wrap((job: string) => {
    add(job.length, 2)
    bench.start(small, {}, plain.recorder)
    return readRecord(bench.read())
  }, 'outer')
  const { entries, open } = outer('early')
  assert.equal(
    entries.map(({ args }) => args),
    [[5, 2]]
  )
  assert.ok(open.length <= 1)
})

shared('names are known, early and late', () => {
  const bench = createBench()
  const logger = bench.start(small)
  for (let i = 0; i < 150; i++)
    logger.wrap((row: object) => row, { name: `step${i}`, module: 'm' })({ [`field${i}`]: i })
  bench.exit('exit')
  const { entries, lost } = readRecord(bench.read())
  assert.equal(lost, NOTHING)
  assert.is(entries.length, 150)
  assert.equal(
    entries.map(({ functionName, module, args }) => [functionName, module, args]),
    entries.map((_entry, i) => [`step${i}`, 'm', [{ [`field${i}`]: i }]])
  )
})

shared('names beyond their share of the file are counted', () => {
  const bench = createBench()
  const logger = bench.start({ ...small, size: 65_536 })
  const calls = 900
  for (let i = 0; i < calls; i++) logger.wrap(() => i, { name: `a function with a long name ${i}` })()
  bench.exit('exit')
  const { entries, lost, overwritten } = readRecord(bench.read())
  assert.is(entries.length + overwritten, calls)
  assert.ok(lost.names > 100 && lost.names < 800)
  assert.is(lost.records, 0)
  assert.match(entries.at(-1)?.functionName ?? '', /^site#9/)
})

shared('as many open calls as fit are named, the newest first', () => {
  const bench = createBench()
  const logger = bench.start(small)
  let found = readRecord(bench.read())
  const dive = logger.wrap((depth: number): number => {
    if (depth < 200) return dive(depth + 1)
    bench.exit('error')
    found = readRecord(bench.read())
    return depth
  }, 'dive')
  dive(1)
  assert.equal(found.open.at(-1)?.args, [200])
  assert.is(found.open.length + found.lost.open, 200)
  assert.ok(found.lost.open > 0 && found.open.length > 50)
  assert.is(readRecord(bench.read()).lost.records, 0)
})

shared('a call that waits is open until it is settled', async () => {
  const bench = createBench()
  const logger = bench.start(small)
  let release = (_value: number) => {}
  const started = (resolve: (value: number) => void) => {
    release = resolve
  }
  const wait = logger.wrap((_what: string) => new Promise<number>(started), 'wait')
  const waiting = wait('for it')
  bench.exit('error')
  const before = readRecord(bench.read())
  assert.equal(
    before.open.map(({ functionName, args }) => [functionName, args]),
    [['wait', ['for it']]]
  )
  release(5)
  await waiting
  bench.exit('exit')
  const after = readRecord(bench.read())
  assert.equal([after.open, after.entries[0].returnValue], [[], 5])
})

shared('an open call survives the records around it', () => {
  const bench = createBench()
  const logger = bench.start(small)
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  let found = readRecord(bench.read())
  const main = logger.wrap((config: object) => {
    for (let i = 0; i < 20_000; i++) add(i, 1)
    bench.exit('error')
    found = readRecord(bench.read())
    return config
  }, 'main')
  main({ port: 8080 })
  assert.equal(
    found.open.map(({ functionName, args }) => [functionName, args]),
    [['main', [{ port: 8080 }]]]
  )
  bench.exit('exit')
  assert.equal(readRecord(bench.read()).open, [])
})

withText('secrets by name are not in the bytes', () => {
  const bench = createBench()
  const logger = bench.start(small)
  const canary = 'canary-7f3a'
  logger.wrap((_user: string, password: string) => password.length, 'login')('ann', canary)
  logger.wrap((row: object) => Object.keys(row).length, 'save')({ deep: [{ apiKey: canary }] })
  logger.info(`sent password=${canary} to it`, { authorization: canary })
  try {
    logger.wrap(() => {
      throw new Error(`no luck with ?token=${canary}`)
    }, 'fails')()
  } catch {}
  bench.exit('exit')
  const bytes = bench.read()
  const { entries } = readRecord(bytes)
  assert.equal(
    entries.map(({ functionName, args }) => functionName || args[0]),
    ['login', 'save', 'sent password=[REDACTED] to it', 'fails']
  )
  assert.not.ok(new TextDecoder('latin1').decode(bytes).includes(canary))
})

shared('what the earlier run left is kept beside it', () => {
  const bench = createBench()
  const first = bench.start(small)
  first.info('first')
  bench.exit('signal')
  bench.start(small).info('second')
  bench.exit('exit')
  const before = readRecord(bench.read('/app.nfo.1'))
  assert.equal([before.entries[0].args, before.entries.length], [['first'], 1])
  assert.equal(readRecord(bench.read()).entries[0].args, ['second'])
})

shared('a ring is followed by one file', () => {
  const bench = createBench()
  const first = bench.start({ ...small, path: '/a.nfo' })
  first.info('one')
  const second = bench.start({ ...small, path: '/b.nfo' }, {}, first.recorder)
  second.info('two')
  bench.exit('exit')
  assert.equal(readRecord(bench.read('/a.nfo')).end?.reason, 'closed')
  assert.equal(readRecord(bench.read('/a.nfo')).entries.length, 1)
  assert.equal(
    readRecord(bench.read('/b.nfo')).entries.map(({ args }) => args[0]),
    ['one', 'two']
  )
  assert.is(bench.listeners, 1)
})

shared('after close() the ring goes on and the file does not', async () => {
  const bench = createBench()
  const logger = bench.start(small)
  logger.info('before')
  await logger.close()
  logger.info('after')
  const { entries, end } = readRecord(bench.read())
  assert.equal([entries.length, end?.reason], [1, 'closed'])
  assert.equal(logger.dump().length, 2)
  assert.is(bench.listeners, 0)
})

shared('says how it ended, unless the process went on', () => {
  const bench = createBench()
  const logger = bench.start(small)
  logger.info('one')
  bench.exit('error')
  bench.exit('exit')
  assert.is(readRecord(bench.read()).end?.reason, 'error')
  logger.info('two')
  bench.tick()
  assert.is(readRecord(bench.read()).closed, false)
  bench.exit('exit')
  assert.is(readRecord(bench.read()).end?.reason, 'exit')
})

shared('without exit hooks nobody listens for the end', () => {
  const bench = createBench()
  bench.start(small, { exitHooks: false })
  assert.is(bench.listeners, 0)
})

shared('a disk that fails is reported once, and what it did not take is counted', () => {
  const bench = createBench()
  const logger = bench.start(small)
  const add = logger.wrap((left: number, right: number) => left + right, 'add')
  for (let i = 0; i < 500; i++) add(i, 7)
  bench.tick()
  bench.disk.fault = new Error('EIO: no luck')
  for (let i = 0; i < 20_000; i++) assert.is(add(i, 7), i + 7)
  assert.is(bench.printed.length, 1)
  assert.match(bench.printed[0], /^\[nfo\] \[record\] \/app\.nfo: EIO: no luck; .*lost.*check the disk$/)
  bench.disk.fault = undefined
  for (let i = 0; i < 500; i++) add(i, 7)
  bench.exit('exit')
  const { entries, lost, overwritten } = readRecord(bench.read())
  assert.is(entries.length + lost.records + overwritten, 21_000)
  assert.ok(lost.records > 10_000 && lost.blocks > 0)
})

shared('the ledger is in the file', () => {
  const bench = createBench()
  const logger = bench.start(small, { sinks: [memorySink()] })
  logger.info('one')
  logger.flushSync()
  logger.info('two')
  bench.exit('error')
  const { accepted, delivered } = readRecord(bench.read()).ledger!
  assert.equal([accepted, delivered], [2, 1])
})

test('the version is that of the package', () => {
  assert.match(VERSION, /^\d+\.\d+\.\d+/)
})

function refused(what: string, record: unknown, message: RegExp): void {
  shared(`refuses ${what}`, () => {
    const bench = createBench()
    assert.throws(() => bench.start(record as string), message)
    assert.is(bench.disk.files.size, 0)
  })
}

refused('no path', '', /\[nfo\] \[record\] there is no path; use record: 'app\.nfo'/)
refused('null', null, /\[nfo\] \[record\] there is no path/)
refused(
  'an unknown option',
  { path: '/a.nfo', sise: 1 },
  /\[nfo\] \[record\] unknown option 'sise'; did you mean 'size'\?/
)
refused('a small size', { path: '/a.nfo', size: 1000 }, /\[record\] size is 1000; use .* from 65536/)
refused('a size that is none', { path: '/a.nfo', size: Number.NaN }, /\[record\] size is NaN/)
refused('an interval of 0', { path: '/a.nfo', interval: 0 }, /\[record\] interval is 0; use .* from 1 up/)
refused(
  'an unknown durability',
  { path: '/a.nfo', durability: 'eech' },
  /unknown durability 'eech'; did you mean 'each'\?/
)
refused(
  'a path that cannot be opened',
  '/none/a.nfo',
  /\[nfo\] \[record\] cannot open \/none\/a\.nfo: EACCES.*; check the path/
)

test('refuses a runtime without files', () => {
  const { runtime } = createBench()
  const host = { ...runtime, openRecord: undefined }
  assert.throws(
    () => createLogger({ record: 'a.nfo' }, host),
    /\[nfo\] \[record\] this runtime has no files; leave record/
  )
})

shared('does not replace a file that is no record', () => {
  const bench = createBench()
  const { fs } = bench.disk
  fs.writeSync(fs.openSync('/app.nfo', 'w'), new TextEncoder().encode('dear diary'))
  assert.throws(() => bench.start(small), /\[record\] \/app\.nfo is no record file .*; move it or choose another path/)
  assert.is(new TextDecoder().decode(bench.read()), 'dear diary')
})

shared('a file that cannot be made leaves the earlier recording as it is', () => {
  const bench = createBench()
  const logger = bench.start(small)
  assert.throws(() => bench.start('/none/b.nfo', {}, logger.recorder), /cannot open/)
  logger.info('still here')
  bench.exit('exit')
  assert.is(readRecord(bench.read()).entries.length, 1)
})

test.run()
