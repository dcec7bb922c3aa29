import { raise } from '../assert.ts'
import { disguise, type Fn, type Mutant, type Parts, quietly, shell } from './shell.ts'

/** A mutant that is dressed well, and then changed. */
function then(change: (wrapper: Fn, fn: Fn) => unknown): Parts {
  return {
    dress(wrapper, fn) {
      disguise(wrapper, fn)
      change(wrapper, fn)
    }
  }
}

function define(key: PropertyKey, value: (fn: Fn) => unknown, enumerable = false): Parts {
  return then((wrapper, fn) =>
    Object.defineProperty(wrapper, key, { value: value(fn), configurable: true, enumerable })
  )
}

/** Everything own is copied, getters with their present value, as Object.assign does. */
function copy(wrapper: Fn, fn: Fn): void {
  for (const key of Reflect.ownKeys(fn))
    quietly(() => Object.defineProperty(wrapper, key, { value: fn[key as never], configurable: true }))
  quietly(() => {
    wrapper.prototype = fn.prototype
  })
}

const properties = 'name, length, prototype'

export const propertyMutants: Mutant[] = [
  {
    name: 'loses the name',
    wrap: shell(define('name', () => '')),
    kills: [
      `${properties}: of a function declaration`,
      `${properties}: of a method with a symbol for a name`,
      `${properties}: of a bound function`,
      `${properties}: of a class with a static method called name`,
      'a wrapper of a wrapper: keeps name, length and statics'
    ],
    groups: ['other realms']
  },
  {
    name: 'names itself after the function with a prefix',
    wrap: shell(define('name', (fn) => `wrapped ${String(quietly(() => fn.name))}`)),
    kills: [`${properties}: of an anonymous function`]
  },
  {
    name: 'names by String()',
    wrap: shell(define('name', (fn) => String(fn.name))),
    kills: [
      `${properties}: of a function whose name is not a string`,
      'statics: a getter for name that throws does no harm',
      'bound and native functions: a Proxy whose get trap throws can be wrapped'
    ],
    groups: ['statics', 'bound and native functions']
  },
  {
    name: 'loses the length',
    wrap: shell(define('length', () => 0)),
    kills: [
      `${properties}: of an arrow function`,
      `${properties}: of a function of another length`,
      `${properties}: of a function with default parameters`
    ]
  },
  {
    name: 'counts parameters up to four',
    wrap: shell(define('length', (fn) => Math.min(4, Number(quietly(() => fn.length))))),
    kills: [`${properties}: of a function of many parameters`]
  },
  {
    name: 'reads the length at once',
    wrap: shell(define('length', (fn) => fn.length)),
    kills: ['statics: a getter for length that throws does no harm']
  },
  {
    name: 'shows its name in Object.keys',
    wrap: shell(define('name', (fn) => quietly(() => fn.name), true)),
    kills: [`${properties}: are not enumerable and not writable, as on any function`]
  },
  {
    name: 'keeps a prototype of its own',
    wrap: shell(then((wrapper) => (wrapper.prototype = {}))),
    kills: [
      `${properties}: of a class`,
      `${properties}: of an arrow function`,
      `${properties}: changes of the prototype object are seen`,
      'statics: instanceof against a wrapped class',
      'generator objects: are instances of their function and its wrapper',
      'async generators: are instances of their function and its wrapper'
    ],
    groups: ['generator objects', 'subclasses', 'new.target']
  },
  {
    name: 'copies the prototype',
    wrap: shell(then((wrapper, fn) => (wrapper.prototype = quietly(() => ({ ...fn.prototype }))))),
    kills: [`${properties}: of a native class`]
  },
  {
    name: 'copies own properties once',
    wrap: shell({ dress: copy }),
    kills: [
      'statics: added later to the original are seen',
      'statics: changed later on the original are seen',
      'statics: are inherited through the wrapper',
      'statics: getters are called when they are read, not before',
      `${properties}: of an async function`,
      `${properties}: of a generator function`
    ],
    groups: ['subclasses', 'bound and native functions', 'a wrapper of a wrapper']
  },
  {
    name: 'copies own properties without care',
    wrap: shell({ dress: (wrapper, fn) => Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(fn)) }),
    kills: ['bound and native functions: a Proxy whose get trap throws can be wrapped'],
    groups: ['statics', properties]
  },
  {
    name: 'has no statics',
    wrap: shell(then((wrapper) => Object.setPrototypeOf(wrapper, Function.prototype))),
    kills: [
      'statics: are read through the wrapper',
      'statics: getters are read through the wrapper',
      'statics: Symbol.hasInstance of a class is asked',
      'bound and native functions: a Proxy of a function runs its traps',
      'bound and native functions: Promise as a class, with its statics'
    ],
    groups: ['bound and native functions', 'subclasses']
  },
  {
    name: 'is a plain function for Object.prototype.toString',
    wrap: shell(define(Symbol.toStringTag, () => 'Function')),
    kills: [`${properties}: of an async function`, `${properties}: of an async generator function`]
  },
  {
    name: 'reads every property when it wraps',
    wrap: shell({ begin: (fn) => void Reflect.ownKeys(fn).map((key) => fn[key as never]) }),
    kills: [
      'statics: a getter for extra that throws does no harm',
      'statics: a getter for Symbol(Symbol.toStringTag) that throws does no harm',
      'statics: getters are called when they are read, not before'
    ]
  },
  {
    name: 'marks the original',
    wrap: shell({ begin: (fn) => Object.assign(fn, { isWrapped: true }) }),
    kills: [
      `${properties}: of the original stay as they were`,
      `${properties}: of a function that is frozen`,
      'statics: a function that is frozen can be wrapped'
    ]
  },
  {
    name: 'refuses a function that it knows',
    wrap: (() => {
      const known = new WeakSet<object>()
      return shell({ begin: (fn) => void (known.has(fn) ? raise(new Error('wrapped already')) : known.add(fn)) })
    })(),
    kills: ['statics: two wrappers of one function do not disturb each other']
  },
  {
    name: 'is frozen',
    wrap: shell(then((wrapper) => Object.freeze(wrapper))),
    kills: ['statics: may be set on the wrapper']
  },
  {
    name: 'has a toString that throws',
    wrap: shell(define('toString', () => () => raise(new Error('no source')))),
    kills: [`${properties}: of a function declaration`]
  },
  {
    name: 'has a toJSON',
    wrap: shell(define('toJSON', () => () => 'wrapper')),
    kills: [`${properties}: a wrapper is left out of JSON like a function`]
  },
  {
    name: 'has an instanceof of its own',
    wrap: shell(define(Symbol.hasInstance, () => () => true)),
    kills: ['statics: Symbol.hasInstance of a class is asked', 'statics: instanceof against a wrapped class']
  },
  {
    name: 'calls by the methods of the function',
    wrap: shell({ call: (fn, self, args) => fn.apply(self, args) }),
    kills: [
      'statics: a function without prototype can be wrapped',
      'statics: a function with a call, an apply and a bind of its own can be wrapped'
    ]
  },
  {
    name: 'binds functions without a prototype',
    wrap: shell({
      call: (fn, self, args) =>
        Reflect.apply(quietly(() => fn.prototype) === undefined ? fn.bind(null) : fn, self, args)
    }),
    kills: ['this: works in accessors', 'this: lets a method reach private fields'],
    groups: ['bound and native functions', 'as callbacks', 're-entrancy']
  },
  {
    name: 'binds the result of bind again',
    wrap: shell(
      define(
        'bind',
        (fn) =>
          (...rest: unknown[]) =>
            Function.prototype.bind.apply(fn, [rest[0]] as never)
      )
    ),
    kills: ['this: comes with the arguments that bind fixed']
  },
  {
    name: 'wants functions of its own realm',
    wrap: shell({ begin: (fn) => void (fn instanceof Function || raise(new TypeError('not a function'))) }),
    kills: [
      'other realms: a function of another realm can be wrapped',
      'other realms: a class of another realm can be wrapped and extended',
      'statics: a function without prototype can be wrapped'
    ]
  }
]
