import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Transformed, transform } from '../../src/auto/transform.ts'

const read = (source: string, notes = false): Transformed => {
  const result = transform(source, { module: 'app', instrument: 'I', notes })
  if (!result) throw new Error('was not read')
  return result
}

const test = suite('transform')

/** Names, as `wrapped` and then `skipped` give them. */
function assertNames(source: string, wrapped: string, skipped = ''): void {
  const result = read(source)
  assert.is(result.wrapped.join(' '), wrapped, source)
  assert.is(result.skipped.map(({ name }) => name).join(' '), skipped, source)
}

test('finds what an ES module gives away', () => {
  assertNames('export function one() {}\nexport async function two() {}\nexport function* three() {}', 'one two three')
  assertNames('export const one = () => {}, two = 2, three = async function () {}', 'one three', 'two')
  assertNames(
    'function one() {}\nconst two = a => a\nclass three {}\nexport { one, two as second, three as "th ird" }',
    'one second th ird'
  )
  assertNames('function one() {}\nexport default one', 'default')
  assertNames('export default class One {}', 'default')
  assertNames('export default () => 1', 'default')
  assertNames('export { one } from "./one.js"\nexport * from "./two.js"', '', 'one')
  assertNames('export const { one } = { one() {} }\nexport const [two] = [() => 1]', '')
  assertNames(
    'export const app = express(), memo = memoize(() => 1), bound = function () {}.bind(1)',
    '',
    'app memo bound'
  )
  assertNames(
    'export function _hidden() {}\nexport function shown() {}\nfunction _in() {}\nexport { _in as out }',
    'shown out',
    '_hidden'
  )
})

test('finds what a CommonJS module gives away', () => {
  assertNames('module.exports = function area() {}', 'module.exports')
  assertNames('exports.one = exports.two = one\nfunction one() {}\nexports["th ree"] = () => 1', 'one th ree')
  assertNames(
    'module.exports = { one, two: one, three() {}, async four() {}, get five() { return 1 }, six: 6 }\nfunction one() {}',
    'one three four',
    'six'
  )
  assertNames('exports = module.exports = one\nfunction one() {}', 'module.exports')
  assertNames('__export(all, { one: () => one, two: () => two })\nfunction one() {}\nclass two {}', 'one two')
})

test('a script, which gives nothing away, has everything recorded', () => {
  assertNames('const one = () => 1\nfunction two() {}\nif (one()) { function inner() {} }\ntwo()', 'one two')
})

test('is not led astray by what only looks like code', () => {
  assertNames(`const text = \`export function a() {} \${\`\${1}}\`}\`\nexport function real() {}`, 'real')
  assertNames(
    "// export function a() {}\n/* export const b = () => 1 */\nexport const c = /export function d/, e = '\\'' + 1",
    '',
    'c e'
  )
  assertNames('export const f = (a) => a / 2 / g\nconst g = 1 // }', 'f')
  assertNames('export const f = (a) => /[/}]\\/"`/.test(a)\nif (a) /"/.test(b)\nexport const g = () => 1', 'f g')
  assertNames('if (a) {}\n/export function b() {}/.test(a)\nexport const c = () => 1', 'c')
  assertNames('export const f = function () { return 1 }()\nexport const g = () => 1', 'g', 'f')
  assertNames('const o = { export: 1, import: 2 }; o.export = 3; o.class = class {}\nexport const g = () => 1', 'g')
  assertNames('function f(x) { return x! / 2 }\nlet i = 1; i++ / 2; "/"\nexport { f }', 'f')
})

test('reads TypeScript as it is written', () => {
  assertNames(
    'export function a(x: string): string\nexport function a(x: number): { n: number }\nexport function a(x: any): any { return x }',
    'a'
  )
  assertNames(
    'export const a: (x: number) => string = (x) => `$`\nexport type T = () => void\nexport interface I { f(): void }',
    'a'
  )
  assertNames(
    'export const a = <T extends { b: 1 }>(x: T): { c: () => T } => {\n  return { c: () => x }\n}\nexport const b = 1',
    'a',
    'b'
  )
  assertNames('export abstract class A<T = {}> extends B<{ a: 1 }> implements C<T> { abstract f(): void }', 'A')
  assertNames(
    'export declare function a(): void\nexport enum E { A }\nexport namespace N { export const x = () => 1 }',
    ''
  )
  assertNames(
    'const m: Map<string, () => void> = new Map<string, () => void>()\nexport const f = async <T,>(x: T) => x',
    'f'
  )
})

test('what skip marks is left alone', () => {
  const { wrapped, skipped } = read('export function one() {}\nexport function two() {}\nskip(one)')
  assert.equal([wrapped, skipped], [['two'], [{ name: 'one', reason: 'is marked with skip' }]])
})

/** Every character of the source is where it was, but for what is put in where lines end. */
function assertUnmoved(source: string): void {
  const lines = source.split('\n')
  const written = read(source).code.replaceAll('let   ', 'const ').split('\n')
  for (const [number, line] of lines.entries()) {
    const kept = line.replace(/(;|\/\/.*| )*$/, '').replace(/^export default .*?(\(.*)$/, '$1')
    assert.is(written[number].indexOf(kept), line.indexOf(kept), `${number}: ${written[number]}`)
  }
}

test('nothing moves', () => {
  assertUnmoved('export function one() { return 1 }')
  assertUnmoved(
    '#!/usr/bin/env node\n"use strict"\nimport a from "a"; // first\nexport const one = () => 1 // second\nexport function two() {}'
  )
  assertUnmoved('export default (value) => { throw value }\nexport const two = async () => {\n}\n')
  assertUnmoved('export default async function (value) { throw value }')
  assertUnmoved('/** about */\n\nconst values = f()\nexport function one() {}\n')
  assertUnmoved(
    "'use strict';\r\nconst a = require('a');\r\nexports.one = one;\r\nfunction one() {}\r\n".replaceAll('\r', '')
  )
  assertUnmoved(
    'export class One { m() {} } export class Two { m() {} }\nexport const f = () => 1; export const g = () => 2'
  )
})

test('a text that is not code, or was written into before, is left alone', () => {
  assert.is(transform("export const page = <p>it's</p>", { module: 'app', instrument: 'I' }), undefined)
  assert.is(transform('export function one() {', { module: 'app', instrument: 'I' }), undefined)
  assert.is(transform(read('export function one() {}').code, { module: 'app', instrument: 'I' }), undefined)
  assert.is(read('export const one = 1').code, 'export const one = 1')
})

test('hands on what is skipped only where it is asked to', () => {
  const source = 'export const one = 1\nexport function two() {}'
  assert.not.match(read(source).code, 'is not written')
  assert.match(read(source, true).code, '[{"name":"one","reason":"is not written as a function or a class')
})

test.run()
