import { raise } from '../assert.ts'

type Make = () => unknown

const traps = [
  'apply',
  'construct',
  'defineProperty',
  'deleteProperty',
  'get',
  'getOwnPropertyDescriptor',
  'getPrototypeOf',
  'has',
  'isExtensible',
  'ownKeys',
  'preventExtensions',
  'set',
  'setPrototypeOf'
] as const

/** A handler whose traps all throw, or only the one named. */
function refusing(only?: string): ProxyHandler<object> {
  const refused = traps.filter((trap) => only === undefined || trap === only)
  return Object.fromEntries(refused.map((trap) => [trap, () => raise(new Error(`trap ${trap}`))]))
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** Its prototype is another like it, and so on; stops a reader that has no end. */
function endlessPrototypes(): unknown {
  let steps = 0
  const next = (): object =>
    new Proxy({}, { getPrototypeOf: () => (++steps > 10_000 ? raise(new Error('no end')) : next()) })
  return next()
}

/** A getter gives another object with a getter, and so on. */
function endlessGetters(): object {
  return {
    get next() {
      return endlessGetters()
    }
  }
}

function growing(): object {
  let id = 0
  const value: object = Object.defineProperty({}, 'grow', {
    enumerable: true,
    get: () => Object.assign(value, { [`more${++id}`]: id })
  })
  return value
}

/** Values that fight back when they are looked at. */
export const proxies: Record<string, Make> = {
  'a Proxy whose every trap throws': () => new Proxy({}, refusing()),
  'a Proxy of an array whose every trap throws': () => new Proxy([], refusing()),
  'a Proxy of a function whose every trap throws': () => new Proxy(() => {}, refusing()),
  'a Proxy of an error whose every trap throws': () => new Proxy(new Error('inside'), refusing()),
  'a Proxy whose handler is a Proxy that throws': () => new Proxy({}, new Proxy({}, refusing('get'))),
  ...Object.fromEntries(
    ['get', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'has', 'ownKeys'].map((trap) => [
      `a Proxy whose trap ${trap} throws`,
      () =>
        new Proxy(
          Object.assign(() => {}, { id: 1 }),
          refusing(trap)
        )
    ])
  ),
  'a revoked Proxy': () => revoked({}),
  'a revoked Proxy of an array': () => revoked([]),
  'a revoked Proxy of a function': () => revoked(() => {}),
  'an object that holds a revoked Proxy': () => ({ held: revoked({}), list: [revoked([])] }),
  'a Proxy of a Map': () => new Proxy(new Map([[1, 2]]), {}),
  'a Proxy of a Date': () => new Proxy(new Date(0), {}),
  'a Proxy that is also in its own prototype chain': () => Object.create(new Proxy({}, refusing())),
  'a Proxy that lies about its keys': () =>
    new Proxy(
      {},
      {
        ownKeys: () => ['a', 'b'],
        getOwnPropertyDescriptor: () => ({ get: () => raise(new Error('lie')), configurable: true, enumerable: true })
      }
    ),
  'a Proxy with an array whose length lies': () =>
    new Proxy([], { get: (target, key) => (key === 'length' ? Number.POSITIVE_INFINITY : Reflect.get(target, key)) }),
  'a Proxy that answers every property with itself': () => {
    const proxy: unknown = new Proxy(() => {}, { get: () => proxy, apply: () => proxy })
    return proxy
  },
  'prototypes without end': endlessPrototypes,
  'getters without end': endlessGetters,
  'an object that grows when it is read': growing,
  'a Proxy of globalThis': () => new Proxy(globalThis, {})
}
