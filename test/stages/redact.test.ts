import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Snapshot } from '../../src/core/snapshot.ts'
import type { Entry } from '../../src/core/types.ts'
import { toJson } from '../../src/formats/json.ts'
import { hash } from '../../src/stages/_hash.ts'
import { type RedactOptions, redact } from '../../src/stages/redact.ts'
import { entry } from '../formats/_entry.ts'
import { frozen, stageContract, through } from './_contract.ts'

stageContract('redact', () => redact({ names: ['email'], patterns: [/ann@\S+/], mode: 'hash' }))

const test = suite('stages/redact')

const out = (options: RedactOptions, overrides: Partial<Entry>): Entry =>
  through(redact(options), [frozen(entry(overrides))])[0]
const left = new Snapshot('redacted', '')

test('leaves out by the name of a parameter', () => {
  const given = { params: ['email', 'count'], args: ['ann@x.pl', 2] }
  assert.equal(out({ names: ['email'] }, given).args, [left, 2])
  assert.equal(out({ names: ['email'], mode: 'remove' }, given).args, [left, 2])
  const [hashed, count] = out({ names: ['email'], mode: 'hash' }, given).args
  assert.match(String(hashed), /^\[HASH [\da-f]{16}]$/)
  assert.is(count, 2)
})

test('leaves out by the name of a property or key, in any spelling and at any depth', () => {
  const value = { homePhone: 1, a: [{ 'home-phone': 2 }, new Map<unknown, unknown>([['HOME_PHONE', 3]])], phone: 4 }
  const kept = { homePhone: left, a: [{ 'home-phone': left }, new Map([['HOME_PHONE', left]])], phone: 4 }
  const removed = { a: [{}, new Map()], phone: 4 }
  for (const place of ['returnValue', 'extra'] as const) {
    assert.equal(out({ names: ['homePhone'] }, { [place]: value })[place], kept)
    assert.equal(out({ names: ['homePhone'], mode: 'remove' }, { [place]: value })[place], removed)
  }
  assert.equal(out({ names: ['home_phone'] }, { args: [value] }).args, [kept])
})

test('leaves out the usual names too, of entries that were recorded by others', () => {
  assert.equal(out({}, { extra: { password: 'x', author: 'y' } }).extra, { password: left, author: 'y' })
})

test('looks into snapshots', () => {
  const fields = { email: 'ann', deep: new Snapshot('error', 'to ann@x.pl', { message: 'to ann@x.pl', email: 'ann' }) }
  const { returnValue } = out(
    { names: ['email'], patterns: [/\S+@\S+/] },
    { returnValue: new Snapshot('instance', 'User', fields) }
  )
  const deep = new Snapshot('error', 'to [REDACTED]', { message: 'to [REDACTED]', email: left })
  assert.equal(returnValue, new Snapshot('instance', 'User', { email: left, deep }))
})

test('leaves out patterns in every text, also where they are names', () => {
  const text = 'call 555-0100 or 555-0199'
  const options = { patterns: [/\d{3}-\d{4}/] }
  const shown = 'call [REDACTED] or [REDACTED]'
  const { args, returnValue, exception, traceback, llmAnalysis, extra } = out(options, {
    args: [text, new Set([text]), { '555-0100': 1, '555-0199': 2 }],
    returnValue: [text],
    exception: text,
    traceback: text,
    llmAnalysis: text,
    extra: { text }
  })
  assert.equal(args, [shown, new Set([shown]), { '[REDACTED]': 1, '[REDACTED]+': 2 }])
  assert.equal([returnValue, exception, traceback, llmAnalysis, extra], [[shown], shown, shown, shown, { text: shown }])
  assert.is(out({ ...options, mode: 'remove' }, { exception: text }).exception, 'call  or ')
  assert.match(
    String(out({ ...options, mode: 'hash' }, { exception: text }).exception),
    /^call \[HASH .{16}] or \[HASH/
  )
})

test('takes patterns with any flags, and ones that find nothing at all', () => {
  assert.is(out({ patterns: [/ANN/giy] }, { exception: 'xann ann' }).exception, 'x[REDACTED] [REDACTED]')
  assert.is(out({ patterns: [/\d*/] }, { exception: 'a1b' }).exception, 'a[REDACTED]b')
})

test('leaves out what running text says of a name', () => {
  const given = { exception: 'no user with email=ann@x.pl and id=5' }
  assert.is(out({ names: ['email'] }, given).exception, 'no user with email=[REDACTED] and id=5')
})

test('does not touch what names the call', () => {
  const patterns = [/./]
  const { functionName, module, params, version, environment, argTypes } = entry({ version: '1', environment: 'x' })
  const after = out({ patterns, names: ['extra', 'exception'] }, { version: '1', environment: 'x' })
  assert.equal(
    [after.functionName, after.module, after.params, after.version, after.environment, after.argTypes],
    [functionName, module, params, version, environment, argTypes]
  )
  assert.equal(after.extra, {})
})

test('equal values have the same hash in this process, others another', () => {
  const hashOf = (value: unknown): unknown => out({ names: ['id'], mode: 'hash' }, { extra: { id: value } }).extra.id
  assert.is(hashOf('ann'), hashOf('ann'))
  assert.is(hashOf(5), hashOf('5'))
  assert.is.not(hashOf('ann'), hashOf('bob'))
  assert.equal(hashOf({ a: 1 }), left)
  assert.equal(hashOf(left), left)
  assert.equal(hashOf('[REDACTED]'), left)
})

test('what holds itself is cut off, and what is very deep', () => {
  const self: Record<string, unknown> = { email: 'ann' }
  self.again = [self]
  const { extra } = through(redact({ names: ['email'] }), [entry({ extra: { self } })])[0]
  assert.equal(extra, { self: { email: left, again: [new Snapshot('depth', '')] } })
  let deep: unknown = 'ann'
  for (let level = 0; level < 20_000; level++) deep = [deep]
  assert.not.match(toJson(through(redact({ patterns: [/ann/] }), [entry({ args: [deep] })])[0]), /ann/)
})

test('a name such as __proto__ stays a name', () => {
  const args = [JSON.parse('{"__proto__":{"email":"ann"}}')]
  assert.is(
    toJson(out({ names: ['email'] }, { args })),
    toJson(
      entry({ args: [JSON.parse('{"__proto__":{"email":0}}', (name, value) => (name === 'email' ? left : value))] })
    )
  )
})

const canary = 'canary-7f3a9'
const leaves = fc.constantFrom<unknown[]>(canary, `x${canary}y`, 'plain', 1, null, undefined)
const values = fc.anything({ values: [leaves], key: fc.constantFrom('a', 'b', canary), withMap: true, withSet: true })
const modes = fc.constantFrom('keep' as const, 'remove' as const, 'hash' as const)

test('no pattern is left anywhere, whatever the value', () => {
  fc.assert(
    fc.property(values, fc.dictionary(fc.constantFrom('a', 'b'), values), modes, (value, extra, mode) => {
      const options = { patterns: [new RegExp(canary)], mode }
      const snapshot = new Snapshot('instance', canary, { value })
      const after = out(options, { args: [value, snapshot], returnValue: value, exception: canary, extra })
      assert.not(toJson(after).includes(canary))
    })
  )
})

test('without anything to leave out, a copy says the same', () => {
  const key = fc.constantFrom('a', 'author', '', '__proto__', 'toString', '$date')
  const plain = fc.anything({ key, withBigInt: true, withDate: true, withMap: true, withSet: true })
  fc.assert(
    fc.property(plain, (value) => {
      const given = entry({ args: [value], returnValue: value })
      assert.is(toJson(through(redact(), [given])[0]), toJson(given))
    })
  )
})

test('hashes by SipHash-2-4', () => {
  // The first of the vectors that its authors publish: key 00 01 … 0f, and as many bytes 00 01 ….
  const key = new BigUint64Array(Uint8Array.from({ length: 16 }, (_, index) => index).buffer)
  const vectors: [number, string][] = [
    [0, '726fdb47dd0e0e31'],
    [1, '74f839c593dc67fd'],
    [8, '93f5f5799a932462'],
    [15, 'a129ca6149be45e5']
  ]
  for (const [length, digits] of vectors) {
    const text = String.fromCharCode(...Array.from({ length }, (_, index) => index))
    assert.is(hash(text, key), digits)
  }
})

test('says what is wrong with an option', () => {
  assert.throws(() => redact({ mode: 'removed' as never }), "did you mean 'remove'?")
  assert.throws(() => redact({ names: 'email' as never }), '[nfo] [redact] wrong names or patterns')
  assert.throws(() => redact({ patterns: ['\\d'] as never }), '[nfo] [redact] wrong names or patterns')
  assert.throws(() => redact({ name: ['x'] } as never), "did you mean 'names'?")
})

test.run()
