import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { FileSystem } from '../../src/runtimes/types.ts'
import { type FileOptions, openTarget, type Target } from '../../src/sinks/_file.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { atTime, coded, contents, filesWith, names, parts, put } from './_files.ts'
import { printed, withRuntime } from './_runtime.ts'

const test = suite('sinks/rotation')
const onDisk = skipUnless(test, has.files, 'no file system')
const fresh = (name = 'app.log'): string => `${scratch('rotation')}/${name}`
const open = (path: string, options: FileOptions & { head?: string; quoted?: boolean } = {}): Target =>
  openTarget(path, { part: 'log', ...options })
/** Nine letters and a line break: ten bytes. */
const record = (index: number): string => `record ${String.fromCharCode(97 + index)}\n`.padStart(10, '-')
const records = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => record(from + index))

onDisk('rotates before a file would grow beyond its bytes, whatever the batches', async () => {
  for (const sizes of [[20], [1, 19], [7, 7, 6], Array(20).fill(1)]) {
    const path = fresh()
    const target = open(path, { maxBytes: 35 })
    let at = 0
    for (const size of sizes) target.write(records(at, (at += size)))
    target.close()
    const expected = [0, 3, 6, 9, 12, 15, 18].map((from) => records(from, Math.min(from + 3, 20)).join(''))
    assert.equal(await parts(path), expected)
  }
})

onDisk('fills a file to the last byte, and counts bytes, not characters', async () => {
  const path = fresh()
  const target = open(path, { maxBytes: 12 })
  target.write(['日本\n', 'a2345\n', 'b\n'])
  target.write(['c234567890\n', 'd\n'])
  target.close()
  assert.equal(await parts(path), ['日本\n', 'a2345\nb\n', 'c234567890\n', 'd\n'])
})

onDisk('gives a record that is too large a file of its own', async () => {
  const path = fresh()
  const large = `${'x'.repeat(99)}\n`
  const target = open(path, { maxBytes: 25 })
  target.write([large, record(0), large, record(1), record(2)])
  target.write([large])
  target.close()
  assert.equal(await parts(path), [large, record(0), large, record(1) + record(2), large])
})

onDisk('goes on in the file that an earlier run left', async () => {
  const path = fresh()
  await put(path, record(0) + record(1))
  const target = open(path, { maxBytes: 30 })
  target.write(records(2, 5))
  target.close()
  assert.equal(await parts(path), [records(0, 3).join(''), records(3, 5).join('')])
})

onDisk('begins every file with the head, which counts', async () => {
  const path = fresh()
  const target = open(path, { maxBytes: 25, head: 'HEAD\n' })
  target.write(records(0, 3))
  target.write(records(3, 5))
  target.close()
  const again = open(path, { maxBytes: 25, head: 'HEAD\n' })
  again.write(records(5, 6))
  again.close()
  const expected = [
    [0, 2],
    [2, 4],
    [4, 6]
  ].map(([from, to]) => `HEAD\n${records(from, to).join('')}`)
  assert.equal(await parts(path), expected)
  const tight = fresh()
  const narrow = open(tight, { maxBytes: 3, head: 'HEAD\n' })
  narrow.write(records(0, 2))
  narrow.close()
  assert.equal(await parts(tight), [`HEAD\n${record(0)}`, `HEAD\n${record(1)}`])
})

onDisk('gives the head to an empty file too, and to one that was truncated', async () => {
  const { truncateSync } = await import('node:fs')
  const path = fresh()
  await put(path, '')
  const target = open(path, { head: 'HEAD\n' })
  target.write([record(0)])
  truncateSync(path)
  target.write([record(1)])
  target.write([record(2)])
  target.close()
  assert.equal(await parts(path), [`HEAD\n${record(1)}${record(2)}`])
})

onDisk('gives the head where there are no links', async () => {
  const path = fresh()
  const linkSync = (): never => {
    throw coded('EPERM')
  }
  await withRuntime({ fs: filesWith({ linkSync }) }, () => open(path, { head: 'HEAD\n' }).write([record(0)]))
  assert.equal(await parts(path), [`HEAD\n${record(0)}`])
})

onDisk('leaves the head to whoever was first', async () => {
  const path = fresh()
  const { linkSync, writeFileSync } = await import('node:fs')
  const other = (from: string, to: string): void => {
    writeFileSync(to, `HEAD\n${record(0)}`)
    linkSync(from, to)
  }
  await withRuntime({ fs: filesWith({ linkSync: other }) }, () => open(path, { head: 'HEAD\n' }).write([record(1)]))
  assert.equal(await parts(path), [`HEAD\n${record(0)}${record(1)}`])
})

onDisk('gives a writer the head once', async () => {
  let text = ''
  const target = openTarget((more) => (text += more), { part: 'log', head: 'HEAD\n' })
  target.write([])
  assert.is(text, '')
  target.write([record(0)])
  target.write([record(1)])
  assert.is(text, `HEAD\n${record(0)}${record(1)}`)
})

onDisk('closes a cell that was torn inside its quotes', async () => {
  const big = `"${'x'.repeat(70_000)}`
  for (const [before, between] of [
    ['a,"b', '"\n'],
    ['a,"b\n', '"\n'],
    ['a,"b"', '\n'],
    ['a,"b"\n', ''],
    ['a,"b""', '"\n'],
    [big, '"\n'],
    [`${big}"\n`, '']
  ]) {
    const path = fresh()
    await put(path, before)
    const target = open(path, { quoted: true })
    target.write([record(0)])
    target.close()
    assert.equal(await parts(path), [before + between + record(0)])
  }
})

onDisk('takes what another process is just writing for no torn line', async () => {
  const path = fresh()
  await put(path, record(0).slice(0, 5))
  const { appendFileSync, fstatSync: fstat } = await import('node:fs')
  let looks = 0
  const fstatSync = (fd: number): ReturnType<FileSystem['fstatSync']> => {
    if (++looks === 3) appendFileSync(path, record(0).slice(5))
    return fstat(fd)
  }
  await withRuntime({ fs: filesWith({ fstatSync }) }, () => open(path).write([record(1)]))
  assert.equal(await parts(path), [record(0) + record(1)])
})

onDisk('names rotated files by time, the extension at the end', async () => {
  for (const [name, stem, extension] of [
    ['app.jsonl', 'app', '.jsonl'],
    ['app', 'app', ''],
    ['.hidden', '.hidden', ''],
    ['a.tar.bz2', 'a.tar', '.bz2'],
    ['wild (+*)[$].é.log', 'wild (+*)[$].é', '.log']
  ]) {
    const path = fresh(name)
    const target = open(path, { maxBytes: 10, keep: 2 })
    await atTime('2026-11-22T22:35:57.140Z', () => target.write(records(0, 3)))
    await atTime('2026-11-22T22:35:00.000Z', () => target.write(records(3, 4)))
    target.close()
    const rotated = ['141', '142'].map((ms) => `${stem}.2026-11-22T22-35-57-${ms}Z${extension}`)
    assert.equal(await names(path), [...rotated, name].sort())
    assert.equal(await Promise.all(rotated.map((one) => contents(path.replace(name, one)))), [record(1), record(2)])
  }
})

onDisk('keeps so many rotated files, and touches no other', async () => {
  const others = ['app.old.log', 'app.2020-01-01.log', 'app.2020-01-01T00-00-00-000Z.txt', 'app.log.1', 'my.app.log']
  others.push(
    'app.2020-01-01T00-00-00-000Z.log.bak',
    'app.2020-01-01T00-00-00-000Zxlog',
    'app.2020-99-01T00-00-00-000Z.log'
  )
  for (const keep of [0, 1, 3, 10, Number.POSITIVE_INFINITY]) {
    const path = fresh()
    for (const other of others) await put(path.replace('app.log', other), 'other')
    const target = open(path, { maxBytes: 10, keep })
    for (let index = 0; index < 15; index++) target.write([record(index)])
    target.close()
    const found = await names(path)
    assert.is(found.length - others.length, Math.min(keep, 14) + 1, `keep ${keep}`)
    for (const other of others) assert.is(await contents(path.replace('app.log', other)), 'other')
    const kept = found.filter((name) => !others.includes(name) && name !== 'app.log')
    const texts = await Promise.all(kept.map((name) => contents(path.replace('app.log', name))))
    assert.equal(texts, records(Math.max(0, 14 - keep), 14))
  }
})

onDisk('deletes what an earlier run kept or left beyond that, at the first write', async () => {
  const path = fresh()
  const stamped = (day: number): string => path.replace('app.log', `app.2020-01-0${day}T00-00-00-000Z.log`)
  for (const day of [1, 2, 3, 4]) await put(stamped(day), `${day}`)
  for (const end of ['.gz', '.gz.tmp']) await put(`${stamped(1)}${end}`, '')
  const target = open(path, { maxBytes: 1000, keep: 2 })
  target.write([record(0)])
  target.close()
  assert.equal(await parts(path), ['3', '4', record(0)])
})

onDisk('rotates at the turn of the hour or the day, also what an earlier run left', async () => {
  const { utimesSync } = await import('node:fs')
  for (const [every, before, turned] of [
    ['hour', '2026-11-22T22:59:59.999Z', '2026-11-22T23:00:00.000Z'],
    ['day', '2026-11-22T23:59:59.999Z', '2026-11-23T00:00:00.000Z']
  ] as const) {
    const path = fresh()
    const target = open(path, { every })
    await atTime(before, () => target.write([record(0)]))
    await atTime(before, () => target.write([record(1)]))
    await atTime(turned, () => target.write([record(2)]))
    await atTime(turned, () => target.write([record(3)]))
    await atTime(before, () => target.write([record(4)]))
    target.close()
    const first = [record(0) + record(1), records(2, 5).join('')]
    assert.equal(await parts(path), first)

    utimesSync(path, new Date(turned), new Date(turned))
    const same = open(path, { every })
    await atTime(turned, () => same.write([record(5)]))
    same.close()
    assert.equal(await parts(path), [first[0], records(2, 6).join('')])
    utimesSync(path, new Date(before), new Date(before))
    const next = open(path, { every })
    await atTime(turned, () => next.write([record(6)]))
    next.close()
    assert.equal(await parts(path), [first[0], records(2, 6).join(''), record(6)])
  }
})

onDisk('writes on in the same file when it cannot rotate, says so once, and rotates later', async () => {
  const path = fresh()
  const target = open(path, { maxBytes: 20 })
  const { renameSync: rename } = await import('node:fs')
  let failing = true
  const renameSync = (from: string, to: string): void => {
    if (failing) throw coded('EACCES')
    rename(from, to)
  }
  const fs = filesWith({ renameSync })
  const at = (time: number, from: number, to: number): Promise<string[]> =>
    atTime(time, () => printed({ fs }, () => target.write(records(from, to))))
  const said = await at(0, 0, 5)
  assert.equal(said, [
    `stderr: [nfo] [log] cannot rotate ${path}: EACCES: so it was told; check the disk; it is tried again`
  ])
  assert.equal(await at(5000, 5, 7), [])
  assert.equal(await at(20_000, 7, 9), [])
  assert.equal(await parts(path), [records(0, 9).join('')])
  failing = false
  assert.equal(await at(40_000, 9, 12), [])
  assert.equal(await parts(path), [records(0, 9).join(''), records(9, 11).join(''), record(11)])
  failing = true
  assert.is((await at(50_000, 12, 14)).length, 1)
  target.close()
})

onDisk('does not rotate what another process has rotated', async () => {
  const path = fresh()
  const { openSync: opened, renameSync, writeFileSync } = await import('node:fs')
  const target = open(path, { maxBytes: 20 })
  target.write(records(0, 2))
  const claimed: string[] = []
  const openSync = (name: string, flags: string): number => {
    if (flags === 'wx' && claimed.push(name) === 1) {
      renameSync(path, path.replace('app.log', 'app.2020-01-01T00-00-00-000Z.log'))
      writeFileSync(path, record(2))
    }
    return opened(name, flags)
  }
  await withRuntime({ fs: filesWith({ openSync }) }, () => target.write(records(3, 5)))
  target.close()
  assert.equal(await parts(path), [records(0, 2).join(''), records(2, 4).join(''), record(4)])
})

onDisk('moves what another process has made in that moment, and loses nothing', async () => {
  const path = fresh()
  const { renameSync, writeFileSync } = await import('node:fs')
  const target = open(path, { maxBytes: 20 })
  target.write(records(0, 2))
  let raced = false
  const late = (from: string, to: string): void => {
    if (!raced) {
      raced = true
      renameSync(path, path.replace('app.log', 'app.2020-01-01T00-00-00-000Z.log'))
      writeFileSync(path, record(2))
    }
    renameSync(from, to)
  }
  await withRuntime({ fs: filesWith({ renameSync: late }) }, () => target.write([record(3)]))
  target.close()
  assert.equal(await parts(path), [records(0, 2).join(''), record(2), record(3)])
})

onDisk('writes to the new file that another process put in its place', async () => {
  const { renameSync } = await import('node:fs')
  const path = fresh()
  const target = open(path)
  target.write([record(0)])
  renameSync(path, `${path}.1`)
  await put(path, 'new\n')
  target.write([record(1)])
  target.write([record(2)])
  target.close()
  assert.is(await contents(path), `new\n${record(1)}${record(2)}`)
})

onDisk('begins a new line where it may append and not read', async () => {
  const { openSync: opened } = await import('node:fs')
  const openSync = (name: string, flags: string | number): number => {
    if (flags === 'r') throw coded('EACCES')
    return opened(name, flags)
  }
  const path = fresh()
  await put(path, 'torn')
  await withRuntime({ fs: filesWith({ openSync }) }, () => open(path).write([record(0)]))
  assert.is(await contents(path), `torn\n${record(0)}`)
})

onDisk('begins a new line after a failure in the middle of one, also when all was well before', async () => {
  const { writeSync: written } = await import('node:fs')
  let isFull = false
  const writeSync: FileSystem['writeSync'] = (fd, bytes, offset) => {
    if (isFull && offset) throw coded('ENOSPC')
    return isFull ? written(fd, bytes, 0, 5) : written(fd, bytes, offset)
  }
  const path = fresh()
  const target = open(path)
  await withRuntime({ fs: filesWith({ writeSync }) }, () => {
    target.write([record(0)])
    isFull = true
    assert.throws(() => target.write([record(1)]), /cannot write .+ENOSPC/)
    isFull = false
    target.write([record(2)])
  })
  target.close()
  assert.is(await contents(path), `${record(0)}${record(1).slice(0, 5)}\n${record(2)}`)
})

onDisk('writes on, in one file, where a file has another inode at every look', async () => {
  const { statSync: look } = await import('node:fs')
  let inode = 1000
  const statSync: FileSystem['statSync'] = (path) => ({ ...look(path), ino: inode++ })
  const path = fresh()
  const target = open(path, { maxBytes: 20 })
  await withRuntime({ fs: filesWith({ statSync }) }, () => {
    target.write(records(0, 5))
    target.write(records(5, 6))
  })
  target.close()
  assert.equal(await parts(path), [records(0, 6).join('')])
})

onDisk('reopens a file that was moved or deleted, with its folder', async () => {
  const { renameSync, rmSync } = await import('node:fs')
  const path = fresh()
  const target = open(path, { head: 'HEAD\n' })
  target.write([record(0)])
  renameSync(path, `${path}.1`)
  target.write([record(1)])
  assert.is(await contents(path), `HEAD\n${record(1)}`)
  assert.is(await contents(`${path}.1`), `HEAD\n${record(0)}`)
  rmSync(path.replace(/[^/]*$/, ''), { recursive: true })
  target.write([record(2)])
  target.close()
  assert.equal(await parts(path), [`HEAD\n${record(2)}`])
})

const refuses = (options: object, message: RegExp): void => {
  test(`refuses ${JSON.stringify(options)}`, () => {
    for (const to of ['app.log', '-', () => {}])
      assert.throws(() => openTarget(to, { part: 'log', ...options }), message)
  })
}
refuses({ maxBytes: 0 }, /^\[nfo\] \[log\] maxBytes is 0; give a number of bytes above 0$/)
refuses({ maxBytes: Number.NaN }, /^\[nfo\] \[log\] maxBytes is NaN; give a number of bytes above 0$/)
refuses({ maxBytes: '1 MB' }, /^\[nfo\] \[log\] maxBytes is 1 MB; give a number of bytes above 0$/)
refuses({ every: 'week' }, /^\[nfo\] \[log\] every is 'week'; use 'hour' or 'day'$/)
refuses({ every: 'toString' }, /^\[nfo\] \[log\] every is 'toString'; use 'hour' or 'day'$/)
refuses({ keep: -1 }, /^\[nfo\] \[log\] keep is -1; give a whole number of files, or Infinity$/)
refuses({ keep: 1.5 }, /^\[nfo\] \[log\] keep is 1.5; give a whole number of files, or Infinity$/)
refuses({ keep: 'all' }, /^\[nfo\] \[log\] keep is all; give a whole number of files, or Infinity$/)

test.run()
