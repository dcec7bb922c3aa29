import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type FileOptions, openTarget, type Target } from '../../src/sinks/_file.ts'
import { has, scratch, skipUnless } from '../_run/runtime.ts'
import { coded, contents, filesWith, names, parts, put } from './_files.ts'
import { printed, withRuntime } from './_runtime.ts'

const test = suite('sinks/rotation, gzip')
const onDisk = skipUnless(test, has.files, 'no file system')
const fresh = (): string => `${scratch('gzip')}/app.log`
const stamped = (path: string, day: number): string => path.replace('app.log', `app.2020-01-0${day}T00-00-00-000Z.log`)
const open = (path: string, options: FileOptions = {}): Target =>
  openTarget(path, { part: 'log', maxBytes: 20, gzip: true, ...options })
/** What follows the times in the names of the rotated files. */
const ends = async (path: string): Promise<string[]> =>
  (await names(path)).filter((name) => name !== 'app.log').map((name) => name.replace(/^.*Z/, ''))

onDisk('compresses rotated files, and close waits for it', async () => {
  const path = fresh()
  const target = open(path)
  target.write(['one\n', 'two\n', 'a line of 18 bytes\n', 'three\n'])
  target.write(['and another one\n'])
  const before = await parts(path)
  assert.equal(await ends(path), ['.log', '.log', '.log'])
  await target.close()
  assert.equal(await ends(path), ['.log.gz', '.log.gz', '.log.gz'])
  assert.equal(await parts(path), before)
})

onDisk('writes on, and rotates, while it compresses', async () => {
  const path = fresh()
  const target = open(path, { maxBytes: 300_000, keep: Number.POSITIVE_INFINITY })
  const line = (index: number): string => `${`${index}`.padStart(200_000, 'x')}\n`
  const lines = Array.from({ length: 20 }, (_, index) => line(index))
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
  const due: (() => void)[] = []
  const later = (task: () => void): (() => void) => {
    due.push(task)
    return () => {}
  }
  await withRuntime({ later }, async () => {
    for (const one of lines) {
      target.write([one])
      for (const task of due.splice(0)) task()
      await wait()
    }
    await target.close()
  })
  assert.equal(await parts(path), lines)
  assert.ok((await ends(path)).every((end) => end === '.log.gz'))
})

onDisk('finishes at the next opening what an earlier run left', async () => {
  const { utimesSync } = await import('node:fs')
  const { gzipSync } = await import('node:zlib')
  const path = fresh()
  const { writeFileSync } = await import('node:fs')
  for (const day of [1, 2, 3, 4]) await put(stamped(path, day), `${day}`)
  // Killed between the renaming and the deletion, and while compressing, a while ago and just now.
  writeFileSync(`${stamped(path, 2)}.gz`, gzipSync('2'))
  await put(`${stamped(path, 3)}.gz.tmp`, 'half')
  utimesSync(`${stamped(path, 3)}.gz.tmp`, 1, 1)
  await put(`${stamped(path, 4)}.gz.tmp`, 'another process is at it')
  const said = await printed({}, () => {
    const target = open(path)
    target.write(['one\n'])
    return target.close()
  })
  assert.equal(said, [])
  const [first, second, third] = [1, 2, 3].map((day) => `${stamped(path, day)}.gz`)
  assert.equal(await Promise.all([first, second].map(contents)), ['1', '2'])
  assert.equal(await ends(path), ['.log.gz', '.log.gz', '.log.gz', '.log', '.log.gz.tmp'])
  assert.is(await contents(third), '3')
  assert.is(await contents(stamped(path, 4)), '4')
})

onDisk('leaves alone what is empty: a name that another process has just claimed', async () => {
  const path = fresh()
  await put(stamped(path, 1), '')
  const target = open(path)
  target.write(['one\n'])
  await target.close()
  assert.equal(await ends(path), ['.log'])
})

onDisk('leaves a file alone that still grows', async () => {
  const { appendFileSync, fsync: sync } = await import('node:fs')
  const path = fresh()
  await put(stamped(path, 1), 'one\n')
  const fsync = (fd: number, done: (error: Error | null) => void): void => {
    appendFileSync(stamped(path, 1), 'late\n')
    sync(fd, done)
  }
  await withRuntime({ fs: filesWith({ fsync }) }, async () => {
    const target = open(path)
    target.write(['two\n'])
    await target.close()
  })
  assert.equal(await ends(path), ['.log'])
  assert.is(await contents(stamped(path, 1)), 'one\nlate\n')
  const again = open(path)
  again.write(['three\n'])
  await again.close()
  assert.is(await contents(`${stamped(path, 1)}.gz`), 'one\nlate\n')
})

onDisk('keeps the files as they are when it cannot compress, says so once, and tells nobody else', async () => {
  const path = fresh()
  for (const day of [1, 2]) await put(stamped(path, day), `${day}`)
  const fsync = (_fd: number, done: (error: Error | null) => void): void => done(coded('ENOSPC'))
  const said = await printed({ fs: filesWith({ fsync }) }, async () => {
    const target = open(path)
    target.write(['one\n'])
    await target.close()
  })
  assert.equal(said, [
    `stderr: [nfo] [log] cannot compress ${path}: ENOSPC: so it was told; check the disk; it is tried again`
  ])
  assert.equal(await ends(path), ['.log', '.log'])
})

onDisk('deletes compressed files beyond keep', async () => {
  const path = fresh()
  for (let run = 0; run < 3; run++) {
    const target = open(path, { keep: 2 })
    target.write([`1, run ${run}, full\n`, `2, run ${run}, full\n`])
    await target.close()
  }
  assert.equal(await ends(path), ['.log.gz', '.log.gz'])
  assert.equal(await parts(path), ['2, run 1, full\n', '1, run 2, full\n', '2, run 2, full\n'])
})

onDisk('does not touch the disk in close when nothing was written', async () => {
  const path = fresh()
  await open(path).close()
  assert.equal(await names(path), [])
})

test.run()
