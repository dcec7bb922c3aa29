import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Files } from '../../src/drivers/_journalFiles.ts'
import { openDriver } from '../../src/drivers/open.ts'
import type { DriverOptions, SqlDriver } from '../../src/drivers/types.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { runtimeName, scratch, skipUnless } from '../_run/runtime.ts'
import { printed, withRuntime } from '../sinks/_runtime.ts'
import { driverContract, type Register } from './_contract.ts'
import { CREATE, canLoad, prepareThings, REASON, sqlJsModule, thing, valuesOf } from './_sqlJs.ts'

const open = (path: string, options: Partial<DriverOptions> = {}): SqlDriver =>
  openDriver(path, { part: 'test', driver: 'sql.js', prepare: prepareThings, ...options })
const read = (path: string): SqlDriver => open(path, { readOnly: true })

// sql.js drops a byte order mark at the beginning of a text when it reads one: see below for values.
const register: Register = (contract) => (name, handler) =>
  skipUnless(
    contract,
    canLoad && name !== 'keeps any value',
    canLoad ? 'sql.js takes a byte order mark away; see the values below' : REASON
  )(name, handler)

driverContract(
  'sql.js, path',
  (options) => openDriver(scratch('contract.db'), { ...options, driver: 'sql.js' }),
  register
)
driverContract('sql.js, handle', async (options) => openDriver(new (await sqlJsModule()).Database(), options), register)

const files = (): Files => runtime.fs as Files
const exists = (path: string): boolean => {
  try {
    return files().statSync(path) !== undefined
  } catch {
    return false
  }
}
function put(path: string, content: string | Uint8Array): void {
  const fd = files().openSync(path, 'w')
  files().writeSync(fd, typeof content === 'string' ? new TextEncoder().encode(content) : content)
  files().closeSync(fd)
}
const beside = (path: string): string[] => ['', '-nfo', '-nfo.lock', '-nfo.tmp'].filter((end) => exists(path + end))

/** What a writer leaves that is killed: its lock is gone, as it would be found stale. */
function killed(path: string): string {
  const copy = scratch('killed.db')
  for (const end of ['', '-nfo']) if (exists(path + end)) put(copy + end, files().readFileSync(path + end))
  return copy
}

/** Changes a database file like another program would. */
async function change(path: string, sql: string): Promise<void> {
  const { Database } = await sqlJsModule()
  const database = new Database(exists(path) ? files().readFileSync(path) : undefined)
  database.run(sql)
  put(path, database.export())
  database.close()
}

const sqlJsSuite = suite('drivers/sql.js')
const test = skipUnless(sqlJsSuite, canLoad, REASON)

test('takes transactions before it has loaded, and loses none', async () => {
  const path = scratch('cold.db')
  const driver = open(path)
  driver.transaction([thing(1)])
  driver.transaction([thing(2), thing(3)])
  const copy = killed(path)
  assert.equal(beside(copy), ['-nfo'])
  assert.equal(await valuesOf(driver), [1, 2, 3])
  assert.equal(await valuesOf(open(copy)), [1, 2, 3])
  driver.transaction([thing(4)])
  assert.equal(await valuesOf(driver), [1, 2, 3, 4])
  await driver.close()
})

test('keeps any value, in the journal too', async () => {
  const texts = [
    '',
    "'",
    '"',
    ';',
    '--',
    '?1',
    '\n',
    '\x01\x1b[31m',
    '\u2028',
    'x\ufeff',
    '👩‍👧',
    '\u{10ffff}',
    'x'.repeat(1e6)
  ]
  const numbers = [
    0,
    1,
    -1,
    0.1,
    1.5e300,
    5e-324,
    2 ** 31,
    -(2 ** 40),
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER
  ]
  const values = [...texts, ...numbers]
  const path = scratch('values.db')
  const driver = open(path)
  driver.transaction(values.map(thing))
  assert.equal(await valuesOf(driver), values)
  assert.equal(await valuesOf(read(path)), values)
  await driver.close()
  assert.equal(await valuesOf(read(path)), values)
})

test('close leaves one whole file, also before it has loaded', async () => {
  for (const warm of [true, false]) {
    const path = scratch('closed.db')
    const driver = open(path)
    driver.transaction([thing(1)])
    if (warm) await valuesOf(driver)
    await driver.close()
    assert.equal(beside(path), [''])
    assert.throws(
      () => driver.transaction([thing(2)]),
      /^\[nfo\] \[test\] cannot use .+: it is closed; write before close\(\)$/
    )
    await driver.close()
    const reader = read(path)
    assert.equal(await valuesOf(reader), [1])
    reader.close()
  }
})

test('flush keeps the journal, flushSync brings everything into the file', async () => {
  const path = scratch('flushed.db')
  const driver = open(path)
  await valuesOf(driver)
  driver.transaction([thing(1)])
  await driver.flush?.()
  assert.equal(beside(path), ['-nfo', '-nfo.lock'])
  driver.flushSync?.()
  assert.is(files().statSync(`${path}-nfo`).size, 0)
  const before = files().statSync(path).mtimeMs
  driver.flushSync?.()
  assert.is(files().statSync(path).mtimeMs, before)
  driver.transaction([thing(2)])
  assert.equal(await valuesOf(read(killed(path))), [1, 2])
  await driver.close()
})

test('a writer that was killed is followed by one that has its rows, each once', async () => {
  const path = scratch('killed.db')
  const driver = open(path)
  driver.transaction([thing(1)])
  await valuesOf(driver)
  driver.transaction([thing(2)])
  let copy = killed(path)
  for (let round = 3; round < 6; round++) {
    const next = open(copy)
    next.transaction([thing(round)])
    if (round === 4) next.flushSync?.()
    if (round === 5) await valuesOf(next)
    copy = killed(copy)
    await next.close()
  }
  const last = open(copy)
  assert.equal(await valuesOf(last), [1, 2, 3, 4, 5])
  await Promise.all([last.close(), driver.close()])
})

test('keeps what somebody else wrote to the file meanwhile, and its own', async () => {
  const path = scratch('shared.db')
  const driver = open(path)
  driver.transaction([thing(1), thing(2)])
  await valuesOf(driver)
  driver.flushSync?.()
  driver.transaction([thing(3)])
  await change(path, "DELETE FROM things WHERE value = 1; INSERT INTO things VALUES ('theirs')")
  driver.transaction([thing(4)])
  driver.flushSync?.()
  assert.equal(await valuesOf(driver), [2, 'theirs', 3, 4])
  driver.transaction([thing(5)])
  await driver.close()
  assert.equal(await valuesOf(read(path)), [2, 'theirs', 3, 4, 5])
})

test('begins anew when the file was deleted, with what it did not hold yet', async () => {
  const path = scratch('deleted.db')
  const driver = open(path)
  driver.transaction([thing(1)])
  await valuesOf(driver)
  driver.flushSync?.()
  files().unlinkSync(path)
  driver.transaction([thing(2)])
  await driver.close()
  assert.equal(await valuesOf(read(path)), [2])
})

test('leaves the file alone when somebody else has damaged it meanwhile, and waits for a whole one', async () => {
  const path = scratch('spoiled.db')
  const lines = await printed({}, async () => {
    const driver = open(path)
    driver.transaction([thing(1)])
    await valuesOf(driver)
    driver.flushSync?.()
    const whole = Uint8Array.from(files().readFileSync(path))
    for (const [at, from] of [
      [0, 0],
      [1, 100]
    ]) {
      const spoiled = Uint8Array.from(whole).fill(255, from, from + 100)
      put(path, spoiled)
      driver.transaction([thing(2 + at)])
      for (let attempt = 0; attempt < 3; attempt++) driver.flushSync?.()
      assert.equal(Uint8Array.from(files().readFileSync(path)), spoiled)
    }
    put(path, whole)
    await driver.close()
  })
  assert.is(lines.length, 1)
  assert.match(
    lines[0],
    /^stderr: \[nfo\] \[test\] cannot save .+: it is .+; its new rows are in .+-nfo, and it is tried again$/
  )
  assert.equal(await valuesOf(read(path)), [1, 2, 3])
})

test('waits while SQLite is at work on the file', async () => {
  const path = scratch('busy.db')
  const driver = open(path)
  driver.transaction([thing(1)])
  await valuesOf(driver)
  driver.flushSync?.()
  const before = files().readFileSync(path)
  for (const end of ['-wal', '-journal']) {
    put(path + end, 'at work')
    driver.transaction([thing(end)])
    driver.flushSync?.()
    assert.equal(files().readFileSync(path), before)
    assert.throws(() => open(killed(path) && path), /one process writes with sql.js|holds rows that sql.js cannot see/)
    files().unlinkSync(path + end)
  }
  await driver.close()
  assert.equal(await valuesOf(read(path)), [1, '-wal', '-journal'])
})

test('opens a file that was left in WAL mode, unless there is a log', async () => {
  const path = scratch('wal.db')
  await change(path, "CREATE TABLE things (value); INSERT INTO things VALUES ('old')")
  const bytes = files().readFileSync(path)
  bytes[18] = bytes[19] = 2
  put(path, bytes)
  const driver = open(path)
  driver.transaction([thing('new')])
  await driver.close()
  assert.equal(await valuesOf(read(path)), ['old', 'new'])
  put(`${path}-wal`, 'rows')
  assert.throws(
    () => open(path),
    /^\[nfo\] \[test\] cannot open .+-wal holds rows that sql.js cannot see; close what has it open, or run: /
  )
  const lines = await printed({}, async () => assert.equal(await valuesOf(read(path)), ['old', 'new']))
  assert.match(lines.join(), /^stderr: \[nfo\] \[test\] .+-wal may hold newer rows/)
  assert.equal(beside(path), [''])
})

test('locks out a second writer, by name, and no reader', async () => {
  const path = scratch('locked.db')
  const driver = open(path)
  driver.transaction([thing(1)])
  assert.throws(
    () => open(path),
    /^\[nfo\] \[test\] cannot open .+: it is open in this process; one process writes with sql.js, others may read$/
  )
  assert.equal(await valuesOf(read(path)), [1])
  await driver.close()
  const next = open(path)
  assert.equal(await valuesOf(next), [1])
  await next.close()
})

test('takes over the lock of a process that has ended, or of one that never wrote its number', async () => {
  const noSuch = `${2 ** 22 - 7}`
  for (const content of [`${noSuch} \n`, `${noSuch} 12@somewhere\n`, `${runtime.processes?.pid} \n`, '']) {
    const path = scratch('stale.db')
    put(`${path}-nfo.lock`, content)
    if (content === '') {
      assert.throws(() => open(path), /it is open in another process/)
      const { statSync } = files()
      const old = { ...runtime.fs, statSync: (name: string) => ({ ...statSync(name), mtimeMs: Date.now() - 2000 }) }
      await withRuntime({ fs: old as Files }, () => open(path).close())
    } else
      await withRuntime({ processes: { pid: runtime.processes!.pid, isRunning: (pid) => pid === 1 } }, () =>
        open(path).close()
      )
    assert.equal(beside(path), [])
  }
})

test('does not take a lock where it cannot tell whether its process runs', async () => {
  const path = scratch('unknown.db')
  put(`${path}-nfo.lock`, '12345 \n')
  await withRuntime({ processes: { pid: 7, isRunning: () => false } }, () =>
    assert.throws(
      () => open(path),
      /open in process 12345 \(if that has ended, delete .+-nfo.lock, or run Deno with --allow-run\)/
    )
  )
})

test('follows a writer as a reader, and changes nothing on the disk', async () => {
  const path = scratch('followed.db')
  const driver = open(path)
  driver.transaction([thing(1)])
  await valuesOf(driver)
  const reader = read(path)
  assert.equal(await valuesOf(reader), [1])
  driver.transaction([thing(2)])
  assert.equal(await valuesOf(reader), [1, 2])
  driver.flushSync?.()
  assert.equal(await valuesOf(reader), [1, 2])
  driver.transaction([thing(3)])
  assert.equal(await valuesOf(reader), [1, 2, 3])
  await change(path, 'DELETE FROM things WHERE value = 1')
  assert.equal(await valuesOf(reader), [2, 3])
  assert.throws(() => reader.transaction([thing(4)]), /it is open for reading; open it without readOnly/)
  reader.close()
  await driver.close()
  assert.throws(
    () => read(scratch('none.db')),
    /^\[nfo\] \[test\] cannot open .+none.db: there is no such file; check the path$/
  )
})

test('reads again when a checkpoint comes between image and journal', async () => {
  const path = scratch('between.db')
  const driver = open(path)
  driver.transaction([thing(1)])
  await valuesOf(driver)
  driver.flushSync?.()
  driver.transaction([thing(2)])
  const { openSync } = files()
  let isFirst = false
  const racing = (name: string, flags: string): number => {
    if (isFirst && flags === 'r' && name.endsWith('-nfo')) {
      isFirst = false
      driver.flushSync?.()
      driver.transaction([thing(4)])
    }
    return openSync(name, flags)
  }
  const reader = await withRuntime({ fs: { ...runtime.fs, openSync: racing } as Files }, () => read(path))
  assert.equal(await valuesOf(reader), [1, 2])
  driver.transaction([thing(3)])
  isFirst = true
  assert.equal(await valuesOf(reader), [1, 2, 3, 4])
  assert.not(isFirst)
  await driver.close()
})

test('leaves what is damaged, or no database, as it is', async () => {
  const text = scratch('text.db')
  put(text, 'notes of a person, which are longer than the header of a database would be'.repeat(4))
  assert.throws(() => open(text), /it is no SQLite database; it is left as it is, choose another path$/)
  const whole = scratch('whole.db')
  await change(whole, `CREATE TABLE things (value); INSERT INTO things VALUES ('${'x'.repeat(20_000)}')`)
  const bytes = files().readFileSync(whole)
  const short = scratch('short.db')
  put(short, bytes.subarray(0, bytes.length - 4096))
  assert.throws(() => open(short), /it is damaged \(its end is missing\) and left as it is; restore a copy, or try: /)
  const broken = scratch('broken.db')
  bytes.fill(255, 100, 200)
  put(broken, bytes)
  const driver = open(broken)
  driver.transaction([thing('kept')])
  await valuesOf(driver).then(
    () => assert.unreachable(),
    ({ message }: Error) =>
      assert.match(message, /^\[nfo\] \[test\] cannot open .+: it is damaged \(.*malformed.*\) and left as it is/)
  )
  assert.throws(() => driver.transaction([thing('refused')]), /it is damaged/)
  await driver.close()
  assert.equal(files().readFileSync(broken), bytes)
  // What came before that was known is in the journal, for the day the file is restored.
  put(broken, files().readFileSync(whole))
  const restored = open(broken)
  assert.is((await valuesOf(restored))[1], 'kept')
  await restored.close()
})

test('keeps a transaction that the database does not take, for a person to see', async () => {
  const path = scratch('rejecting.db')
  const lines = await printed({}, async () => {
    const driver = open(path)
    driver.transaction([thing(1)])
    driver.transaction([thing(2), { sql: 'INSERT INTO nowhere VALUES (1)' }])
    driver.transaction([thing(3)])
    assert.equal(await valuesOf(driver), [1, 3])
    await driver.close()
  })
  assert.is(lines.length, 1)
  assert.match(
    lines[0],
    /^stderr: \[nfo\] \[test\] .+ does not take a transaction of its journal \(no such table: nowhere\); it is now in /
  )
  assert.equal(JSON.parse(new TextDecoder().decode(files().readFileSync(`${path}-nfo.rejected`))), [
    thing(2),
    { sql: 'INSERT INTO nowhere VALUES (1)', values: [] }
  ])
})

test('stays as private as it was', async () => {
  const path = scratch('private.db')
  await change(path, 'CREATE TABLE things (value)')
  files().chmodSync(path, 0o600)
  const driver = open(path)
  driver.transaction([thing(1)])
  assert.is(files().statSync(`${path}-nfo`).mode & 0o777, 0o600)
  await driver.close()
  assert.is(files().statSync(path).mode & 0o777, 0o600)
})

const onLinks = skipUnless(sqlJsSuite, canLoad && runtimeName !== 'deno', 'no links here, or no permission for them')
onLinks('stays behind its link', async () => {
  const path = scratch('linked.db')
  await change(path, 'CREATE TABLE things (value)')
  const { symlinkSync, lstatSync } = await import('node:fs')
  const link = scratch('link.db')
  symlinkSync(path, link)
  const driver = open(link)
  driver.transaction([thing(1)])
  await driver.close()
  assert.ok(lstatSync(link).isSymbolicLink())
  assert.equal(await valuesOf(read(path)), [1])
})

test('makes its folder, and refuses one in its place', async () => {
  const folder = scratch('folder')
  const path = `${folder}/deep/app.db`
  const driver = open(path)
  driver.transaction([thing(1)])
  await driver.close()
  assert.equal(beside(path), [''])
  for (const wrong of [folder, `${folder}/`, `${folder}/none/`]) {
    assert.throws(() => open(wrong), /^\[nfo\] \[test\] cannot open .+: it is a folder; name a file in it$/)
  }
})

test('says what to do without the package, without files, and when it does not load', async () => {
  const path = scratch('app.db')
  const missing = () => {
    throw new Error('Cannot find module')
  }
  await withRuntime({ require: missing }, () =>
    assert.throws(
      () => open(path),
      /^\[nfo\] \[test\] cannot open .+: sql.js is not installed; npm install sql.js, or pass a handle$/
    )
  )
  await withRuntime({ fs: undefined }, () =>
    assert.throws(() => open(path), /cannot open .+: this runtime has no files; pass a database handle$/)
  )
  assert.equal(beside(path), [])
  const driver = open(path, { sqlJs: () => Promise.reject(new Error('no wasm here')) })
  driver.transaction([thing(1)])
  await valuesOf(driver).then(
    () => assert.unreachable(),
    ({ message }: Error) => assert.match(message, /cannot open .+: no wasm here/)
  )
  await driver.close()
  assert.equal(beside(path), ['-nfo'])
  const { Database } = await sqlJsModule()
  for (const sqlJs of [
    { Database },
    Promise.resolve({ Database }),
    async () => ({ Database }),
    { default: async () => ({ Database }) }
  ]) {
    const given = open(path, { sqlJs })
    assert.equal(await valuesOf(given), [1])
    await given.close()
  }
})

test('on a full disk takes nothing, and goes on when there is room', async () => {
  const path = scratch('full.db')
  let isFull = false
  const { writeSync } = files()
  const full: Files['writeSync'] = (fd, bytes, offset = 0, length = bytes.length, position) => {
    if (isFull && length < 100) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    return writeSync(fd, bytes, offset, isFull ? 99 : length, position)
  }
  const lines = await printed({ fs: { ...runtime.fs, writeSync: full } as Files }, async () => {
    const driver = open(path)
    driver.transaction([thing(1)])
    await valuesOf(driver)
    isFull = true
    assert.throws(
      () => driver.transaction([thing('lost'.repeat(100))]),
      /^\[nfo\] \[test\] cannot write .+-nfo: ENOSPC: no space left; free some space, the next batch is tried again$/
    )
    driver.flushSync?.()
    assert.equal(beside(path), ['-nfo', '-nfo.lock'])
    assert.equal(await valuesOf(driver), [1])
    isFull = false
    driver.transaction([thing(2)])
    await driver.close()
  })
  assert.is(lines.length, 1)
  assert.match(lines[0], /cannot save .+ENOSPC.+; its new rows are in .+-nfo, and it is tried again$/)
  assert.equal(beside(path), [''])
  assert.equal(await valuesOf(read(path)), [1, 2])
})

/** Tasks that the driver wants to run later, and when. */
function manualTimers() {
  const tasks: { task: () => void; ms: number }[] = []
  const later = (task: () => void, ms: number) => {
    const entry = { task, ms }
    tasks.push(entry)
    return () => {
      if (tasks.includes(entry)) tasks.splice(tasks.indexOf(entry), 1)
    }
  }
  return { later, tasks, fire: () => tasks.splice(0).map(({ task }) => task()) }
}

test('saves the file a second after a change, and then no more than a twentieth of the time', async () => {
  const path = scratch('timed.db')
  const { later, tasks, fire } = manualTimers()
  const { fsyncSync } = files()
  const slowly: Files['fsyncSync'] = (fd) => {
    const until = performance.now() + 60
    while (performance.now() < until);
    fsyncSync(fd)
  }
  await withRuntime({ later, fs: { ...runtime.fs, fsyncSync: slowly } as Files }, async () => {
    const driver = open(path)
    await valuesOf(driver)
    driver.transaction([thing(1)])
    driver.transaction([thing(2)])
    const waits = (): number[] => tasks.map(({ ms }) => ms).filter((ms) => ms >= 900)
    // A second, or more where opening the database took long.
    assert.is(waits().length, 1)
    assert.ok(waits()[0] >= 999, `after ${waits()[0]} ms`)
    assert.not(exists(path))
    fire()
    assert.ok(exists(path))
    assert.equal(waits(), [])
    driver.transaction([thing(3)])
    const [wait, ...others] = waits()
    assert.equal(others, [])
    // It waited for the disk three times: for the journal, the image and the folder.
    assert.ok(wait > 20 * 150 && wait < 20 * 10_000, `after ${wait} ms`)
    await driver.close()
    assert.equal(waits(), [])
  })
})

test('stays within maxBytes, the journal included', async () => {
  const path = scratch('capped.db')
  const { later } = manualTimers()
  await withRuntime({ later }, async () => {
    const driver = open(path, { maxBytes: 300_000 })
    await valuesOf(driver)
    assert.is(driver.share, 1 / 3)
    for (let round = 0; round < 300; round++) {
      driver.transaction([
        thing('x'.repeat(1000)),
        { sql: 'DELETE FROM things WHERE rowid <= (SELECT max(rowid) - 20 FROM things)' }
      ])
      const sizes = beside(path).map((end) => files().statSync(path + end).size)
      assert.ok(sizes.reduce((total, size) => total + size, 0) < 200_000)
    }
    await driver.close()
  })
})

test('asks nothing of a statement that has no values, and takes an empty transaction', async () => {
  const path = scratch('empty.db')
  const driver = open(path)
  driver.transaction([])
  await valuesOf(driver)
  driver.transaction([])
  await driver.close()
  assert.equal(beside(path), [])
})

test('a handle is saved by its user, and keeps working after that', async () => {
  const { Database } = await sqlJsModule()
  const database = new Database()
  const driver = openDriver(database, { part: 'test', prepare: prepareThings })
  driver.transaction([CREATE, thing(1)])
  const copy = openDriver(new Database(database.export()), { part: 'test' })
  assert.equal(await valuesOf(copy), [1])
  driver.transaction([thing(2)])
  database.run('BEGIN')
  driver.transaction([thing(3)])
  database.run('ROLLBACK')
  driver.close()
  assert.equal(await valuesOf(driver), [1, 2])
  database.close()
  assert.throws(() => driver.transaction([thing(4)]), Error)
})

sqlJsSuite.run()
