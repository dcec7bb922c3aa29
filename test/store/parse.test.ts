import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseSpan } from '../../src/formats/time.ts'
import { matches, toSql } from '../../src/store/conditions.ts'
import { type Filter, parseFilter } from '../../src/store/filter.ts'
import { lowerBound, parseMoment } from '../../src/store/time.ts'
import { entry } from '../formats/_entry.ts'

const test = suite('store/filter')

test('keeps what is asked and nothing else', () => {
  assert.equal(parseFilter(), {})
  assert.equal(parseFilter({ level: undefined, errors: false, text: '', function: '', module: '' }), {})
  assert.equal(parseFilter({ environment: '', trace: '', version: '' }), { environment: '', trace: '', version: '' })
  assert.equal(parseFilter({ limit: '100', minDuration: '1.5s', level: 'Warning', order: 'slowest' }), {
    limit: 100,
    minDuration: 1500,
    level: 'warn',
    order: 'slowest'
  })
  assert.equal(parseFilter({ errors: true }), { level: 'error' })
  assert.equal(parseFilter({ errors: true, level: 'fatal' }), { level: 'fatal' })
  assert.equal(parseFilter({ errors: true, level: 'info' }), { level: 'error' })
})

test('a checked filter is a filter and stays the same', () => {
  const checked = parseFilter({ level: 'CRITICAL', last: '24h', text: 'x', limit: 3, kind: 'call' })
  assert.equal(parseFilter(checked), checked)
})

test('reads spans', () => {
  const spans = {
    '250ms': 250,
    '1.5s': 1500,
    '30m': 1_800_000,
    '24h': 86_400_000,
    '7d': 604_800_000,
    '2w': 1_209_600_000
  }
  for (const [text, ms] of Object.entries(spans)) assert.is(parseSpan(text), ms, text)
  for (const text of ['', '5', 'h', '1y', '-1h', '1h30m', '1e3s', '1 h ago'])
    assert.is(parseSpan(text), undefined, text)
})

test('reads times', () => {
  const at = Date.parse('2026-11-22T22:35:00Z')
  const times: [unknown, number | undefined][] = [
    ['2026-11-22', Date.parse('2026-11-22T00:00Z')],
    ['2026-11-22T22:35', at],
    ['2026-11-22 22:35:00', at],
    ['2026-11-22T22:35:00.140356Z', at + 140.356],
    ['2026-11-22T23:35+01:00', at],
    ['1970-01-01', 0],
    [at, at],
    [`${at}`, at],
    [new Date(at), at],
    ['1h', 5_000_000 - 3_600_000],
    ['2026-13-01', undefined],
    ['2026-02-30', undefined],
    ['2026-11-22T25:00', undefined],
    ['2026-11-22T22:35 CET', undefined],
    ['22.11.2026', undefined],
    ['', undefined],
    [Number.NaN, undefined],
    [new Date(Number.NaN), undefined],
    [true, undefined]
  ]
  for (const [given, time] of times) assert.is(parseMoment(given, 5_000_000), time, String(given))
})

test('compares times as texts however they are written', () => {
  const at = Date.parse('2026-11-22T22:35:57.140Z')
  const texts = ['2026-11-22T22:35:57.14', '2026-11-22T22:35:57.140000', '2026-11-22T22:35:57.140000+00:00']
  for (const text of texts) {
    assert.ok(text >= lowerBound(at), text)
    assert.ok(text < lowerBound(at + 0.001), text)
  }
  assert.ok('2026-11-22T22:35:57+00:00' >= lowerBound(at - 140))
  assert.ok('2026-11-22T22:35:57+00:00' < lowerBound(at))
  assert.is(lowerBound(Date.parse('2026-11-22T22:30:00Z')), '2026-11-22T22:30:00')
})

test('takes spans from now', () => {
  const { since = 0, until = 0 } = parseFilter({ last: '30m', until: '10m' })
  assert.ok(Math.abs(Date.now() - 1_800_000 - since) < 5000)
  assert.is(Math.round((until - since) / 1000), 1200)
})

test('says what is wrong, and the fix', () => {
  const wrong: [unknown, string][] = [
    [[], 'the filter is []; pass an object such as'],
    [null, 'the filter is null; pass an object such as'],
    ['error', 'the filter is "error"; pass an object such as'],
    [{ levl: 'info' }, "unknown field 'levl'; did you mean 'level'?"],
    [{ where: '1' }, "unknown field 'where'; use one of function, module"],
    [{ level: 'eror' }, "unknown level 'eror'; did you mean 'error'?"],
    [{ level: '' }, "unknown level ''; use one of debug, info"],
    [{ level: 30 }, "unknown level '30'; use one of debug, info"],
    [{ kind: 'calls' }, "unknown kind 'calls'; did you mean 'call'?"],
    [{ order: 'newst' }, "unknown order 'newst'; did you mean 'newest'?"],
    [{ errors: 'yes' }, "errors is 'yes'; use true or false"],
    [{ function: 7 }, 'function is 7; use text'],
    [{ text: 'a\0' }, 'leave out NUL and half surrogate pairs'],
    [{ trace: '\ud800' }, 'leave out NUL and half surrogate pairs'],
    [{ limit: -1 }, 'limit is -1; use a whole number from 0 up'],
    [{ limit: '-1' }, "limit is '-1'; use a whole number from 0 up"],
    [{ limit: 1.5 }, 'limit is 1.5; use a whole number from 0 up'],
    [{ limit: Number.NaN }, 'limit is NaN; use a whole number from 0 up'],
    [{ limit: '' }, "limit is ''; use a whole number from 0 up"],
    [{ minDuration: 'fast' }, "minDuration is 'fast'; use milliseconds from 0 up"],
    [{ minDuration: -5 }, 'minDuration is -5; use milliseconds from 0 up'],
    [{ minDuration: Number.POSITIVE_INFINITY }, 'minDuration is Infinity; use milliseconds'],
    [{ since: 'yesterday' }, "since is 'yesterday'; use a time such as '2026-11-22'"],
    [{ until: '2026-99-99' }, "until is '2026-99-99'; use a time such as"],
    [{ last: '2026-11-22' }, "last is '2026-11-22'; use a span such as '30m'"],
    [{ last: '1h', since: '2h' }, 'both last and since are given; use one of them']
  ]
  for (const [given, message] of wrong) {
    let thrown = ''
    try {
      parseFilter(given)
    } catch (error) {
      thrown = (error as Error).message
    }
    assert.ok(thrown.startsWith(`[nfo] [query] ${message}`) || thrown.includes(message), `${thrown}, not ${message}`)
    assert.ok(thrown.startsWith('[nfo] [query] ') && thrown.includes('; '), thrown)
  }
})

test('puts nothing of a filter or a table into SQL', () => {
  const hostile = '\'"; DROP TABLE logs; --'
  const filter: Filter = {
    function: `${hostile}*`,
    module: hostile,
    environment: hostile,
    trace: hostile,
    version: hostile
  }
  const { where, values, order } = toSql({ ...filter, text: `${hostile} Ż` }, ['id', 'function_name', 'args', hostile])
  assert.not.match(`${where} ${order}`, /DROP|"|--/)
  assert.ok(values.filter((value) => String(value).includes('DROP')).length >= 5)
  assert.is(where.split('?').length - 1, values.length)
})

test('a column that a table lacks holds nothing', () => {
  assert.is(toSql({ environment: 'prod' }, ['id']).where, '(NULL = ?)')
  assert.is(toSql({}, ['id']).where, '1')
})

test('matches an entry', () => {
  const call = entry({ functionName: 'Cart.add', durationMs: 250, environment: 'prod' })
  assert.is(matches({ function: 'Cart.*', minDuration: '250ms', environment: 'prod' })(call), true)
  assert.is(matches({ function: 'Cart.*', minDuration: '251ms', environment: 'prod' })(call), false)
  assert.is(matches({ limit: 0, order: 'newest' })(call), true)
})

test.run()
