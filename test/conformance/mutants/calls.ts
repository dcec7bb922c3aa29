import { raise } from '../assert.ts'
import { type Fn, type Mutant, onArguments, onResult, onThrow, quietly, shell } from './shell.ts'

let isBusy = false

/** As deep in the stack as a chain of small helpers would be. */
function deep(levels: number, run: () => unknown): unknown {
  return levels === 0 ? run() : deep(levels - 1, () => run())
}

/** The same source, compiled again: without its closure, its `this` and its home object. */
function compiledAgain(fn: Fn): Fn {
  const source = String(fn)
  const text = /^(async )?[\w$]+\(/.test(source) ? `({ ${source} })[${JSON.stringify(fn.name)}]` : `(${source})`
  return quietly(() => new Function(`return ${text}`)() as Fn) ?? fn
}

export const calls: Mutant[] = [
  {
    name: 'compiles the source again',
    wrap: shell({ call: (fn, self, args) => Reflect.apply(compiledAgain(fn), self, args) }),
    kills: ['this: is lexical in an arrow function', 'this: super in an object literal keeps its home object']
  },
  {
    name: 'loses this',
    wrap: shell({ call: (fn, _self, args) => fn(...args) }),
    kills: [
      'this: is the object of a method call',
      'this: is a number',
      'arguments: defaults are evaluated at each call, with this',
      'as callbacks: of an event target, with its this',
      'recursion: of methods keeps this'
    ],
    groups: ['as callbacks', 'bound and native functions', 'async functions', 'generators', 'async generators']
  },
  {
    name: 'replaces an undefined this by globalThis',
    wrap: shell({ call: (fn, self, args) => Reflect.apply(fn, self ?? globalThis, args) }),
    kills: ['this: is undefined in a plain call', 'this: is null']
  },
  {
    name: 'boxes a primitive this',
    wrap: shell({ call: (fn, self, args) => Reflect.apply(fn, self === undefined ? self : Object(self), args) }),
    kills: ['this: is a string', 'this: is a symbol', 'this: is a bigint', 'this: is a boolean']
  },
  {
    name: 'passes the wrapper as this',
    wrap: shell({ call: (fn, self, args, wrapper) => Reflect.apply(fn, self ?? wrapper, args) }),
    kills: ['bound and native functions: functions that refuse a foreign this'],
    groups: ['bound and native functions']
  },
  {
    name: 'is an arrow function',
    wrap: ((fn: Fn) =>
      (...args: unknown[]) =>
        fn(...args)) as never,
    kills: [
      'new: makes an instance of the class',
      'subclasses: run super() and get the fields',
      'statics: are read through the wrapper',
      'new.target: lets a class refuse to be instantiated'
    ],
    groups: ['subclasses', 'new.target', 'a wrapper of a wrapper', 'generator objects', 'bound and native functions']
  },
  {
    name: 'is an async function',
    wrap: ((fn: Fn) =>
      async (...args: unknown[]) =>
        fn(...args)) as never,
    kills: ['results: returns an object', 'throws: throws an error', 'iterators: a wrapped next() makes an iterator'],
    groups: [
      'as callbacks',
      'promises that a plain function returns',
      're-entrancy',
      'recursion',
      'iterators',
      'values are left as they are'
    ]
  },
  {
    name: 'swallows throws',
    wrap: shell(onThrow(() => undefined)),
    kills: [
      'throws: throws undefined',
      'recursion: an endless one overflows with a RangeError',
      'arguments: a default that throws throws',
      'bound and native functions: a revoked Proxy of a function throws when called',
      'throws: passes through wrapped callers, and can be caught there'
    ],
    groups: ['bound and native functions', 'as callbacks', 're-entrancy', 'subclasses', 'this']
  },
  {
    name: 'swallows throws of constructors',
    wrap: shell({
      make(fn, args, target) {
        try {
          return Reflect.construct(fn, args, target)
        } catch {
          return {}
        }
      }
    }),
    kills: [
      'new: throws what the constructor throws',
      'new: an arrow function cannot be called with it',
      'recursion: an endless constructor overflows with a RangeError'
    ],
    groups: ['bound and native functions', 'generator objects', 'new.target']
  },
  {
    name: 'wraps what is thrown in an error',
    wrap: shell(onThrow((error) => raise(new Error('call failed', { cause: error })))),
    kills: [
      'throws: throws an error',
      'recursion: an overflow can be caught by a wrapped caller, and calls work again',
      'throws: a native function throws its own error'
    ],
    groups: ['values are left as they are']
  },
  {
    name: 'makes errors of what is no error',
    wrap: shell(onThrow((error) => raise(error instanceof Error ? error : new Error(typeof error)))),
    kills: [
      'throws: throws null',
      'throws: throws a symbol',
      'throws: throws an object that looks like an error',
      'other realms: what a function of another realm throws comes back'
    ],
    groups: ['generators', 'throw() and return() of generators']
  },
  {
    name: 'takes a falsy throw for none',
    wrap: shell(onThrow((error) => (error ? raise(error) : undefined))),
    kills: [
      'throws: throws undefined',
      'throws: throws the empty string',
      'throws: throws minus zero',
      'throws: throws NaN',
      'throws: throws false'
    ]
  },
  {
    name: 'adds to the message of an error',
    wrap: shell(
      onThrow((error) =>
        raise(error instanceof Error ? Object.assign(error, { message: `call failed: ${error.message}` }) : error)
      )
    ),
    kills: [
      'throws: an error keeps its message, stack, cause and own properties',
      'values are left as they are: an error'
    ]
  },
  {
    name: 'marks errors',
    wrap: shell(onThrow((error) => raise(error instanceof Error ? Object.assign(error, { spanId: 1 }) : error))),
    kills: ['throws: an error keeps its message, stack, cause and own properties']
  },
  {
    name: 'tries again after a throw',
    wrap: shell(onThrow((_error, again) => again())),
    kills: ['throws: finally blocks of the function run']
  },
  {
    name: 'throws the last error at the next call too',
    wrap: (fn) => {
      let last: unknown[] = []
      const call = (inner: Fn, self: unknown, args: unknown[]): unknown => {
        if (last.length > 0) throw last.pop()
        try {
          return Reflect.apply(inner, self, args)
        } catch (error) {
          last = [error]
          throw error
        }
      }
      return shell({ call })(fn)
    },
    kills: ['throws: the next call is not affected']
  },
  {
    name: 'passes only the declared arguments',
    wrap: shell(onArguments((args, fn) => args.slice(0, fn.length))),
    kills: [
      'arguments: reach a function of no parameters',
      'arguments: reach a function of four parameters',
      'arguments: reach a function of a rest parameter',
      'arguments: that are missing or undefined get their defaults',
      'bound and native functions: Math.max, parseInt, Number.isInteger'
    ],
    groups: ['as callbacks', 'bound and native functions', 'new', 'subclasses']
  },
  {
    name: 'passes five arguments at most',
    wrap: shell(onArguments((args) => args.slice(0, 5))),
    kills: ['arguments: reach a function of nine parameters', 'arguments: may be ten thousand']
  },
  {
    name: 'fills up missing arguments with undefined',
    wrap: shell(
      onArguments((args, fn) => Array.from({ length: Math.max(args.length, fn.length) }, (_, id) => args[id]))
    ),
    kills: [
      'arguments: that are missing differ from undefined',
      'arguments: reach a function of one parameter',
      'arguments: reach a function of two parameters'
    ]
  },
  {
    name: 'drops undefined at the end of the arguments',
    wrap: shell(onArguments((args) => (args.at(-1) === undefined ? args.slice(0, -1) : args))),
    kills: ['arguments: that are missing differ from undefined']
  },
  {
    name: 'passes null for undefined',
    wrap: shell(onArguments((args) => args.map((value) => value ?? null))),
    kills: [
      'arguments: that are missing or undefined get their defaults',
      'results: takes undefined',
      'new: passes arguments and leaves defaults alone'
    ]
  },
  {
    name: 'runs the function twice',
    wrap: shell({
      call(fn, self, args) {
        Reflect.apply(fn, self, args)
        return Reflect.apply(fn, self, args)
      }
    }),
    kills: ['results: runs the function once a call', 'async functions: start before the call returns'],
    groups: ['statics', 'as callbacks', 'async functions']
  },
  {
    name: 'runs the function when it wraps',
    wrap: shell({
      begin: (fn) =>
        void (
          fn.length === 0 &&
          (fn.prototype === undefined || fn.prototype === null) &&
          Reflect.apply(fn, undefined, [])
        )
    }),
    kills: ['results: does not run the function when it is wrapped', 'results: runs the function once a call']
  },
  {
    name: 'runs the function after the call',
    wrap: shell({ call: (fn, self, args) => void queueMicrotask(() => Reflect.apply(fn, self, args)) }),
    kills: ['results: runs the function during the call']
  },
  {
    name: 'remembers the first result',
    wrap: (fn) => {
      const kept: unknown[] = []
      const call = (inner: Fn, self: unknown, args: unknown[]): unknown => {
        if (kept.length === 0) kept.push(Reflect.apply(inner, self, args))
        return kept[0]
      }
      return shell({ call })(fn)
    },
    kills: [
      'results: runs the function once a call',
      'async functions: give another promise at each call',
      'generators: can run side by side',
      'arguments: of a tagged template are the very strings of the site'
    ],
    groups: ['async functions', 'arguments', 'generators', 'async generators', 're-entrancy', 'statics']
  },
  {
    name: 'returns null for undefined',
    wrap: shell(onResult((result) => result ?? null)),
    kills: ['results: returns undefined']
  },
  {
    name: 'returns undefined for what is falsy',
    wrap: shell(onResult((result) => result || undefined)),
    kills: [
      'results: returns null',
      'results: returns minus zero',
      'results: returns the empty string',
      'results: returns false',
      'results: returns NaN'
    ]
  },
  {
    name: 'returns a copy of plain objects and arrays',
    wrap: shell(
      onResult((result) => {
        if (Array.isArray(result)) return [...result]
        return Object.prototype.toString.call(result) === '[object Object]' ? { ...(result as object) } : result
      })
    ),
    kills: [
      'results: returns an object',
      'results: returns an array',
      'values are left as they are: a plain object',
      'values are left as they are: what the caller changes in a result, the function sees'
    ],
    groups: ['other realms', 'values are left as they are']
  },
  {
    name: 'returns another object every thousandth call',
    wrap: (fn) => {
      let count = 0
      return shell(onResult((result) => (++count % 1_000 === 0 ? {} : result)))(fn)
    },
    kills: ['results: returns the same object at every call']
  },
  {
    name: 'does nothing when it is called from inside another call',
    wrap: shell({
      call(fn, self, args) {
        if (isBusy) return undefined
        isBusy = true
        try {
          return Reflect.apply(fn, self, args)
        } finally {
          isBusy = false
        }
      }
    }),
    kills: [
      'recursion: a tenth as deep as the stack, up to five thousand calls',
      'recursion: as a tree',
      'throws: passes through wrapped callers, and can be caught there',
      're-entrancy: a wrapped function may wrap, and call what it wrapped'
    ],
    groups: ['re-entrancy', 'a wrapper of a wrapper', 'subclasses', 'this']
  },
  {
    name: 'needs a lot of stack',
    wrap: shell({ call: (fn, self, args) => deep(40, () => Reflect.apply(fn, self, args)) }),
    kills: [
      'recursion: a tenth as deep as the stack, up to five thousand calls',
      'recursion: mutual, a tenth as deep as the stack'
    ]
  },
  {
    name: 'returns undefined when its own work overflows the stack',
    wrap: shell({
      call(fn, self, args) {
        const result = Reflect.apply(fn, self, args)
        try {
          deep(20, () => 1)
        } catch {
          return undefined
        }
        return result
      }
    }),
    kills: ['recursion: at the edge of the stack a call gives its result or a RangeError']
  }
]
