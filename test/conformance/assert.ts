/** What a case throws when the wrapper is at fault. */
export class ConformanceError extends Error {
  override readonly name: string = 'ConformanceError'
}

function text(value: object): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return Array.isArray(value) ? `array of ${value.length}` : Object.prototype.toString.call(value)
}

/** Describes any value, also one that fights back. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (Object.is(value, -0)) return '-0'
  try {
    if (typeof value === 'function') return `function ${value.name}`
    return typeof value === 'object' && value !== null ? text(value) : String(value)
  } catch {
    return `${typeof value} that cannot be shown`
  }
}

export function fail(what: string, expected: string, actual: string): never {
  throw new ConformanceError(`${what}: expected ${expected}, got ${actual}`)
}

export function ok(condition: unknown, what: string): void {
  if (!condition) fail(what, 'it to hold', 'that it does not')
}

/** Identity: the same object, or the same primitive, telling 0 from -0. */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (Object.is(actual, expected)) return
  const [wanted, got] = [show(expected), show(actual)]
  fail(what, wanted, wanted === got ? `another ${got}` : got)
}

/** Two lists of the same length with identical items. */
export function items(actual: readonly unknown[], expected: readonly unknown[], what: string): void {
  if (!Array.isArray(actual)) fail(what, 'an array', show(actual))
  same(actual.length, expected.length, `${what}, length`)
  for (let index = 0; index < expected.length; index++) same(actual[index], expected[index], `${what}[${index}]`)
}

/** The keys of a promise, but for those that the runtime gives to each: Node 20 does, once AsyncLocalStorage is in use. */
export function ownKeys(promise: object): PropertyKey[] {
  const common = Reflect.ownKeys(Promise.resolve())
  return Reflect.ownKeys(promise).filter((key) => !common.includes(key))
}

/** The step of an iterator. */
export function step(actual: IteratorResult<unknown, unknown>, value: unknown, done: boolean, what: string): void {
  same(actual.value, value, `${what}, value`)
  same(actual.done, done, `${what}, done`)
}

/** What `run` throws; it has to throw. */
export function thrownBy(run: () => unknown, what: string): unknown {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    return error
  }
  return fail(what, 'a throw', `the result ${show(result)}`)
}

export function throwsSame(run: () => unknown, reason: unknown, what: string): void {
  same(thrownBy(run, what), reason, `${what}, what was thrown`)
}

/** `run` throws an instance of `kind`, such as TypeError. */
export function throwsA(run: () => unknown, kind: new () => Error, what: string): void {
  const error = thrownBy(run, what)
  if (!(error instanceof kind)) fail(what, `a ${kind.name}`, show(error))
}

/** Never lets a promise resolve with the reason: that would read its `then`. */
export async function rejectsSame(promise: PromiseLike<unknown>, reason: unknown, what: string): Promise<void> {
  let result: unknown
  try {
    result = await promise
  } catch (error) {
    return same(error, reason, `${what}, the reason`)
  }
  fail(what, 'a rejection', `the result ${show(result)}`)
}

export function isA(value: unknown, kind: { prototype: object; name: string }, what: string): void {
  const proto = kind.prototype
  if (!Object.prototype.isPrototypeOf.call(proto, value as object))
    fail(what, `an instance of ${kind.name}`, show(value))
}

/** Throws as an expression. */
export function raise(error: unknown): never {
  throw error
}
