import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { fromJson, toJson } from '../../src/formats/json.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import type { FileSystem } from '../../src/runtimes/types.ts'
import { jsonSink } from '../../src/sinks/json.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { sinkContract } from './_contract.ts'
import { contents, put } from './_files.ts'
import { printed, withRuntime } from './_runtime.ts'

const parse = (text: string): Entry[] => text.split('\n').filter(Boolean).map(fromJson)

sinkContract('json to a writer', async () => {
  let text = ''
  return { sink: jsonSink((more) => (text += more)), read: async () => parse(text) }
})

sinkContract(
  'json to a file',
  async () => {
    const path = scratch('contract.jsonl')
    return { sink: jsonSink(path), read: async () => parse(await contents(path)) }
  },
  (contract) => skipUnless(contract, has.files, 'no file system')
)

const test = suite('sinks/json')
const onDisk = skipUnless(test, has.files, 'no file system')
const call = (sequence: number): Entry => entry({ sequence })
const line = (sequence: number): string => `${toJson(call(sequence))}\n`

test('gives a writer whole lines, one text a batch, and waits for its promise', async () => {
  const texts: string[] = []
  const object = {
    texts,
    write(text: string) {
      return this.texts.push(text)
    }
  }
  assert.is(jsonSink(object).write([call(1), call(2)]), undefined)
  assert.equal(texts, [line(1) + line(2)])
  let taken = false
  const slow = jsonSink(async () => {
    await null
    taken = true
  })
  await slow.write([call(1)])
  assert.ok(taken)
  const failing = jsonSink(() => Promise.reject(new Error('full')))
  assert.is(await (failing.write([call(1)]) as Promise<void>).catch((error) => error.message), 'full')
})

test('prints to standard output for -', async () => {
  assert.equal(await printed({}, () => jsonSink('-').write([call(1), call(2)])), [
    `stdout: ${line(1)}${line(2).trim()}`
  ])
})

test('says so where there are no files', async () => {
  await withRuntime({ fs: undefined }, () => {
    const sink = jsonSink('app.jsonl')
    const expected = `[nfo] [json] cannot open app.jsonl: this runtime has no files; pass a writer, or '-' to print`
    assert.throws(
      () => sink.write([call(1)]),
      (error: Error) => error.message === expected
    )
    sink.flush?.()
    sink.flushSync?.()
    sink.close?.()
  })
})

onDisk('opens the file, and makes its folder, only when there is something to write', async () => {
  const { existsSync } = await import('node:fs')
  const folder = scratch('folder')
  const sink = jsonSink(`${folder}/deep/app.jsonl`)
  sink.write([])
  sink.flush?.()
  assert.not(existsSync(folder))
  sink.write([call(1)])
  assert.is(await contents(`${folder}/deep/app.jsonl`), line(1))
  sink.close?.()
})

onDisk('appends to what is there, on a new line when the last one is torn', async () => {
  for (const [before, between] of [
    ['', ''],
    ['{"a":1}\n', ''],
    ['{"a":1}\n{"b', '\n'],
    ['x', '\n']
  ] as const) {
    const path = scratch('torn.jsonl')
    await put(path, before)
    const sink = jsonSink(path)
    sink.write([call(1)])
    sink.write([call(2)])
    sink.close?.()
    assert.is(await contents(path), before + between + line(1) + line(2))
  }
})

onDisk('names the path, the reason and the fix when it cannot open', async () => {
  const { mkdirSync } = await import('node:fs')
  const folder = scratch('a-folder')
  mkdirSync(folder)
  assert.throws(
    () => jsonSink(folder).write([call(1)]),
    ({ message }: Error) =>
      message.startsWith(`[nfo] [json] cannot open ${folder}: `) && message.endsWith('; name a file, not a folder')
  )
  const blocked = scratch('a-file')
  await put(blocked, '')
  const sink = jsonSink(`${blocked}/app.jsonl`)
  for (let attempt = 0; attempt < 2; attempt++) {
    assert.throws(
      () => sink.write([call(1)]),
      /^\[nfo\] \[json\] cannot open .+app\.jsonl: .+; check the path and its permissions$/
    )
  }
  const { unlinkSync } = await import('node:fs')
  unlinkSync(blocked)
  sink.write([call(2)])
  assert.is(await contents(`${blocked}/app.jsonl`), line(2))
  sink.close?.()
})

onDisk('refuses to write after close', async () => {
  const path = scratch('closed.jsonl')
  const sink = jsonSink(path)
  sink.write([call(1)])
  sink.close?.()
  assert.throws(() => sink.write([call(2)]), /^\[nfo\] \[json\] cannot write .+: it is closed; write before close\(\)$/)
  assert.is(await contents(path), line(1))
})

/** The runtime's files, but a write takes at most `chunk` bytes, and the disk is full after `room` bytes. */
function brittle(chunk: number, room: () => number): FileSystem & { log: string[] } {
  const fs = runtime.fs as FileSystem
  const log: string[] = []
  let used = 0
  return {
    ...fs,
    log,
    openSync: (path, flags) => {
      log.push(`open ${flags}`)
      return fs.openSync(path, flags)
    },
    closeSync: (fd) => fs.closeSync(fd),
    readSync: (...args) => fs.readSync(...args),
    fstatSync: (fd) => fs.fstatSync(fd),
    mkdirSync: (path, options) => fs.mkdirSync(path, options),
    fsyncSync: (fd) => {
      log.push('fsync')
      fs.fsyncSync(fd)
    },
    writeSync: (fd, bytes, offset = 0, length = bytes.length) => {
      const count = Math.min(length, chunk, room() - used)
      if (count <= 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      used += count
      log.push(`write ${count}`)
      return fs.writeSync(fd, bytes, offset, count)
    }
  }
}

onDisk('writes a batch at once, and the rest of a short write', async () => {
  const whole = brittle(Number.POSITIVE_INFINITY, () => Number.POSITIVE_INFINITY)
  await withRuntime({ fs: whole }, () => jsonSink(scratch('whole.jsonl')).write([call(1), call(2)]))
  assert.equal(whole.log, ['open a', `write ${line(1).length * 2}`])
  const path = scratch('short.jsonl')
  await withRuntime({ fs: brittle(7, () => Number.POSITIVE_INFINITY) }, () => jsonSink(path).write([call(1), call(2)]))
  assert.is(await contents(path), line(1) + line(2))
})

onDisk('isolates a line that a full disk tore, at every byte, and writes nothing twice', async () => {
  const length = line(1).length
  for (let room = 0; room <= length * 3; room += 7) {
    const path = scratch('full.jsonl')
    let limit = room
    await withRuntime({ fs: brittle(50, () => limit) }, () => {
      const sink = jsonSink(path)
      const fails = (): void => void sink.write([call(1), call(2), call(3)])
      if (room < length * 3)
        assert.throws(fails, /^\[nfo\] \[json\] cannot write .+ENOSPC.+; check the disk; it is tried again$/)
      else fails()
      limit = Number.POSITIVE_INFINITY
      sink.write([call(4)])
      sink.close?.()
    })
    const kept = [line(1), line(2), line(3)].slice(0, Math.floor(room / length)).join('')
    const torn = room % length === 0 ? '' : `${[line(1), line(2), line(3)].join('').slice(kept.length, room)}\n`
    assert.is(await contents(path), kept + torn + line(4))
  }
})

onDisk('waits for the disk in flush, and in flushSync when told to', async () => {
  const fs = brittle(Number.POSITIVE_INFINITY, () => Number.POSITIVE_INFINITY)
  await withRuntime({ fs }, () => {
    const plain = jsonSink(scratch('plain.jsonl'))
    plain.write([call(1)])
    plain.flushSync?.()
    assert.is(fs.log.filter((what) => what === 'fsync').length, 0)
    plain.flush?.()
    assert.is(fs.log.filter((what) => what === 'fsync').length, 1)
    const durable = jsonSink(scratch('durable.jsonl'), { fsync: true })
    durable.write([call(1)])
    durable.flushSync?.()
    assert.is(fs.log.filter((what) => what === 'fsync').length, 2)
  })
})

test.run()
