import { skip, wrap, wrapClass, wrapObject } from '../../src/index.ts'
import { assert, exactly, type Same } from './_assert.ts'

class Point {
  static readonly origin: Point = new Point(0, 0)
  static of(x: number): Point {
    return new Point(x, 0)
  }
  readonly x: number
  protected readonly y: number
  #secret = 1
  constructor(x: number, y?: number) {
    this.x = x
    this.y = y ?? this.#secret
  }
  plus(other: Point): Point {
    return new Point(this.x + other.x, this.y + other.y)
  }
}

for (const Wrapped of [wrap(Point), wrapClass(Point), wrapClass(Point, { level: 'info' }), skip(Point)]) {
  exactly<typeof Point>()(Wrapped)
  exactly<Point>()(new Wrapped(1))
  exactly<Point>()(Wrapped.of(1).plus(Wrapped.origin))
  assert<Same<ConstructorParameters<typeof Wrapped>, [x: number, y?: number]>>()
  // @ts-expect-error: arguments are checked
  new Wrapped('1')
  // @ts-expect-error: a class cannot be called
  Wrapped(1)
}

// It can be extended; protected members are seen there.
class Point3 extends wrap(Point) {
  readonly z: number
  constructor(x: number, z: number) {
    super(x)
    this.z = z + this.y
  }
}
exactly<number>()(new Point3(1, 2).z)
exactly<Point>()(new Point3(1, 2).plus(Point3.of(3)))

// Abstract classes stay abstract.
abstract class Shape {
  abstract area(): number
  double(): number {
    return this.area() * 2
  }
}
const WrappedShape = wrap(Shape)
exactly<typeof Shape>()(WrappedShape)
exactly<typeof Shape>()(wrapClass(Shape))
// @ts-expect-error: an abstract class cannot be instantiated
new WrappedShape()
class Square extends WrappedShape {
  area(): number {
    return 4
  }
}
exactly<number>()(new Square().double())
// @ts-expect-error: area is missing
class _Missing extends WrappedShape {}

// Generic classes keep their parameters.
class Box<T> {
  readonly held: T
  constructor(held: T) {
    this.held = held
  }
}
exactly<number>()(new (wrap(Box))(1).held)
exactly<Box<string>>()(new (wrapClass(Box))('a'))
exactly<string | undefined>()(new (wrap(Map<string, string>))().get('a'))

// A private constructor stays private.
class Single {
  static readonly one: Single = new Single()
  private constructor() {
    Object.freeze(this)
  }
}
const WrappedSingle = wrap(Single)
// @ts-expect-error: nobody but the class may call it
new WrappedSingle()

// Objects
const store = {
  size: 0,
  put<T>(key: string, value: T): T {
    this.size += key.length
    return value
  },
  nested: { list: [1] }
}
exactly<typeof store>()(wrapObject(store))
exactly<number>()(wrapObject(store, { module: 'store' }).put('a', 1))
class Service {
  #name = 'service'
  load(): string {
    return this.#name
  }
}
exactly<Service>()(wrapObject(new Service()))
// @ts-expect-error: a function is no object to wrapObject's users, and a number never is
wrapObject(7)

// skip gives functions back as they are.
const quiet = skip((one: number, ...rest: string[]): string => `${one}${rest}`)
exactly<string>()(quiet(1, 'a'))
// @ts-expect-error: only functions can be skipped
skip({})
