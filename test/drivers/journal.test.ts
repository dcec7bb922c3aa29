import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openJournal, readJournal } from '../../src/drivers/_journal.ts'
import type { Statement } from '../../src/drivers/types.ts'
import type { Cell } from '../../src/formats/row.ts'
import { slow } from '../_run/runtime.ts'
import { withRuntime } from '../sinks/_runtime.ts'
import { createMemoryDisk, type MemoryDisk } from './_journalDisk.ts'

const test = suite('drivers/journal')
const PATH = '/app.db-nfo'
const insert = (...values: Cell[]): Statement => ({ sql: 'INSERT INTO things VALUES (?, ?)', values })
const transactions: Statement[][] = [
  [insert(1, 'zażółć'), insert(2, null), { sql: 'DELETE FROM things', values: [] }],
  [insert(3, 'x'.repeat(50))],
  [insert(4, '👩‍👧'), insert(5, -1.5e300)]
]

const openOn = (disk: MemoryDisk) => openJournal(disk.fs, PATH, '/app.db')
const contentOf = (disk: MemoryDisk): Statement[][] => [...readJournal(disk.fs, PATH).after(0)]

/** A disk with a journal of these transactions, and where each of them ends in the file. */
function written(): { disk: MemoryDisk; ends: number[]; id: number } {
  const disk = createMemoryDisk()
  const journal = openOn(disk)
  const ends = transactions.map((statements) => {
    journal.append(statements)
    return journal.size
  })
  const { id } = journal
  journal.close(true)
  return { disk, ends, id }
}

test('gives back what it was given', () => {
  const { disk, ends, id } = written()
  assert.equal(contentOf(disk), transactions)
  const again = openOn(disk)
  assert.is(again.id, id)
  assert.is(again.size, ends[2])
  assert.equal([...again.read().after(ends[0])], transactions.slice(1))
  assert.equal([...again.read().after(ends[2])], [])
})

test('gives back any statements', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true }),
    fc.constant(null)
  )
  const finite = cell.filter((value) => typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0)))
  const statement = fc.record(
    { sql: fc.constantFrom('a', 'b', 'ą'), values: fc.array(finite) },
    { noNullPrototype: true }
  )
  const blocks = fc.array(fc.array(statement, { minLength: 1 }), { maxLength: 8 })
  fc.assert(
    fc.property(blocks, (given) => {
      const disk = createMemoryDisk()
      const journal = openOn(disk)
      for (const statements of given) journal.append(statements)
      assert.equal([...journal.read().after(0)], given)
    }),
    { numRuns: slow ? 10 : 60 }
  )
})

test('leaves no file before the first transaction, and none when it is not needed', () => {
  const disk = createMemoryDisk()
  const journal = openOn(disk)
  assert.equal([...journal.read().after(0)], [])
  journal.sync()
  assert.equal(disk.paths(), [])
  journal.append([insert(1, 2)])
  assert.equal(disk.paths(), [PATH])
  journal.close(false)
  assert.equal(disk.paths(), [])
})

test('torn at any byte, loses the last block alone, and goes on', () => {
  const { disk, ends } = written()
  const whole = disk.read(PATH)!
  for (let length = 0; length <= whole.length; length++) {
    const torn = createMemoryDisk()
    torn.write(PATH, whole.subarray(0, length))
    const kept = ends.filter((end) => end <= length).length
    assert.equal(contentOf(torn), transactions.slice(0, kept), `torn at ${length}`)
    const journal = openOn(torn)
    assert.is(journal.size, [length < 16 ? 0 : 16, ...ends][kept])
    journal.append([insert(9, 9)])
    assert.equal(contentOf(torn), [...transactions.slice(0, kept), [insert(9, 9)]], `torn at ${length}`)
  }
})

test('with any byte changed, gives nothing that was not written', () => {
  const { disk, ends } = written()
  const whole = disk.read(PATH)!
  for (let at = 4; at < whole.length; at++) {
    const changed = createMemoryDisk()
    changed.write(PATH, whole)
    changed.read(PATH)![at] ^= 1 << (at & 7)
    const kept = at < 16 ? 0 : ends.filter((end) => end <= at).length
    assert.equal(contentOf(changed), transactions.slice(0, kept), `changed at ${at}`)
    // What comes next has the length of what is broken: nothing that was behind that one comes back.
    openOn(changed).append(transactions[kept])
    assert.equal(contentOf(changed), transactions.slice(0, kept + 1), `changed at ${at}`)
  }
})

test('ends where zeros begin, as a power cut leaves them', () => {
  const { disk, ends } = written()
  for (const end of [0, ...ends]) {
    const zeros = createMemoryDisk()
    const bytes = new Uint8Array(ends[2] + 1000)
    bytes.set(disk.read(PATH)!.subarray(0, end))
    zeros.write(PATH, bytes)
    assert.equal(contentOf(zeros), transactions.slice(0, ends.indexOf(end) + 1))
    assert.is(openOn(zeros).size, end)
  }
})

test('takes no block of an earlier journal, or of another place, for its own', () => {
  const { disk, ends } = written()
  const old = disk.read(PATH)!.slice()
  const journal = openOn(disk)
  journal.restart()
  journal.append(transactions[0])
  const mixed = createMemoryDisk()
  const bytes = old.slice()
  bytes.set(disk.read(PATH)!)
  mixed.write(PATH, bytes)
  assert.equal(contentOf(mixed), transactions.slice(0, 1))
  const moved = createMemoryDisk()
  const shifted = old.slice()
  shifted.copyWithin(ends[0], ends[1])
  moved.write(PATH, shifted)
  assert.equal(contentOf(moved), transactions.slice(0, 1))
})

test('begins anew with another identity', () => {
  const { disk, id } = written()
  const journal = openOn(disk)
  journal.restart()
  assert.is.not(journal.id, id)
  assert.equal(contentOf(disk), [])
  journal.append(transactions[1])
  assert.equal(contentOf(disk), [transactions[1]])
  assert.is(readJournal(disk.fs, PATH).id, journal.id)
})

test('leaves a file alone that is none', () => {
  const disk = createMemoryDisk()
  const bytes = new TextEncoder().encode("a person's notes, longer than a header")
  disk.write(PATH, bytes)
  assert.throws(() => openOn(disk), /^\/app.db-nfo is no journal of nfo; move it away$/)
  assert.equal(disk.read(PATH), bytes)
})

test('on a full disk holds what it held, and goes on when there is room', () => {
  const { disk, ends } = written()
  const journal = openOn(disk)
  for (let room = ends[2]; room < ends[2] + 60; room += 3) {
    disk.room = room
    assert.throws(() => journal.append([insert(1, 'x'.repeat(100))]), /ENOSPC/)
    assert.is(disk.read(PATH)!.length, ends[2])
  }
  disk.room = 1e9
  journal.append([insert(7, 7)])
  assert.equal(contentOf(disk), [...transactions, [insert(7, 7)]])
})

test('is as private as its database', () => {
  const disk = createMemoryDisk()
  disk.write('/app.db', new Uint8Array(1))
  disk.fs.chmodSync('/app.db', 0o600)
  openOn(disk).append(transactions[0])
  assert.is(disk.fs.statSync(PATH).mode & 0o777, 0o600)
})

test('waits for the disk a tenth of the time, and makes up for it later', async () => {
  const disk = createMemoryDisk()
  const { fsyncSync } = disk.fs
  let synced = 0
  disk.fs.fsyncSync = (fd) => {
    const until = performance.now() + 4
    while (performance.now() < until);
    synced++
    fsyncSync(fd)
  }
  let task: (() => void) | undefined
  const later = (given: () => void) => {
    task = given
    return () => {
      task = undefined
    }
  }
  await withRuntime({ later }, () => {
    const journal = openOn(disk)
    const start = performance.now()
    while (performance.now() < start + 200) journal.append([insert(1, 2)])
    // One for the name of the file, one for the first block, then one in 40 ms.
    assert.ok(synced >= 2 && synced <= 8, `synced ${synced} times`)
    journal.append([insert(1, 2)])
    const before = synced
    task?.()
    assert.is(synced, before + 1)
    journal.sync()
    assert.is(synced, before + 1)
    assert.is(disk.after('power').read(PATH)?.length, journal.size)
  })
})

test.run()
