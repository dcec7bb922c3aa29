import { isA, items, ok, same, throwsSame } from './assert.ts'
import type { Group } from './case.ts'

class Animal {
  static count = 0
  static breed(name: string): Animal {
    return new this(name)
  }
  #name: string
  legs = 4
  constructor(name: string) {
    this.#name = name
  }
  static isAnimal(value: object): boolean {
    return #name in value
  }
  get name(): string {
    return this.#name
  }
  speak(): string {
    return `${this.#name} is silent`
  }
}

function Engine(this: { power: number }, power: number): void {
  this.power = power
}
Engine.prototype.run = function (this: { power: number }): number {
  return this.power
}

export const subclass: Group = {
  name: 'subclasses',
  checks: {
    'run super() and get the fields': (wrap) => {
      class Dog extends wrap(Animal) {
        tail = 1
        constructor() {
          super('Rex')
          this.legs -= 1
        }
      }
      const dog = new Dog()
      items([dog.name, dog.legs, dog.tail], ['Rex', 3, 1], 'fields')
      ok(Animal.isAnimal(dog), 'the private field is there')
    },
    'are instances of the wrapper, the original and themselves': (wrap) => {
      const Wrapped = wrap(Animal)
      class Dog extends Wrapped {}
      const dog = new Dog('Rex')
      ok(dog instanceof Dog && dog instanceof Wrapped && dog instanceof Animal, 'instanceof')
      same(dog.constructor, Dog, 'the constructor')
      same(Object.getPrototypeOf(dog), Dog.prototype, 'the prototype')
    },
    'may have private fields and methods of their own': (wrap) => {
      class Dog extends wrap(Animal) {
        #bones = 2
        #count(): number {
          return this.#bones
        }
        bones(): number {
          return this.#count()
        }
      }
      same(new Dog('Rex').bones(), 2, 'the bones')
    },
    'call and override the methods of the class': (wrap) => {
      class Dog extends wrap(Animal) {
        override speak(): string {
          return `${super.speak()}, then barks`
        }
      }
      same(new Dog('Rex').speak(), 'Rex is silent, then barks', 'the text')
    },
    'inherit statics': (wrap) => {
      class Dog extends wrap(Animal) {}
      same(Dog.count, 0, 'a static field')
      isA(Dog.breed('Rex'), Dog, 'what a static factory made')
    },
    'of a constructor function work': (wrap) => {
      const Wrapped = wrap(Engine) as unknown as new (power: number) => { power: number; run(): number }
      class Diesel extends Wrapped {}
      same(new Diesel(3).run(), 3, 'the result')
    },
    'work through several wrapped levels': (wrap) => {
      const Dog = wrap(class extends wrap(Animal) {})
      const Puppy = wrap(
        class extends Dog {
          small = true
        }
      )
      const puppy = new Puppy('Rex')
      ok(puppy instanceof Puppy && puppy instanceof Dog && puppy instanceof Animal, 'instanceof')
      items([puppy.name, puppy.small], ['Rex', true], 'fields')
    },
    'of a native class work': (wrap) => {
      class Failure extends wrap(Error) {
        code = 7
      }
      class List extends wrap(Array)<number> {}
      class Table extends wrap(Map)<string, number> {}
      items([new Failure('no').message, new Failure('no').code], ['no', 7], 'the error')
      const list = List.from([1, 2])
      ok(list instanceof List && Array.isArray(list.map(Number)), 'List.from makes a list')
      same(new Table([['one', 1]]).get('one'), 1, 'the entry of a Map')
    },
    'of a wrapped Promise work': async (wrap) => {
      class Task extends wrap(Promise)<number> {}
      const task = new Task((resolve) => resolve(3))
      isA(task.then(), Task, 'what then() gives')
      isA(Task.resolve(1), Task, 'what Task.resolve gives')
      same(await task, 3, 'the value')
    },
    'that throw before super() throw just that': (wrap) => {
      class Dog extends wrap(Animal) {
        constructor() {
          if (Dog.count === 0) throw 'not yet'
          super('Rex')
        }
      }
      throwsSame(() => new Dog(), 'not yet', 'new')
    },
    'that are themselves wrapped keep super()': (wrap) => {
      class Dog extends Animal {
        constructor() {
          super('Rex')
        }
      }
      same(new (wrap(Dog))().name, 'Rex', 'the name')
    }
  }
}
