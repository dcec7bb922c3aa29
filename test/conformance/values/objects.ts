import { raise } from '../assert.ts'

type Make = () => unknown

function refuse(): never {
  return raise(new Error('was read'))
}

/** An object with a getter that throws under each of the keys. */
function trapped(target: object, ...keys: PropertyKey[]): unknown {
  for (const key of keys) Object.defineProperty(target, key, { get: refuse, enumerable: true, configurable: true })
  return target
}

const conversions = ['toJSON', 'toString', 'valueOf', 'toLocaleString', 'then', 'constructor', 'name', 'length', 'size']
const symbols = [
  Symbol.toPrimitive,
  Symbol.toStringTag,
  Symbol.iterator,
  Symbol.asyncIterator,
  Symbol.hasInstance,
  Symbol.species,
  Symbol.isConcatSpreadable,
  Symbol.unscopables,
  Symbol.for('nodejs.util.inspect.custom')
]

function cycle(): object {
  const value: Record<string, unknown> = { list: [] }
  value.self = value
  ;(value.list as unknown[]).push(value, value.list)
  return value
}

function selfContaining(): unknown {
  const [map, set] = [new Map<unknown, unknown>(), new Set<unknown>()]
  map.set(map, set).set('set', map)
  return set.add(set).add(map) && map
}

/** An error whose stack has been put together, which V8 does late, and by calling its `name` and `message`. */
function settled(message: string): Error {
  const error = new Error(message)
  return error.stack === undefined ? raise(error) : error
}

/** Error fields of a kind that errors do not have. */
function strangeError(fields: object): Error {
  return Object.defineProperties(settled('inside'), Object.getOwnPropertyDescriptors(fields))
}

function cyclicCauses(): Error {
  const [first, second] = [new Error('first'), new Error('second')]
  return Object.assign(first, { cause: Object.assign(second, { cause: first }) })
}

const stringProperties = Object.fromEntries(
  conversions.map((key): [string, Make] => [`a getter for ${key} that throws`, () => trapped({}, key)])
)
const symbolProperties = Object.fromEntries(
  symbols.map((key): [string, Make] => [`a getter for ${String(key)} that throws`, () => trapped({}, key)])
)

/** Plain objects and errors that are not what they seem. */
export const objects: Record<string, Make> = {
  ...stringProperties,
  ...symbolProperties,
  'getters that all throw': () => trapped({}, ...conversions, ...symbols, 'id', '__proto__', '0'),
  'getters that throw on the prototype': () => Object.create(trapped({}, ...conversions, ...symbols) as object),
  'an array with a getter that throws': () => trapped([1, 2, 3], '1'),
  'a getter that throws undefined': () => ({
    get id() {
      return raise(undefined)
    }
  }),
  'a getter that throws the object itself': () => {
    const value = Object.defineProperty({}, 'id', { get: () => raise(value), enumerable: true })
    return value
  },
  'a setter without a getter': () => Object.defineProperty({}, 'id', { set: refuse, enumerable: true }),
  'an object that contains itself': cycle,
  'a Map and a Set that contain themselves': selfContaining,
  'a cycle through getters': () => ({
    get self() {
      return this
    }
  }),
  'an object without prototype': () => Object.assign(Object.create(null), { id: 1 }),
  'an object whose prototype has none': () => Object.create(Object.create(null)),
  'an own __proto__ key': () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'),
  'keys of every sort': () => ({ '': 1, ' ': 2, 0: 3, '-1': 4, '\u0000': 5, '\ud800': 6, ключ: 7, [Symbol()]: 8 }),
  'methods of objects replaced by data': () => ({ hasOwnProperty: 1, toString: null, valueOf: 'x', isPrototypeOf: [] }),
  'a constructor that is null': () => ({ constructor: null }),
  'a constructor without a name': () => ({ constructor: { name: { toString: refuse } } }),
  'a toStringTag that is not a string': () => ({ [Symbol.toStringTag]: { toString: refuse } }),
  'a toStringTag that lies': () => ({ [Symbol.toStringTag]: 'Promise', nodeType: 1 }),
  'an array-like object of endless length': () => ({ length: Number.POSITIVE_INFINITY, size: -1, byteLength: 1e12 }),
  'an object that says it is an error': () => Object.create(Error.prototype),
  'an object that says it is a promise': () => Object.create(Promise.prototype),
  'an object that says it is a Map': () => Object.create(Map.prototype),
  'an object that says it is a Date': () => Object.create(Date.prototype),
  'an object that says it is a typed array': () => Object.create(Uint8Array.prototype),
  'an error with getters that throw': () => trapped(settled('inside'), 'message', 'stack', 'name', 'cause', 'code'),
  'an error whose stack is not a string': () => strangeError({ stack: { toString: refuse }, message: 7n }),
  'an error whose name is a symbol': () => strangeError({ name: Symbol('name'), stack: undefined }),
  'errors that cause each other': cyclicCauses,
  'an AggregateError with strange errors': () =>
    new AggregateError([1, null, trapped({}, 'message'), cyclicCauses()], 'many'),
  'an AggregateError whose errors cannot be read': () => trapped(new AggregateError([]), 'errors'),
  'an error of a class with a getter for message': () =>
    new (class extends Error {
      override get message(): string {
        return refuse()
      }
    })(),
  'a DOMException': () => new DOMException('stopped', 'AbortError'),
  'a frozen object': () => Object.freeze({ id: Object.freeze([1]) }),
  'a sealed object': () => Object.seal({ id: 1 }),
  'the arguments object': () =>
    (function (..._rest: number[]) {
      // biome-ignore lint: `arguments` is the point
      return arguments
    })(1, 2),
  'an instance with private fields and a getter that throws': () =>
    new (class Hidden {
      #id = 1
      get id(): number {
        return this.#id + refuse()
      }
    })()
}
