import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { type FilterOptions, filter } from '../../src/stages/filter.ts'
import { entry } from '../formats/_entry.ts'
import { end, stageContract, through } from './_contract.ts'

stageContract('filter', () => filter({ level: 'debug' }))

const test = suite('stages/filter')

const passes = (options: FilterOptions, overrides: Partial<Entry> = {}): boolean =>
  through(filter(options), [entry(overrides)]).length === 1

test('asks for each field that is given', () => {
  const cases: [FilterOptions, Partial<Entry>, boolean][] = [
    [{}, {}, true],
    [{ level: 'warn' }, { level: 'info' }, false],
    [{ level: 'warn' }, { level: 'warn' }, true],
    [{ level: 'warn' }, { level: 'fatal' }, true],
    [{ kind: 'message' }, {}, false],
    [{ function: 'pri*' }, {}, true],
    [{ function: 'Pri*' }, {}, false],
    [{ function: 'pric?' }, {}, true],
    [{ function: 'pri' }, {}, false],
    [{ function: ['get*', 'price'] }, {}, true],
    [{ function: 'a.c' }, { functionName: 'abc' }, false],
    [{ function: '*(x)[y]*' }, { functionName: 'f(x)[y]\n' }, true],
    [{ module: 'shop/*' }, {}, true],
    [{ module: 'shop' }, {}, false],
    [{ environment: 'prod' }, {}, false],
    [{ environment: ['', 'prod'] }, {}, true],
    [{ version: '1.*' }, { version: '1.2' }, true],
    [{ minDuration: 1 }, {}, true],
    [{ minDuration: 1.2 }, {}, true],
    [{ minDuration: 2 }, {}, false],
    [{ minDuration: 0 }, { durationMs: undefined }, false],
    [{ when: ({ args }) => args[1] === 2 }, {}, true],
    [{ when: () => false }, {}, false],
    [{ not: { function: 'price' } }, {}, false],
    [{ level: 'debug', not: { function: 'health*' } }, {}, true],
    [{ function: 'price', module: 'other' }, {}, false],
    [({ functionName }) => functionName === 'price', {}, true],
    [() => false, {}, false]
  ]
  for (const [options, overrides, expected] of cases) {
    assert.is(passes(options, overrides), expected, JSON.stringify([options, overrides]))
  }
})

test('lets pass what it cannot judge', () => {
  const broken = (): boolean => {
    throw new Error('broken')
  }
  for (const options of [broken, { when: broken }, { not: broken }]) assert.ok(passes(options))
})

test('writes nothing when nothing passes', () => {
  const last = end()
  filter(() => false)(last).write([entry()])
  assert.equal(last.batches, [])
})

test('takes a long row of stars in its stride', () => {
  const began = Date.now()
  passes({ function: `${'*'.repeat(5000)}x` }, { functionName: 'a'.repeat(1000) })
  assert.ok(Date.now() - began < 1000)
})

test('says what is wrong with an option', () => {
  const cases: [unknown, string][] = [
    [undefined, '[nfo] [filter] cannot match by undefined'],
    ['warn', '[nfo] [filter] cannot match by warn'],
    [{ level: 'warning' }, "did you mean 'warn'?"],
    [{ funktion: 'x' }, "did you mean 'function'?"],
    [{ function: 5 }, '[nfo] [filter] function is 5'],
    [{ kind: 'calls' }, "did you mean 'call'?"],
    [{ minDuration: -1 }, '[nfo] [filter] minDuration is -1'],
    [{ when: true }, '[nfo] [filter] when is true'],
    [{ not: { level: 'x' } }, "unknown level 'x'"]
  ]
  for (const [options, said] of cases) assert.throws(() => filter(options as never), said)
})

test.run()
