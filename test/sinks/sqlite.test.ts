import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import type { SqlDriver, Table } from '../../src/drivers/types.ts'
import { type Cell, COLUMNS, toRow } from '../../src/formats/row.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { inserts } from '../../src/sinks/_inserts.ts'
import { sqliteSink } from '../../src/sinks/sqlite.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { skipUnless, slow } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { sinkContract } from './_contract.ts'
import { ask, cellsOf, entriesOf, files, sinkFor, type Way, ways } from './_sqlite.ts'

for (const way of ways) {
  sinkContract(
    `sqlite, ${way.name}`,
    async () => {
      const to = await way.make()
      const sink = sinkFor(way, to)
      return {
        sink,
        async read() {
          // One at a time may have a file that sql.js holds in memory.
          if (way.driver === 'sql.js') await sink.close?.()
          return entriesOf(way, to)
        }
      }
    },
    (test) => skipUnless(test, way.can, way.reason)
  )
}

const sqlite = suite('sinks/sqlite')

/** One test on each of these ways. */
function onEach(some: readonly Way[], name: string, handler: (way: Way) => Promise<void>): void {
  for (const way of some) skipUnless(sqlite, way.can, way.reason)(`${way.name}: ${name}`, () => handler(way))
}

const texts = ['', 'x', "it''s", "'); DROP TABLE logs; --", '?1', '$a', '\0', '\ud800', '{"$text":"x"}', '\r\n"', 'עב']
const anyText = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary' }))
const anyEntry: fc.Arbitrary<Entry> = fc
  .record(
    {
      sequence: fc.nat(),
      level: fc.constantFrom('debug', 'info', 'warn', 'error', 'fatal'),
      functionName: fc.oneof(fc.constant('price'), anyText),
      args: fc.array(fc.oneof(anyText, fc.double(), fc.boolean()), { maxLength: 3 }),
      exception: anyText,
      traceId: anyText,
      environment: anyText,
      parentId: fc.nat(2),
      durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
      kind: fc.constantFrom('call', 'message'),
      extra: fc.dictionary(anyText, anyText, { maxKeys: 2 })
    },
    { requiredKeys: ['sequence'] }
  )
  .map((some) => entry(some as Partial<Entry>))

onEach(ways, 'every column holds what toRow gives, whatever is alike and whatever is hostile', async (way) => {
  const batch = fc.oneof(fc.array(anyEntry, { maxLength: 9 }), fc.array(anyEntry, { minLength: 30, maxLength: 70 }))
  const to = await way.make()
  const all: Entry[] = []
  const sink = sinkFor(way, to)
  await fc.assert(
    fc.asyncProperty(batch, async (entries) => {
      all.push(...entries)
      await sink.write(entries)
    }),
    { numRuns: slow ? 5 : 40 }
  )
  await sink.close?.()
  assert.equal(await cellsOf(way, to), all.map(toRow))
  assert.equal(await ask(way, to, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'logs'"), [[1]])
})

sqlite('rows go into as few statements as may bind them', () => {
  const alike = Array.from({ length: 100 }, (_, index) => toRow(entry({ sequence: index, args: [index] })))
  assert.ok(inserts(alike, 32_766).length <= 5)
  for (const limit of [100, 300]) {
    const statements = inserts(alike, limit)
    assert.ok(statements.length < 20)
    for (const { values = [] } of statements) assert.ok(values.length <= limit)
  }
  const mixed = alike.map((row, index) => row.map((cell) => (index % 2 ? `${cell}!` : cell)))
  for (const { values = [] } of inserts(mixed, 100)) assert.ok(values.length <= 100)
})

sqlite('few different statements cover any mixture, so a library can keep them', async () => {
  const [batches] = [fc.array(fc.array(anyEntry, { minLength: 1, maxLength: 70 }), { minLength: 60, maxLength: 60 })]
  const [mixture] = fc.sample(batches, 1)
  const different = new Set(mixture.flatMap((entries) => inserts(entries.map(toRow), 32_766)).map(({ sql }) => sql))
  assert.ok(different.size <= 48, `${different.size} statements`)
})

const numbered = (from: number, count: number, more: Partial<Entry> = {}): Entry[] =>
  Array.from({ length: count }, (_, index) => entry({ sequence: from + index, args: [from + index], ...more }))

onEach(ways, 'maxRows: never more, the newest stay', async (way) => {
  const to = await way.make()
  const sink = sinkFor(way, to, { maxRows: 200 })
  let written = 0
  for (const count of [1, 150, 60, 1, 1, 30, 199, 7, 3, 3, 3, 500, 12]) {
    await sink.write(numbered(written, count))
    written += count
    if (way.driver === 'sql.js') continue
    const [[rows, newest]] = await ask(way, to, 'SELECT count(*), max(sequence) FROM logs')
    assert.ok((rows as number) <= 200, `${rows} rows`)
    assert.is(newest, written - 1)
  }
  await sink.close?.()
  const kept = (await entriesOf(way, to)).map(({ sequence }) => sequence)
  assert.ok(kept.length <= 200 && kept.length > 180)
  assert.equal(
    kept,
    kept.map((_, index) => written - kept.length + index)
  )
})

onEach(ways, 'maxRows: also cuts what was there before', async (way) => {
  const to = await way.make()
  const before = sinkFor(way, to)
  await before.write(numbered(0, 300))
  await before.close?.()
  const sink = sinkFor(way, to, { maxRows: 10 })
  await sink.write(numbered(300, 1))
  await sink.close?.()
  const kept = (await entriesOf(way, to)).map(({ sequence }) => sequence)
  assert.equal(kept, [291, 292, 293, 294, 295, 296, 297, 298, 299, 300])
})

onEach(ways, 'maxAge: older rows go', async (way) => {
  const to = await way.make()
  const now = Date.now()
  const old = sinkFor(way, to)
  await old.write(numbered(0, 50, { timestamp: now - 2 * 3_600_000 }))
  await old.write(numbered(50, 50, { timestamp: now - 1_800_000 }))
  await old.close?.()
  const sink = sinkFor(way, to, { maxAge: '1h' })
  await sink.write(numbered(100, 1, { timestamp: now }))
  await sink.close?.()
  const kept = await entriesOf(way, to)
  assert.equal([kept.length, kept[0].sequence, kept.at(-1)?.sequence], [51, 50, 100])
})

const sizeOf = (path: string): number => {
  try {
    return runtime.fs?.statSync(path).size ?? 0
  } catch {
    return 0
  }
}

const filesOf = (path: string): number =>
  ['', '-wal', '-journal', '-nfo', '.tmp'].reduce((sum, ending) => sum + sizeOf(path + ending), 0)

onEach(files, 'maxBytes: the files never take more, and hold the newest rows', async (way) => {
  const [to, maxBytes] = [(await way.make()) as string, 1_000_000]
  const sink = sinkFor(way, to, { maxBytes })
  let [most, written] = [0, 0]
  const batches = slow ? 25 : 120
  for (let batch = 0; batch < batches; batch++) {
    const functionName = `function ${batch % 17}`
    await sink.write(numbered(written, 100, { functionName, exception: 'x'.repeat((batch * 7) % 300) }))
    written += 100
    if (batch % 10 === 0) await sink.flush?.()
    most = Math.max(most, filesOf(to))
  }
  await sink.close?.()
  most = Math.max(most, filesOf(to))
  assert.ok(most <= maxBytes, `${most} bytes`)
  const [[rows, newest]] = await ask(way, to, 'SELECT count(*), max(sequence) FROM logs')
  assert.is(newest, written - 1)
  assert.ok((rows as number) > 300, `${rows} rows`)
  assert.equal(await ask(way, to, 'PRAGMA integrity_check'), [['ok']])
})

onEach(files, 'maxBytes: a larger file shrinks', async (way) => {
  const to = (await way.make()) as string
  const large = sinkFor(way, to)
  for (let batch = 0; batch < 30; batch++) await large.write(numbered(batch * 200, 200))
  await large.close?.()
  const before = sizeOf(to)
  assert.ok(before > 1_000_000)
  const sink = sinkFor(way, to, { maxBytes: 500_000 })
  for (let batch = 0; batch < 30; batch++) {
    await sink.write(numbered(6000 + batch * 10, 10))
    // The first batch of a sql.js that is still loading takes it as it is.
    if (batch === 0) await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await sink.close?.()
  assert.ok(filesOf(to) <= 500_000, `${filesOf(to)} bytes of ${before}`)
  assert.is((await entriesOf(way, to)).at(-1)?.sequence, 6299)
})

const refuse = (make: () => unknown, pattern: RegExp): void => assert.throws(make, pattern)

sqlite('options that make no sense are refused at once', () => {
  for (const maxRows of [0, -1, 1.5, Number.NaN])
    refuse(() => sqliteSink('x.db', { maxRows }), /\[nfo\] \[sqlite\] maxRows/)
  for (const maxBytes of [0, 1000, 1e6 + 0.5]) refuse(() => sqliteSink('x.db', { maxBytes }), /maxBytes is/)
  for (const maxAge of [0, -1, '', '7 days', 'd', '0s', Number.NaN])
    refuse(() => sqliteSink('x.db', { maxAge }), /maxAge is/)
  for (const maxAge of [1, '250ms', '90s', '1.5h', '7d', '2w']) sqliteSink('x.db', { maxAge })
})

onEach(ways, 'a table of somebody else is left alone', async (way) => {
  const to = await way.make()
  const driver = await opened(way, to)
  await driver.transaction([{ sql: 'CREATE TABLE logs (id INTEGER, line TEXT)' }])
  await driver.close()
  const sink = sinkFor(way, to)
  let message = ''
  try {
    await sink.write(numbered(0, 1))
    await sink.flush?.()
    await sink.close?.()
  } catch (error) {
    message = (error as Error).message
  }
  const again = await opened(way, to)
  if (way.driver !== 'sql.js') assert.match(message, /\[nfo\] \[sqlite\].* has no column timestamp; use another file/)
  const { columns } = await again.all('SELECT * FROM logs')
  const { rows } = await again.all('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL')
  if (way.driver !== 'sql.js') assert.equal(rows, [['CREATE TABLE logs (id INTEGER, line TEXT)']])
  assert.equal([...columns], ['id', 'line'])
  await again.close()
})

async function opened({ driver }: Way, to: string | object): Promise<SqlDriver> {
  const { openDriver } = await import('../../src/drivers/open.ts')
  return openDriver(to, { part: 'test', driver })
}

onEach(ways, 'a complete database is not written to when it is opened', async (way) => {
  const to = await way.make()
  const driver = await opened(way, to)
  await prepareSchema(driver)
  const version = async (): Promise<unknown> => ((await driver.all('PRAGMA schema_version')) as Table).rows[0][0]
  const before = await version()
  let written = 0
  const watched: SqlDriver = {
    ...driver,
    transaction(statements) {
      written += statements.length
      return driver.transaction(statements)
    }
  }
  await prepareSchema(watched)
  assert.is(written, 0)
  await driver.transaction([{ sql: 'DROP INDEX logs_level' }])
  await prepareSchema(watched)
  assert.is(written, 1)
  assert.ok((await version()) !== before)
  await driver.close()
})

onEach([ways[2]], 'a full database fails the batch as a whole, and takes the next when there is room', async (way) => {
  const to = (await way.make()) as { exec(sql: string): void }
  const sink = sinkFor(way, to)
  sink.write(numbered(0, 1))
  to.exec('PRAGMA max_page_count = 20')
  const large = numbered(1, 40, { exception: 'x'.repeat(4000) })
  assert.throws(() => sink.write(large), /\[nfo\] \[sqlite\] cannot write the database: .*full/)
  to.exec('PRAGMA max_page_count = 4000')
  sink.write(numbered(41, 2))
  const kept = (await entriesOf(way, to)).map(({ sequence }) => sequence)
  assert.equal(kept, [0, 41, 42])
})

onEach([files[0]], 'a file that is deleted or moved away is made anew', async (way) => {
  const to = (await way.make()) as string
  const sink = sinkFor(way, to)
  sink.write(numbered(0, 2))
  sink.flushSync?.()
  runtime.fs?.renameSync(to, `${to}.old`)
  sink.write(numbered(2, 2))
  sink.write(numbered(4, 2))
  sink.close?.()
  const kept = (await entriesOf(way, to)).map(({ sequence }) => sequence)
  assert.equal(kept, [2, 3, 4, 5])
})

onEach([files[0]], 'a database that breaks fails one batch, and is opened anew', async (way) => {
  const to = (await way.make()) as string
  const sink = sinkFor(way, to)
  sink.write(numbered(0, 1))
  await ask(way, to, 'DROP TABLE logs')
  assert.throws(() => sink.write(numbered(1, 1)), /cannot write .*; the next batch is tried again/)
  sink.write(numbered(2, 1))
  sink.close?.()
  assert.equal(
    (await entriesOf(way, to)).map(({ sequence }) => sequence),
    [2]
  )
})

onEach(files, 'what cannot be opened says so', async (way) => {
  const folder = (await way.make()) as string
  runtime.fs?.mkdirSync(folder, { recursive: true })
  const sink = sinkFor(way, folder)
  let message = ''
  try {
    await sink.write(numbered(0, 1))
    await sink.flush?.()
  } catch (error) {
    message = (error as Error).message
  }
  assert.match(message, /\[nfo\] \[sqlite\] cannot open /)
})

sqlite('what is no database is refused', () => {
  assert.throws(() => sqliteSink({}).write(numbered(0, 1)), /\[nfo\] \[sqlite\] cannot open this handle/)
})

sqlite('writing after close is refused', async () => {
  const sink = sqliteSink('never.db')
  await sink.close?.()
  assert.throws(() => sink.write(numbered(0, 1)), /it is closed; write before close\(\)/)
})

const row: Cell[] = toRow(entry())
sqlite('there is a cell for each column', () => {
  assert.is(row.length, COLUMNS.length)
})

sqlite.run()
