import { type Class, disguise, type Fn, type Mutant, quietly, shell } from './shell.ts'

function isClass(fn: unknown): boolean {
  return quietly(() => Function.prototype.toString.call(fn).startsWith('class')) === true
}

export const constructors: Mutant[] = [
  {
    name: 'drops new.target',
    wrap: shell({ make: (fn, args) => Reflect.construct(fn, args) }),
    kills: [
      'new.target: is the subclass when that is instantiated',
      'new.target: is what Reflect.construct is given',
      'subclasses: are instances of the wrapper, the original and themselves',
      'subclasses: may have private fields and methods of their own',
      'a wrapper of a wrapper: passes new.target'
    ],
    groups: ['subclasses', 'a wrapper of a wrapper', 'other realms']
  },
  {
    name: 'shows itself as new.target',
    wrap: shell({
      make: (fn, args, target, wrapper) => Reflect.construct(fn, args, (target as unknown) === fn ? wrapper : target)
    }),
    kills: ['new.target: is the function itself under new', 'new.target: lets a class refuse to be instantiated']
  },
  {
    name: 'calls instead of constructing',
    wrap: shell({
      make(fn, args, target) {
        const made = Object.create(target.prototype)
        return Reflect.apply(fn as unknown as Fn, made, args) ?? made
      }
    }),
    kills: [
      'new: makes an instance of the class',
      'subclasses: of a native class work',
      'subclasses: of a wrapped Promise work',
      'new: ignores a primitive that a constructor function returns'
    ],
    groups: ['subclasses', 'bound and native functions', 'new.target']
  },
  {
    name: 'constructs with a copy of the prototype',
    wrap: shell({
      make: (fn, args, target) =>
        Object.create(
          Object.create(target.prototype),
          Object.getOwnPropertyDescriptors(Reflect.construct(fn, args, target))
        )
    }),
    kills: [
      'new: makes an instance of the class',
      'new: returns the object that the constructor returns',
      'statics: methods can be called on the wrapper'
    ],
    groups: ['subclasses', 'statics', 'bound and native functions']
  },
  {
    name: 'takes Object.prototype for a target without prototype from the function',
    wrap: shell({
      make(fn, args, target) {
        const made = Reflect.construct(fn, args, target)
        return typeof target.prototype === 'object' ? made : Object.setPrototypeOf(made, fn.prototype)
      }
    }),
    kills: ['new.target: gives the prototype of the new target, not of the function']
  },
  {
    name: 'always gives an instance of the function',
    wrap: shell({
      make(fn, args, target) {
        const made = Reflect.construct(fn, args, target)
        return made instanceof fn ? made : Object.create(fn.prototype)
      }
    }),
    kills: [
      'new: returns the object that the constructor returns',
      'lazy thenables: then of what a constructor returns is never called',
      'promises that a plain function returns: a new promise from a wrapped constructor is that promise'
    ]
  },
  {
    name: 'constructs a class that is called without new',
    wrap: shell({
      call: (fn, self, args) =>
        isClass(fn) ? Reflect.construct(fn as unknown as Class, args) : Reflect.apply(fn, self, args)
    }),
    kills: ['new: a class cannot be called without new']
  },
  {
    name: 'takes a call with an instance as this for new',
    wrap: shell({
      call: (fn, self, args) =>
        typeof fn.prototype === 'object' && self instanceof fn
          ? Reflect.construct(fn as unknown as Class, args)
          : Reflect.apply(fn, self, args)
    }),
    kills: ['new.target: is undefined in a call']
  },
  {
    name: 'loses the arguments of constructors',
    wrap: shell({ make: (fn, args, target) => Reflect.construct(fn, args.slice(0, fn.length), target) }),
    kills: [
      'arguments: reach the constructor of a class in any number',
      'new: passes arguments and leaves defaults alone'
    ]
  },
  {
    name: 'is a subclass',
    wrap: ((fn: Fn) => {
      if (!isClass(fn)) return shell()(fn)
      return class extends (fn as unknown as Class) {}
    }) as never,
    kills: [
      'new: makes an instance of the class',
      'name, length, prototype: of a class',
      'new.target: is the function itself under new'
    ],
    groups: ['subclasses', 'this']
  },
  {
    name: 'does not keep super',
    wrap: shell({
      dress(wrapper, fn) {
        disguise(wrapper, fn)
        Object.setPrototypeOf(wrapper, Function.prototype)
        if (isClass(fn)) wrapper.prototype = { ...fn.prototype }
      }
    }),
    kills: [
      'subclasses: call and override the methods of the class',
      'subclasses: inherit statics',
      'statics: are inherited through the wrapper'
    ],
    groups: ['subclasses', 'statics', 'a wrapper of a wrapper']
  },
  {
    name: 'runs the constructor twice',
    wrap: shell({
      make(fn, args, target) {
        Reflect.construct(fn, args, target)
        return Reflect.construct(fn, args, target)
      }
    }),
    kills: ['new: runs the constructor once']
  }
]
