import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry, Level } from '../../src/core/types.ts'
import { fromJson, toJson } from '../../src/formats/json.ts'
import type { Runtime } from '../../src/runtimes/types.ts'
import { type ConsoleOptions, consoleSink } from '../../src/sinks/console.ts'
import { entry } from '../formats/_entry.ts'
import { sinkContract } from './_contract.ts'
import { printed, withRuntime } from './_runtime.ts'

sinkContract('console', async () => {
  const entries: Entry[] = []
  const print: Runtime['print'] = (_stream, line) => void entries.push(fromJson(line))
  const sink = consoleSink({ format: 'json' })
  return {
    sink: { ...sink, write: (batch) => void withRuntime({ print }, () => sink.write(batch)) },
    read: async () => entries
  }
})

const test = suite('sinks/console')
const terminal: Partial<Runtime> = { name: 'node', isTerminal: () => true, env: () => undefined }
const pipe: Partial<Runtime> = { ...terminal, isTerminal: () => false }
const call = (sequence: number, parentId: number, level: Level = 'debug'): Entry =>
  entry({ sequence, spanId: sequence, parentId, level, functionName: `f${sequence}`, args: [], returnValue: undefined })

const write =
  (options: ConsoleOptions, ...batches: Entry[][]) =>
  () => {
    const sink = consoleSink(options)
    for (const batch of batches) sink.write(batch)
  }
const outline = (lines: string[]): string[] => lines.map((line) => line.replace(/^.*?(DEBUG|ERROR) (.*?)\(.*$/, '$2'))

test('is pretty for a person and JSON for a machine', async () => {
  const batch = [call(1, 0)]
  const json = `stdout: ${toJson(batch[0])}`
  const isPretty = /^stdout: \d\d:\d\d:\d\d\.\d{3} DEBUG f1\(\) {2}1\.2 ms$/
  const [coloured] = await printed(terminal, write({}, batch))
  assert.match(coloured.replace(/\p{Cc}\[\d+m/gu, ''), isPretty)
  assert.match(coloured, '\x1b[')
  assert.equal(await printed(pipe, write({}, batch)), [json])
  assert.match((await printed({ ...pipe, name: 'browser' }, write({}, batch)))[0], isPretty)
  assert.match((await printed(pipe, write({ format: 'pretty' }, batch)))[0], isPretty)
  assert.equal(await printed(terminal, write({ format: 'json' }, batch)), [json])
})

const colours = (
  name: string,
  expected: boolean,
  members: Partial<Runtime>,
  env: Record<string, string>,
  options = {}
): void => {
  test(`${expected ? 'uses' : 'uses no'} colours ${name}`, async () => {
    const known = { ...members, env: (variable: string) => env[variable] }
    const [line] = await printed(known, write({ format: 'pretty', ...options }, [call(1, 0)]))
    assert.is(line.includes('\x1b['), expected)
  })
}
colours('on a terminal', true, terminal, {})
colours('elsewhere', false, pipe, {})
colours('with NO_COLOR', false, terminal, { NO_COLOR: '1' })
colours('with an empty NO_COLOR', true, terminal, { NO_COLOR: '' })
colours('with FORCE_COLOR', true, pipe, { FORCE_COLOR: '1' })
colours('with FORCE_COLOR=0', false, terminal, { FORCE_COLOR: '0' })
colours('with both', true, pipe, { FORCE_COLOR: '', NO_COLOR: '1' })
colours('when told to', true, pipe, { NO_COLOR: '1' }, { colour: true })
colours('when told not to', false, terminal, { FORCE_COLOR: '1' }, { colour: false })

test('asks whether the stream it prints to is a terminal', async () => {
  const onlyErrors = { ...terminal, isTerminal: (stream: string) => stream === 'stderr' }
  const [line] = await printed(onlyErrors, write({ stream: 'stderr' }, [call(1, 0)]))
  assert.match(line, /^stderr: .*DEBUG/)
  assert.match((await printed(onlyErrors, write({}, [call(1, 0)])))[0], 'stdout: {')
})

test('splits errors from the rest, in order', async () => {
  const batch = [call(1, 0), call(2, 0, 'error'), call(3, 0, 'warn'), call(4, 0, 'fatal')]
  const lines = await printed(pipe, write({ stream: 'split' }, batch))
  assert.equal(
    lines.map((line) => line.slice(0, 6)),
    ['stdout', 'stderr', 'stdout', 'stderr']
  )
})

test('prints from a level up', async () => {
  const batch = (['debug', 'info', 'warn', 'error', 'fatal'] as const).map((level, index) => call(index, 0, level))
  for (const { level } of batch) {
    const lines = await printed(pipe, write({ level }, batch))
    assert.is(lines.length, 5 - batch.findIndex((one) => one.level === level))
  }
  assert.throws(
    () => consoleSink({ level: 'warning' as Level }),
    /^\[nfo\] \[console\] unknown level 'warning'; use debug, info, warn, error, fatal$/
  )
})

test('puts a caller above what it called, also over batches', async () => {
  const lines = await printed(
    pipe,
    write({ format: 'pretty' }, [call(3, 2), call(2, 1), call(4, 1), call(1, 0)], [call(6, 4), call(5, 0)])
  )
  assert.equal(outline(lines), ['f1', '  f2', '    f3', '  f4', 'f5', '    f6'])
})

test('remembers a bounded number of callers', async () => {
  const many = Array.from({ length: 3000 }, (_, index) => call(index + 2, 1))
  const later = [call(4000, 2), call(4001, 3001)]
  const lines = await printed(pipe, write({ format: 'pretty' }, [call(1, 0), ...many], later))
  assert.equal(outline(lines.slice(-2)), ['  f4000', '    f4001'])
})

test('can print on the way out', () => {
  assert.type(consoleSink().flushSync, 'function')
})

test.run()
