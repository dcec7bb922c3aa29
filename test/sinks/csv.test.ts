import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { csvHeader, toCsv } from '../../src/formats/csv.ts'
import { entriesOfCsv, type TornRecord } from '../../src/formats/csvReader.ts'
import { toJson } from '../../src/formats/json.ts'
import { csvSink } from '../../src/sinks/csv.ts'
import { has, scratch, skipUnless, slow } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { sinkContract } from './_contract.ts'
import { contents, put } from './_files.ts'
import { printed } from './_runtime.ts'

const parse = (text: string): Entry[] => [...entriesOfCsv([text])] as Entry[]

sinkContract('csv to a writer', async () => {
  let text = ''
  return { sink: csvSink((more) => (text += more)), read: async () => parse(text) }
})

sinkContract(
  'csv to a file',
  async () => {
    const path = scratch('contract.csv')
    return { sink: csvSink(path), read: async () => parse(await contents(path)) }
  },
  (contract) => skipUnless(contract, has.files, 'no file system')
)

const test = suite('sinks/csv')
const onDisk = skipUnless(test, has.files, 'no file system')
const call = (sequence: number): Entry => entry({ sequence })
const line = (sequence: number): string => `${toCsv(call(sequence))}\r\n`
const header = `${csvHeader}\r\n`

test('gives a writer whole records, the header before the first', () => {
  const texts: string[] = []
  const sink = csvSink((text) => texts.push(text))
  sink.write([])
  sink.write([call(1), call(2)])
  sink.write([call(3)])
  assert.equal(texts, [header + line(1) + line(2), line(3)])
})

test('prints to standard output for -', async () => {
  assert.equal(await printed({}, () => csvSink('-').write([call(1)])), [`stdout: ${header}${line(1).slice(0, -1)}`])
})

test('guards formulas', () => {
  let written = ''
  csvSink((text) => (written += text)).write([entry({ functionName: '=1+1', module: "'@a" })])
  assert.match(written, `,"'=1+1","''@a",`)
})

onDisk('writes the header once a file, also when it is opened again', async () => {
  const path = scratch('again.csv')
  for (const sequence of [1, 2, 3]) {
    const sink = csvSink(path)
    sink.write([call(sequence)])
    sink.close?.()
  }
  assert.is(await contents(path), header + line(1) + line(2) + line(3))
  await put(path, '')
  csvSink(path).write([call(4)])
  assert.is(await contents(path), header + line(4))
})

onDisk('lets a record that was torn anywhere, within quotes too, stand alone', async () => {
  const stack = 'Error: "a", b\n    at one (a.ts:1:1)\n\n"\n'
  const record = toCsv(entry({ sequence: 2, traceback: stack, params: [] }))
  // Where only the last, empty cell is missing, nothing is.
  for (let length = 1; length < record.length - 1; length += slow ? 17 : 1) {
    const path = scratch('torn.csv')
    await put(path, header + line(1) + record.slice(0, length))
    const sink = csvSink(path)
    sink.write([call(3)])
    sink.write([call(4)])
    sink.close?.()
    const text = await contents(path)
    // So that other readers find the records behind it too.
    assert.is(text.split('"').length % 2, 1, 'every quote is closed')
    const read: (Entry | TornRecord)[] = [...entriesOfCsv([text])]
    const shown = read.map((one) => ('torn' in one ? 'torn' : toJson(one)))
    assert.equal(shown, [toJson(call(1)), 'torn', toJson(call(3)), toJson(call(4))], record.slice(0, length))
  }
})

onDisk('names the file, the reason and the fix when it cannot write', async () => {
  const { mkdirSync } = await import('node:fs')
  const folder = scratch('a-folder')
  mkdirSync(folder)
  assert.throws(() => csvSink(folder).write([call(1)]), /^\[nfo\] \[csv\] cannot open .+; name a file, not a folder$/)
})

test.run()
