import { bytesIn } from '../sinks/_lines.ts'
/** What is recorded of one operation. An operation without `show` is not recorded: it does no I/O. */
export interface Operation {
  readonly params?: readonly string[]
  /** What stands for the arguments. */
  readonly show?: (...args: never[]) => unknown[]
  /** What stands for the result. */
  readonly tell?: (result: never, args: readonly unknown[]) => Told
  /** The kind of the object that it gives. */
  readonly gives?: (args: readonly unknown[]) => BindingKind
  /** Its promise can be used before it has settled, so it is given back as it is. */
  readonly rpc?: boolean
  /** It takes a request, which may have one more header. */
  readonly request?: boolean
}

export interface BindingKind {
  /** The module of its entries. */
  readonly name: string
  operation(key: string): Operation | undefined
}

interface Told {
  rows?: number
  bytes?: number
  status?: number
  [other: string]: unknown
}

type Operations = Readonly<Record<string, Operation>>

const key: Operation = { params: ['key'], show: (name: unknown) => [name] }
const count = (name: string): Operation => ({
  params: [name],
  show: (items: unknown) => [lengthOf(items)],
  tell: (_, [items]) => ({ rows: lengthOf(items) })
})
const lengthOf = (items: unknown): number => (Array.isArray(items) ? items.length : 1)

function bytesOf(value: unknown): Told {
  if (typeof value === 'string') return { bytes: bytesIn(value) }
  const { byteLength, size } = (value ?? {}) as { byteLength?: number; size?: number }
  if (value instanceof Map) return { rows: size }
  if (value === null || value === undefined) return { rows: 0 }
  return { bytes: byteLength ?? size }
}

const kv: Operations = {
  get: { ...key, tell: bytesOf },
  getWithMetadata: { ...key, tell: ({ value }: { value: unknown }) => bytesOf(value) },
  put: { ...key, tell: (_, [, value]) => bytesOf(value) },
  delete: key,
  list: {
    params: ['prefix'],
    show: (options?: { prefix?: string }) => [options?.prefix],
    tell: ({ keys }: { keys: unknown[] }) => ({ rows: keys.length })
  }
}

const r2: Operations = {
  head: { ...key, tell: bytesOf },
  get: { ...key, tell: bytesOf },
  put: { ...key, tell: bytesOf },
  delete: key,
  createMultipartUpload: key,
  list: { ...kv.list, tell: ({ objects }: { objects: unknown[] }) => ({ rows: objects.length }) }
}

interface D1Result {
  results?: unknown[]
  meta?: { changes?: number; rows_read?: number; rows_written?: number }
}

function d1Told(results: readonly D1Result[]): Told {
  const told = { rows: 0, changes: 0, read: 0, written: 0 }
  for (const { results: rows, meta } of results) {
    told.rows += rows?.length ?? 0
    told.changes += meta?.changes ?? 0
    told.read += meta?.rows_read ?? 0
    told.written += meta?.rows_written ?? 0
  }
  return told
}

const sqlShown = (sql: unknown): Operation => ({ params: ['sql'], show: () => [sql] })

/** A statement knows its SQL; what is bound to it is nobody's business. */
function statement([sql]: readonly unknown[]): BindingKind {
  const shown = sqlShown(sql)
  const result: Operation = { ...shown, tell: (found: D1Result) => d1Told([found]) }
  const operations: Operations = {
    bind: { gives: () => kind },
    all: result,
    run: result,
    raw: { ...shown, tell: (rows: unknown[]) => ({ rows: rows.length }) },
    first: { ...shown, tell: (row: unknown) => ({ rows: row === null ? 0 : 1 }) }
  }
  const kind = kindOf('d1', operations)
  return kind
}

const d1: Operations = {
  prepare: { gives: statement },
  withSession: { gives: () => kindOf('d1', d1) },
  batch: { params: ['statements'], show: (statements: unknown[]) => [statements.length], tell: d1Told },
  exec: { params: ['sql'], show: (sql: string) => [sql], tell: ({ count }: { count: number }) => ({ rows: count }) }
}

const vectorize: Operations = {
  query: {
    params: ['topK'],
    show: (_: unknown, options?: { topK?: number }) => [options?.topK],
    tell: ({ matches }: { matches: unknown[] }) => ({ rows: matches.length })
  },
  queryById: { ...key, tell: ({ matches }: { matches: unknown[] }) => ({ rows: matches.length }) },
  insert: count('vectors'),
  upsert: count('vectors'),
  getByIds: count('ids'),
  deleteByIds: count('ids')
}

const others: Readonly<Record<string, Operations>> = {
  queue: {
    send: { params: ['bytes'], show: (body: unknown) => [bytesOf(body).bytes], tell: () => ({ rows: 1 }) },
    sendBatch: count('messages')
  },
  ai: {
    run: {
      params: ['model'],
      show: (model: string) => [model],
      tell: (answer: { usage?: unknown }) => ({ usage: answer?.usage })
    }
  },
  'analytics-engine': { writeDataPoint: { params: [], show: () => [], tell: () => ({ rows: 1 }) } }
}

interface Target {
  readonly url?: string
  readonly method?: string
}

/** `fetch(url, init)` or `fetch(request)`. */
function requestShown(input: string | Target, init?: Target): unknown[] {
  const { url = String(input), method = init?.method ?? 'GET' } = typeof input === 'string' ? {} : input
  return [method, new URL(url, 'http://localhost').pathname]
}

const FETCH: Operation = {
  params: ['method', 'path'],
  show: requestShown,
  tell: ({ status }: { status: number }) => ({ status }),
  request: true
}
const RPC: Operation = { show: (...args: unknown[]) => args, rpc: true }
const NO_CALLS = ['connect', 'dup', 'toString', 'then']

/** Whatever it is asked for is a method of the other side. */
const remote = (name: string): BindingKind => ({
  name,
  operation: (method) => (method === 'fetch' ? FETCH : NO_CALLS.includes(method) ? undefined : RPC)
})

function namespace(): BindingKind {
  const stub = { gives: () => remote('durable-object') }
  return kindOf('durable-object', { get: stub, getByName: stub, jurisdiction: { gives: namespace } })
}

const kindOf = (name: string, operations: Operations): BindingKind => ({
  name,
  operation: (method) => (Object.hasOwn(operations, method) ? operations[method] : undefined)
})

/** By the runtime's name of the class: stubs seem to have every member. */
const CLASSES: readonly (readonly [RegExp, () => BindingKind])[] = [
  [/^KvNamespace$/, () => kindOf('kv', kv)],
  [/^D1Database/, () => kindOf('d1', d1)],
  [/^R2Bucket$/, () => kindOf('r2', r2)],
  [/Queue$/, () => kindOf('queue', others.queue)],
  [/^DurableObjectNamespace$/, namespace],
  [/^(Fetcher|ServiceStub)$/, () => remote('service')],
  [/^Vectorize/, () => kindOf('vectorize', vectorize)],
  [/^Ai$/, () => kindOf('ai', others.ai)],
  [/AnalyticsEngine/, () => kindOf('analytics-engine', others['analytics-engine'])]
]

/** The kind of a binding; undefined for a variable, a secret, and for what is not known. */
export function bindingKind(binding: unknown): BindingKind | undefined {
  if (typeof binding !== 'object' || binding === null) return undefined
  const { name } = binding.constructor ?? {}
  return CLASSES.find(([pattern]) => pattern.test(String(name)))?.[1]()
}
