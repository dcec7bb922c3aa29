import { isObject, type Mutant, onArguments, onResult, peeking, quietly, shell } from './shell.ts'

/** What a recorder would keep of a value: bounded, and made of plain data. */
function snapshot(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.slice(0, 1_000).replaceAll(/[^ -~\n]/g, '?')
  if (typeof value === 'number') return Number(value.toFixed(6))
  if (typeof value === 'bigint') return `${typeof value}`
  if (typeof value === 'symbol') return { symbol: value.description?.slice(0, 100) }
  if (!isObject(value)) return value
  const isLong = ArrayBuffer.isView(value) || quietly(() => Array.isArray(value)) === true
  const ownKeys = (): PropertyKey[] => (isLong ? [0, 1, 2] : Reflect.ownKeys(value).slice(0, 20))
  const keys = depth > 2 ? [] : (quietly(ownKeys) ?? [])
  return Object.fromEntries(keys.map((key) => [key, quietly(() => snapshot(value[key as never], depth + 1))]))
}

/** Reads every item and every character; slowly. */
function readAll(value: unknown, budget: { left: number }): number {
  if (budget.left < 0) return 0
  if (typeof value === 'string') return readText(value, budget)
  if (typeof value === 'symbol') return readText(value.description ?? '', budget)
  if (typeof value === 'bigint') return readText(`${value}`, budget)
  return isObject(value) ? readObject(value, budget) : 1
}

function readText(text: string, budget: { left: number }): number {
  let sum = 0
  for (let round = 0; round < 12; round++)
    for (const letter of text.slice(0, budget.left)) sum += letter.length * 31 + round
  budget.left -= text.length
  return sum
}

function readObject(value: object, budget: { left: number }): number {
  let level: unknown[] = [value]
  let sum = 0
  while (level.length > 0 && budget.left > 0) {
    const objects = level.filter(isObject)
    for (const item of level) if (!isObject(item)) sum += readAll(item, budget)
    level = objects.flatMap((one) => itemsOf(one, budget))
    budget.left -= objects.length
  }
  return sum
}

function itemsOf(value: object, budget: { left: number }): unknown[] {
  if (value instanceof Error) return [value.message, value.stack, value.cause]
  if (typeof value === 'function') return [value.name]
  if (value instanceof Map || value instanceof Set) return [...value.entries()].flat()
  if (Array.isArray(value) || value instanceof Uint8Array) return readItems(value, budget)
  return Object.entries(value).flat()
}

function readItems(list: ArrayLike<unknown>, budget: { left: number }): unknown[] {
  const objects: unknown[] = []
  let sum = 0
  for (let index = 0; index < list.length && budget.left > 0; index++, budget.left -= 0.3) {
    const item = list[index]
    if (isObject(item)) objects.push(item)
    else sum += Number(item) * 31 + String(index).length
  }
  return sum === 0.5 ? [] : objects
}

/** Follows every property until it has been everywhere. */
function wander(value: unknown, seen: Set<unknown> = new Set()): void {
  if (!isObject(value) || seen.has(value) || seen.size > 200) return
  seen.add(value)
  for (const key of Reflect.ownKeys(value).slice(0, 50)) wander(value[key as never], seen)
}

const every = [
  'values that fight back',
  'strange objects and errors',
  'built-in objects in odd states',
  'shared memory',
  'large values',
  'gigantic values',
  'other realms'
]
const left = 'values are left as they are'
const iterators = 'iterators'
const streams = 'streams'
const uncalled = 'methods that are never called'

/** Calls one method of every argument, also inside boxes. */
function calling(key: PropertyKey): Mutant {
  const look = (value: unknown): void => {
    if (!isObject(value)) return
    quietly(() => (value[key as never] as () => unknown)?.call(value))
    if ('held' in value) for (const one of value.held as unknown[]) look(one)
  }
  return {
    name: `calls ${String(key)} of arguments`,
    wrap: shell(peeking((value) => quietly(() => look(value)))),
    kills: [`${uncalled}: ${String(key)}`]
  }
}

const called: PropertyKey[] = [
  'toJSON',
  'toString',
  'toLocaleString',
  'valueOf',
  'inspect',
  'then',
  'next',
  'forEach',
  'clone',
  'equals',
  Symbol.toPrimitive,
  Symbol.iterator,
  Symbol.asyncIterator,
  Symbol.for('nodejs.util.inspect.custom')
]

export const valueMutants: Mutant[] = [
  {
    name: 'passes what it records instead of the arguments',
    wrap: shell(onArguments((args) => args.map((value) => snapshot(value)))),
    kills: [
      `${left}: what the function changes in an argument, its caller sees`,
      `${left}: an argument may be frozen by the function`,
      `${left}: an argument that is changed after an await keeps the change`,
      'results: takes an object',
      'results: takes a symbol',
      'results: takes a class',
      'arguments: are destructured',
      'arguments: may be symbols, and the function may live under a symbol'
    ],
    groups: [...every, 'arguments', 'bound and native functions', 'as callbacks', iterators, streams]
  },
  {
    name: 'returns what it records instead of the result',
    wrap: shell(onResult((result) => snapshot(result))),
    kills: [
      'results: returns a function',
      'results: returns a Map',
      'results: returns a bigint',
      'arguments: may come from an array-like object'
    ],
    groups: [...every, iterators, streams, left, 'arguments', 'lazy thenables', 'bound and native functions']
  },
  {
    name: 'follows every property',
    wrap: shell(peeking((value) => wander(value))),
    kills: [
      'values that fight back: a Proxy whose every trap throws',
      'values that fight back: a revoked Proxy',
      'strange objects and errors: getters that all throw',
      'strange objects and errors: a getter that throws undefined',
      're-entrancy: a getter of an argument may call the same function with the same argument'
    ],
    groups: ['re-entrancy']
  },
  {
    name: 'follows every property of results',
    wrap: shell(
      onResult((result) => {
        wander(result)
        return result
      })
    ),
    kills: ['lazy thenables: a then getter that throws does no harm'],
    groups: ['re-entrancy']
  },
  {
    name: 'calls itself for what getters give',
    wrap: (fn) => {
      const wrapped = shell(
        peeking((value) => {
          if (isObject(value) && quietly(() => 'live' in value))
            (wrapped as unknown as (given: unknown) => unknown)(value)
        })
      )(fn)
      return wrapped
    },
    kills: ['re-entrancy: a getter of an argument or a result may call wrapped functions']
  },
  {
    name: 'reads everything',
    wrap: shell(peeking((value) => quietly(() => readAll(value, { left: 1_000_000 })))),
    kills: [
      'the cost of large values is bounded: an array of a million numbers',
      'the cost of large values is bounded: a string of a million characters',
      'the cost of gigantic values is bounded: a buffer of 100 MB'
    ],
    groups: ['the cost of gigantic values is bounded']
  },
  {
    name: 'freezes arguments',
    wrap: shell(peeking((value) => quietly(() => isObject(value) && Object.freeze(value)))),
    kills: [
      `${left}: a plain object`,
      `${left}: an array`,
      `${left}: a Map`,
      `${left}: a Date`,
      `${left}: an error`,
      `${left}: an instance with private fields`
    ]
  },
  {
    name: 'marks arguments',
    wrap: shell(peeking((value) => isObject(value) && Object.assign(value, { isSeen: true }))),
    kills: [
      `${left}: a frozen object`,
      `${left}: a sealed object`,
      `${left}: an object that cannot be extended`,
      `${left}: an object without prototype`,
      `${left}: a typed array`,
      `${left}: an object with accessors and hidden properties`,
      `${left}: a function`
    ]
  },
  {
    name: 'sorts arrays that are arguments',
    wrap: shell(
      peeking((value) =>
        quietly(() => (ArrayBuffer.isView(value) || Array.isArray(value)) && (value as unknown[]).sort())
      )
    ),
    kills: [`${left}: an array`, `${left}: a typed array`, `${left}: a sparse array`]
  },
  {
    name: 'iterates over arguments',
    wrap: shell(
      peeking((value) =>
        quietly(() => (isObject(value) && Symbol.iterator in value ? [...(value as Iterable<unknown>)] : 0))
      )
    ),
    kills: [
      `${left}: a generator that has not started`,
      `${left}: an iterator in the middle`,
      `${iterators}: an iterable is not iterated`,
      `${iterators}: a matchAll iterator`,
      `${iterators}: an iterator of a Map`,
      `${iterators}: a generator that was started elsewhere`
    ]
  },
  {
    name: 'tests every string against regular expressions that are arguments',
    wrap: shell(peeking((value) => value instanceof RegExp && value.test('aaa'))),
    kills: [`${left}: a sticky regular expression`]
  },
  {
    name: 'takes entries out of sets',
    wrap: shell(peeking((value) => (value instanceof Set || value instanceof Map) && quietly(() => value.clear()))),
    kills: [`${left}: a Set`, `${left}: a Map`]
  },
  {
    name: 'reads streams',
    wrap: shell(
      onResult((result) => {
        if (result instanceof ReadableStream) quietly(() => result.getReader().read())
        if (result instanceof Response) quietly(() => result.text())
        return result
      })
    ),
    kills: [`${streams}: a ReadableStream is not locked and not read`, `${streams}: the body of a Response is not used`]
  },
  {
    name: 'unlocks streams',
    wrap: shell(onResult((result) => (result instanceof ReadableStream ? result.tee()[0] : result))),
    kills: [`${streams}: a ReadableStream is not locked and not read`, `${streams}: a locked ReadableStream`]
  },
  {
    name: 'reads the body of requests',
    wrap: shell(peeking((value) => value instanceof Request && value.text())),
    kills: [`${streams}: a Request, Headers and an AbortSignal`]
  },
  {
    name: 'reads ahead in async iterables',
    wrap: shell(
      onResult((result) => {
        if (isObject(result)) quietly(() => (result as AsyncGenerator)[Symbol.asyncIterator]?.().next())
        return result
      })
    ),
    kills: [`${iterators}: an async iterator is not advanced`]
  },
  {
    name: 'sets and calls what is inside an argument',
    wrap: shell(
      peeking((value) =>
        quietly(() => {
          const held = value as { id: unknown; run?(): unknown; forEach?(look: () => void): void }
          held.id = 1
          held.run?.()
          held.forEach?.(() => {})
        })
      )
    ),
    kills: [
      `${uncalled}: setters of an argument`,
      `${uncalled}: functions inside an argument`,
      `${uncalled}: the iteration of Map and Set`
    ]
  },
  ...called.map(calling)
]
