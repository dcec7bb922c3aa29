import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openDriver } from '../../src/drivers/open.ts'
import { runtime } from '../../src/runtimes/generic.ts'
import { prepareSchema } from '../../src/store/schema.ts'
import { has, runtimeName, scratch, skipUnless } from '../_run/runtime.ts'

const suiteOfReaders = suite('drivers, only reading')
const hasNative = has.files && (runtimeName === 'bun' || runtimeName === 'deno')
const test = skipUnless(suiteOfReaders, hasNative, 'no SQLite of its own')

test('leaves nothing beside a database with a write-ahead log, and cannot write', async () => {
  const path = scratch('idle.db')
  const writer = openDriver(path, { part: 'sqlite', prepare: prepareSchema })
  await writer.transaction([{ sql: 'INSERT INTO logs (level) VALUES (?)', values: ['INFO'] }])
  await writer.close()
  const fs = runtime.fs!
  const folder = path.replace(/[\\/][^\\/]*$/, '')
  const [names, bytes] = [fs.readdirSync(folder), fs.readFileSync(path)]
  assert.is(bytes[18], 2)
  const reader = openDriver(path, { part: 'query', readOnly: true })
  assert.equal((await reader.all('SELECT level FROM logs')).rows, [['INFO']])
  let refused = false
  try {
    await reader.transaction([{ sql: 'DELETE FROM logs' }])
  } catch {
    refused = true
  }
  assert.ok(refused)
  await reader.close()
  assert.equal(fs.readdirSync(folder), names)
  assert.equal(fs.readFileSync(path), bytes)
})

suiteOfReaders.run()
