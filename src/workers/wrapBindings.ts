import { currentTraceparent } from '../context.ts'
import { defaultRecorder, type Recorder } from '../core/ring.ts'
import { type BindingKind, bindingKind, type Operation } from './bindings.ts'
import { type Recorded, recordAs } from './recordAs.ts'

export interface BindingOptions {
  /** The logger to record to. @default the project's */
  logger?: { readonly recorder: Recorder }
  /**
   * Whether `fetch` of a service or a Durable Object sends the header `traceparent` along, so that its events belong to the same
   * trace. One that is there already stays. @default false
   */
  traceparent?: boolean
}

type Method = (this: unknown, ...args: unknown[]) => unknown

// By env, recorder and `traceparent`: an isolate has one env.
const wrapped = /* @__PURE__ */ new WeakMap<object, WeakMap<Recorder, object[]>>()
// What a binding has to be given back as, when it is given to another: a statement to `batch`.
const originals = /* @__PURE__ */ new WeakMap<object, object>()

/**
 * An `env` like the given one, whose calls to KV, D1, R2, Queues, Durable Objects, services, Vectorize, AI and Analytics
 * Engine are recorded: `DB.all` with its SQL, `CACHE.get` with its key, rows, bytes, duration; never values, rows or prompts.
 * Types are those of `env`; everything else in it is as it was. The same `env` is wrapped once. A wrapped binding cannot be
 * sent to another Worker.
 *
 * @example
 *     const { CACHE, DB } = wrapBindings(env)
 *     await CACHE.get('front') // recorded as CACHE.get(key: 'front') → { bytes: 512 }
 */
export function wrapBindings<Env extends object>(env: Env, { logger, traceparent = false }: BindingOptions = {}): Env {
  const ring = logger?.recorder ?? defaultRecorder
  const byRing = wrapped.get(env) ?? new WeakMap<Recorder, object[]>()
  const known = byRing.get(ring) ?? []
  wrapped.set(env, byRing)
  byRing.set(ring, known)
  known[+traceparent] ??= Object.create(Object.getPrototypeOf(env), wrappedIn(env, recordsIn(ring), traceparent))
  return known[+traceparent] as Env
}

/** Recorded calls by name: statements come and go. */
type Records = (name: string, kind: BindingKind, operation: Operation) => Recorded

function recordsIn(ring: Recorder): Records {
  const known = new Map<string, Recorded>()
  return (name, kind, { params }) => {
    const record = known.get(name) ?? recordAs(ring, { name, module: kind.name, params })
    known.set(name, record)
    return record
  }
}

function wrappedIn(env: object, records: Records, traced: boolean): PropertyDescriptorMap {
  const bindings = Object.entries(env).map(([name, binding]) => {
    const kind = bindingKind(binding)
    const value = kind ? recording(binding, name, kind, records, traced) : binding
    return [name, { value, enumerable: true, configurable: true, writable: true }]
  })
  return Object.fromEntries(bindings)
}

/** A binding whose methods are recorded as far as its kind knows them. */
function recording<Binding extends object>(
  binding: Binding,
  name: string,
  kind: BindingKind,
  records: Records,
  traced: boolean
): Binding {
  const methods = new Map<PropertyKey, Method>()

  function methodOf(key: string, method: Method): Method {
    const operation = kind.operation(key)
    if (!operation) return (...args) => Reflect.apply(method, binding, args.map(original))
    const record = operation.show && records(`${name}.${key}`, kind, operation)
    return (...args) => {
      const call = (): unknown =>
        Reflect.apply(method, binding, traced && operation.request ? withTrace(args) : args.map(original))
      const result = record ? recordCall(record, operation, args, call) : call()
      const gives = operation.gives?.(args)
      return gives && isObject(result) ? recording(result, name, gives, records, traced) : result
    }
  }

  const proxy = new Proxy(binding, {
    get(target, key) {
      const value = Reflect.get(target, key, target)
      if (typeof value !== 'function' || typeof key === 'symbol' || key === 'constructor') return value
      const method = methods.get(key) ?? methodOf(key, value as Method)
      methods.set(key, method)
      return method
    }
  })
  originals.set(proxy, binding)
  return proxy
}

function recordCall(record: Recorded, operation: Operation, args: unknown[], call: () => unknown): unknown {
  const { show, tell = () => ({}), rpc } = operation
  const shown = shownBy(show as (...args: unknown[]) => unknown[], args)
  const told = (result: never): unknown => tell(result, args)
  if (!rpc) return record(shown, told, call)
  let result: unknown
  const seen: unknown = record(shown, told, () => {
    result = call()
    return isRpcPromise(result) ? settled(result) : result
  })
  if (seen instanceof Promise) seen.catch(() => {})
  return result
}

/** A request that says what it is part of. */
function withTrace(args: readonly unknown[]): readonly unknown[] {
  const traceparent = currentTraceparent()
  if (!traceparent) return args
  const request = new Request(...(args as ConstructorParameters<typeof Request>))
  if (!request.headers.has('traceparent')) request.headers.set('traceparent', traceparent)
  return [request]
}

/** What cannot be read is left out. */
function shownBy(show: (...args: unknown[]) => unknown[], args: unknown[]): unknown[] {
  try {
    return show(...args)
  } catch {
    return []
  }
}

type Then = (onValue?: (value: unknown) => unknown, onError?: (error: unknown) => unknown) => unknown

const isRpcPromise = (value: unknown): value is { then: Then } =>
  Object.prototype.toString.call(value) === '[object JsRpcPromise]'

/** Settles as the promise of a call by RPC does, from when somebody listens to it: listening would fetch what it gives. */
function settled(promise: { then: Then }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const value: Then = (onValue, onError) => {
      Reflect.deleteProperty(promise, 'then')
      promise.then(resolve, reject)
      return promise.then(onValue, onError)
    }
    try {
      Object.defineProperty(promise, 'then', { value, configurable: true })
    } catch {
      resolve(undefined)
    }
  })
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What was wrapped, for the runtime: a statement of a batch. */
function original(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(original)
  return isObject(value) ? (originals.get(value) ?? value) : value
}
