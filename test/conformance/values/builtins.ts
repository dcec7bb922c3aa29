import { raise } from '../assert.ts'

type Make = () => unknown

function refuse(): never {
  return raise(new Error('was called'))
}

const broken = {
  value: refuse,
  configurable: true
}

/** A value of which every way to iterate over it, or to convert it, throws. */
function unusable<T extends object>(value: T, ...keys: PropertyKey[]): T {
  const all = ['entries', 'keys', 'values', 'forEach', 'toString', 'toJSON', 'valueOf', Symbol.iterator, ...keys]
  for (const key of all) Object.defineProperty(value, key, broken)
  return value
}

class StubbornMap extends Map<unknown, unknown> {
  override get size(): number {
    return refuse()
  }
  override [Symbol.iterator](): never {
    return refuse()
  }
  override entries(): never {
    return refuse()
  }
  override forEach(): never {
    return refuse()
  }
}

class StubbornSet extends Set<unknown> {
  override get size(): number {
    return refuse()
  }
  override [Symbol.iterator](): never {
    return refuse()
  }
  override values(): never {
    return refuse()
  }
}

class StubbornArray extends Array<number> {
  static override get [Symbol.species](): never {
    return refuse()
  }
  override [Symbol.iterator](): never {
    return refuse()
  }
  override slice(): never {
    return refuse()
  }
  override map(): never {
    return refuse()
  }
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}

function detachedArray(): Uint8Array {
  const array = new Uint8Array(8)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  return array
}

const typedArrays = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array
]

const boxed: Record<string, unknown> = {
  string: 'text',
  number: 1,
  boolean: false,
  bigint: 1n,
  symbol: Symbol('boxed')
}

/** Built-in objects, in odd states. */
export const builtins: Record<string, Make> = {
  ...Object.fromEntries(typedArrays.map((Kind): [string, Make] => [`a ${Kind.name}`, () => new Kind(3)])),
  ...Object.fromEntries(
    Object.entries(boxed).map(([kind, value]): [string, Make] => [`a boxed ${kind}`, () => Object(value)])
  ),
  'a DataView': () => new DataView(new ArrayBuffer(4)),
  'a typed array that cannot be iterated': () => unusable(new Uint8Array(3), 'length', 'buffer', 'byteLength'),
  'a detached buffer': detached,
  'a typed array whose buffer is detached': detachedArray,
  'a Map whose iteration throws': () => new StubbornMap().set(1, 2),
  'a Set whose iteration throws': () => new StubbornSet().add(1),
  'an array whose iteration throws': () => StubbornArray.of(1, 2),
  'a Map with own methods that throw': () => unusable(new Map([[1, 2]]), 'get', 'has', 'size'),
  'an array with own methods that throw': () => unusable([1, 2], 'slice', 'map', 'constructor'),
  'an invalid Date': () => new Date(Number.NaN),
  'a Date that cannot be converted': () => unusable(new Date(0), 'getTime', 'toISOString', Symbol.toPrimitive),
  'a regular expression that cannot be read': () => unusable(/a/g, 'source', 'flags', 'exec', 'global'),
  'a URL': () => new URL('https://user@example.com/a?b=1#c'),
  'a WeakRef': () => new WeakRef({}),
  'a WeakMap': () => new WeakMap([[{}, 1]]),
  'a WeakSet': () => new WeakSet([{}]),
  'a FinalizationRegistry': () => new FinalizationRegistry(() => {}),
  'a pending promise': () => new Promise(() => {}),
  'a generator that was not started': () =>
    (function* () {
      yield refuse()
    })(),
  'an async generator that was not started': () =>
    (async function* () {
      yield refuse()
    })(),
  'an iterator that throws': () => ({ next: refuse, return: refuse, throw: refuse, [Symbol.iterator]: refuse }),
  'a registered symbol': () => Symbol.for('registered'),
  'a symbol without description': () => Symbol(),
  'a well-known symbol': () => Symbol.iterator,
  'a negative bigint': () => -(2n ** 64n),
  'a lone surrogate': () => 'a\ud800b\udc00',
  'a string of control characters': () => '\u0000\u001b[31m\r\n\u2028\ufeff',
  'a number at the end of its range': () => Number.MIN_VALUE,
  globalThis: () => globalThis,
  'the Function prototype': () => Function.prototype,
  'the Object prototype': () => Object.prototype,
  'the namespace objects': () => [Math, JSON, Reflect, Atomics, Intl],
  'a class': () =>
    class {
      static [Symbol.toPrimitive](): never {
        return refuse()
      }
    },
  'a function with properties that throw': () => unusable(() => 1, 'name', 'length', 'call', 'apply')
}

/** Views of memory that threads share. */
export const shared: Record<string, Make> = {
  'a SharedArrayBuffer': () => new SharedArrayBuffer(8),
  'a typed array over shared memory': () => new Int32Array(new SharedArrayBuffer(8))
}
