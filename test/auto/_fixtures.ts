/** Files of an app that uses what a transform may break. Its output has to be the same with and without nfo. */
export const APP: Record<string, string> = {
  'package.json': '{ "type": "module" }',

  // A cycle whose functions are called while the modules are still being run, and `export *` in a ring.
  'cycle/even.mjs': `import { isOdd } from './index.mjs'
export function isEven(n) { return n === 0 || isOdd(n - 1) }
export * from './index.mjs'
export const early = isEven(4)
`,
  'cycle/odd.mjs': `import { isEven } from './even.mjs'
export function isOdd(n) { return n !== 0 && isEven(n - 1) }
export * from './even.mjs'`,
  'cycle/index.mjs': `export * from './odd.mjs'
export * from './even.mjs'
export * as self from './index.mjs'
`,
  'cycle/main.mjs': `import * as all from './index.mjs'
console.log('cycle', Object.keys(all), all.isEven(10), all.early, all.self === all)
`,

  'live/live.mjs': `export let count = 0
export function increase() { return ++count }
export let greet = () => 'one'
export const change = () => { greet = () => 'two' }
export { increase as again, count as default }
`,
  'live/await.mjs': `export let state = 'before'
export const ready = await Promise.resolve('ready')
export async function late(value) { await null; return value }
state = await late('after')
`,
  'live/main.mjs': `import total, * as live from './live.mjs'
import { state, ready, late } from './await.mjs'
live.increase(); live.again()
console.log('live', live.count, total, live.greet(), live.change(), live.greet(), live.increase === live.again)
console.log('await', state, ready, await late(3))
`,

  'default/function.mjs': 'export default function (one, two = 2) { return one }\n',
  'default/generator.mjs': 'export default async function* (count) { for (let i = 0; i < count; i++) yield i }',
  'default/arrow.mjs': `export default async (first) =>
  first * 2
export const other = 1, twice = value => value * 2, thrice = value => value * 3
`,
  'default/class.mjs': `export default class {
  #secret = 7
  static made = 0
  constructor() { this.constructor.made++ }
  reveal() { return this.#secret }
  has(other) { return #secret in other } // a comment
}`,
  'default/named.mjs': `export default function named(depth) { return depth === 0 ? 'done' : named(depth - 1) }
named.version = 3
`,
  'default/main.mjs': `import plain from './function.mjs'
import counting from './generator.mjs'
import arrow, { twice, thrice } from './arrow.mjs'
import Made from './class.mjs'
import named from './named.mjs'
const counted = []
for await (const value of counting(3)) counted.push(value)
// Bun names it after the file.
if (!globalThis.Bun) console.log('names', plain.name, counting.name, arrow.name)
console.log('default', plain.length, plain('x'), counted, await arrow(4))
console.log('lists', twice(2), thrice(2), thrice.name)
const made = new Made()
console.log('class', Made.name, made.reveal(), made.has({}), made.has(new Made()), Made.made, made.constructor === Made)
console.log('named', named(3), named.version, Object.keys(named), typeof named.prototype, String(named.name))
`,

  // Each class needs the other while it is made.
  'classes/base.mjs': `import { Leaf } from './leaf.mjs'
export class Base {
  static kinds = []
  static { this.kinds.push('base') }
  describe() { return 'base of ' + this.name }
  get leaf() { return this instanceof Leaf }
  static make(name) { return new Leaf(name) }
  arrow = () => this.name
}
`,
  'classes/leaf.mjs': `import { Base } from './base.mjs'
export const isReady = () => { try { return Boolean(Base) } catch (error) { return error.name } }
export const wasReady = isReady()
class Leaf extends (wasReady === true ? Base : Object) {
  constructor(name) { super(); this.name = name }
  describe() { return 'leaf ' + this.name }
}
export { Leaf }
`,
  'classes/old.mjs': `export function Point(x) {
  if (!(this instanceof Point)) return new Point(x)
  this.x = x
}
Point.prototype.double = function () { return this.x * 2 }
export function Bare(x) { this.x = x }
export const Expression = class Inner { static self() { return Inner } }
`,
  'classes/main.mjs': `import { Base } from './base.mjs'
import { Leaf, wasReady, isReady } from './leaf.mjs'
import { Point, Bare, Expression } from './old.mjs'
console.log('classes', wasReady, isReady(), Base.kinds, Base.make('oak').describe(), Object.keys(new Base()))
const [point, bare] = [Point(4), new Bare(1)]
console.log('old', point.double(), point.constructor === Point, point, bare.constructor === Bare, bare.x)
// Bun shows a function whose prototype is another in its own way.
if (!globalThis.Bun) console.log(bare)
console.log('expression', Expression.self() === Expression, Expression.name)
`,

  'generators/generators.mjs': `export function* numbers(to) { for (let i = 0; i < to; i++) yield i }
export const letters = function* () { yield* ['a', 'b'] }
export async function* slowly() { yield 1; yield 2 }
`,
  'generators/main.mjs': `import { numbers, letters, slowly } from './generators.mjs'
const got = []
for await (const one of slowly()) got.push(one)
const [first] = numbers(5)
console.log('generators', [...numbers(3)], first, [...letters()], got, Object.prototype.toString.call(numbers(1)))
`,

  // As TypeScript 5 writes decorators for older engines.
  'decorators/shop.mjs': `var __decorate = function (decorators, target, key, desc) {
  var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
  for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
  return c > 3 && r && Object.defineProperty(target, key, r), r;
};
const doubled = (target, key, descriptor) => ({ ...descriptor, value(...args) { return descriptor.value.apply(this, args) * 2 } });
const sealed = (Class) => { Class.sealed = true; return class extends Class { extra() { return 'extra' } } };
let Shop = class Shop {
    price(value) { return value; }
};
__decorate([doubled], Shop.prototype, "price", null);
Shop = __decorate([sealed], Shop);
export { Shop };
`,
  'decorators/main.mjs': `import { Shop } from './shop.mjs'
const shop = new Shop()
console.log('decorators', shop.price(4), shop.extra(), Shop.sealed, shop.constructor === Shop)
`,

  'texts/texts.mjs': `#!/usr/bin/env node
/* export function comment() {} */
const text = \`export function no() {} \${['}', "\\\`"].map((one) => \`\${one}\`).join('')}\` // export const neither = 1
export const pattern = (value) => /[/"'\`{]+export \\/ {/.test(value) ? value.length / 2 / 1 : -1
export const divided = (a, b) => {
  return (a + b) / b / 1 } // '
if (text) /export function regex/.test(text)
export const object = { call() { return 1 } }, { shape } = { shape: () => 2 }
export const after = () => [
  text, pattern('/{'), divided(4, 2)
]

;[1].forEach(() => {})
export const called = (() => 'called')()
export { default as data } from './data.json' with { type: 'json' }
`,
  'texts/data.json': '{ "export": "function untouched() {}" }',
  'texts/main.mjs': `import { after, object, shape, called, data } from './texts.mjs'
console.log('texts', after(), object.call(), shape(), called, data)
`,

  'stack/stack.mjs': `export const one = () => { throw new Error('one') }
export function two() { one() }
export default (value) => { two() }
export class Three {
  static run() { return new Three().go() }
  go() { two() }
}
export async function four() { await null; two() }
`,
  'stack/main.mjs': `import run, { Three, four } from './stack.mjs'
const places = (error) => [...error.stack.matchAll(/stack\\.mjs:(\\d+:\\d+)/g)].map(([, place]) => place).join(' ')
for (const task of [run, Three.run, four]) {
  try { await task() } catch (error) { console.log('stack', places(error)) }
}
`,

  'cjs/function.cjs': `module.exports = function area(width, height) { return width * height }
module.exports.unit = 'cm'
module.exports.default = module.exports
`,
  'cjs/named.cjs': `'use strict';
Object.defineProperty(exports, '__esModule', { value: true });
exports.inner = exports.value = exports.Shape = void 0;
exports.outer = outer;
const inner = (value) => value + 1;
exports.inner = inner;
function outer(value) { return (0, exports.inner)(value) + this.offset }
class Shape { sides() { return 4 } }
exports.Shape = Shape;
exports.value = 5;
Object.defineProperty(exports, 'computed', { enumerable: true, get: function () { return inner } });
exports.default = outer;
exports.plus = exports.sum = (a, b) => a + b;
`,
  'cjs/object.cjs': `const helper = require('./circle.cjs')
function first() { return 'first' }
const second = async () => 'second'
module.exports = { first, second, third() { return this.first() }, 'fourth-one': function () { return 4 }, get five() { return 5 }, helper, six: 6 }
`,
  'cjs/circle.cjs': `const object = require('./object.cjs')
exports.seen = () => Object.keys(object)
exports.before = Object.keys(object)
exports = module.exports = Object.assign(exports, { is: true })
`,
  'cjs/main.cjs': `const area = require('./function.cjs')
const named = require('./named.cjs')
const object = require('./object.cjs')
const circle = require('./circle.cjs')
console.log('function', area(2, 3), globalThis.Bun ? '' : area, area.default === area, Object.keys(area), area.name, area.length)
console.log('named', named.outer.call({ offset: 10 }, 1), named.computed(1), named.value, new named.Shape().sides(), Object.keys(named), named.plus === named.sum)
console.log('object', object.third(), object['fourth-one'](), object.five, object.six, object.helper === circle)
console.log('circle', circle.seen(), circle.before, circle.is, require.main === module, module.children.length)
object.second().then((value) => console.log('second', value))
`,
  'cjs/main.mjs': `import area, { unit } from './function.cjs'
import * as named from './named.cjs'
import object from './object.cjs'
console.log('interop', area(2, 3), unit, Object.keys(named).sort(), named.inner(1), named.computed(2), object.first())
`,
  'main.mjs': ['cycle', 'live', 'default', 'classes', 'generators', 'decorators', 'texts', 'stack', 'cjs']
    .map((folder) => `await import('./${folder}/main.mjs')`)
    .join('\n')
}

/** The same in TypeScript, of which only the types have to go. */
export const TYPED: Record<string, string> = {
  'shop.ts': `import type { Order } from './types.ts'
export type Price = { value: number }
export interface Named { name: string }
export function total(orders: Order[]): number
export function total(orders: string): string
export function total(orders: unknown): unknown { return Array.isArray(orders) ? orders.length : orders }
export const first = <T extends { id: number }>(list: readonly T[]): T | undefined => list[0]
export const make: (name: string) => { name: string } = (name: string): { name: string } => {
  return { name }
}
export const mapped: Map<string, Array<number>> = new Map<string, Array<number>>()
export const typed = async <T,>(value: T): Promise<T> => value as T
export abstract class Shop<T extends { a: number } = { a: number }> implements Named {
  name: string = 'shop'
  private count!: number
  abstract open(): void
  sell<K extends keyof T>(this: this, item: T, key: K): T[K] { return item[key] }
}
export class Kiosk extends Shop<{ a: number }> { open(): void {} }
export default function isOrder(value: unknown): value is Order { return typeof value === 'object' }
export function fail(): never { throw new Error('fail') }
export type { Order }
`,
  'types.ts': 'export interface Order { id: number }\n',
  'main.ts': `import isOrder, { total, first, make, mapped, typed, Kiosk, fail } from './shop.ts'
const kiosk = new Kiosk()
kiosk.open()
console.log('types', total([{ id: 1 }]), total('x'), first([{ id: 2 }])?.id, make('n').name, mapped.size, await typed(3))
console.log('kiosk', kiosk.sell({ a: 5 }, 'a'), kiosk.name, isOrder({}))
try { fail() } catch (error) { console.log((error as Error).stack?.match(/shop\\.ts:(\\d+:\\d+)/)?.[1]) }
`
}
