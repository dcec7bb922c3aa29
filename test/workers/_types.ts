import type {
  AnalyticsEngineDataset,
  D1Database,
  DurableObjectNamespace,
  ExportedHandler,
  KVNamespace,
  Queue,
  R2Bucket
} from '@cloudflare/workers-types'
import { memorySink, type Sink } from '../../src/index.ts'
import {
  analyticsEngineSink,
  budget,
  d1Sink,
  durableObjectSink,
  kvSink,
  queueSink,
  r2Sink,
  wrapBindings,
  wrapDurableObject,
  wrapWorker
} from '../../src/workers/index.ts'
import { assert, type Same } from '../types/_assert.ts'

interface Env {
  DB: D1Database
  STATE: KVNamespace
  FILES: R2Bucket
  LOGS: Queue<string>
  JOBS: Queue<{ id: string }>
  CALLS: AnalyticsEngineDataset
  COUNTER: DurableObjectNamespace
  NAME: string
}

declare const env: Env

// Cloudflare's own types fit, by binding and by name.
export const sinks: Sink[] = [
  d1Sink(env.DB),
  kvSink(env.STATE),
  r2Sink(env.FILES),
  queueSink(env.LOGS),
  analyticsEngineSink(env.CALLS)
]

const handler = {
  async fetch(request: Request, { NAME }: Env) {
    return new Response(request.url + NAME)
  },
  scheduled(_: { cron: string }, { DB }: Env) {
    void DB
  }
}

// A handler keeps its type, and its env is that of the options.
const wrapped = wrapWorker(handler, {
  sinks: (given) => [d1Sink(given.DB), memorySink()],
  fields: (event, given) => ({ name: given.NAME, route: 'url' in event ? event.url : event.cron })
})
assert<Same<typeof wrapped, typeof handler>>()
wrapWorker(handler, { sinks: [d1Sink('DB'), budget(memorySink()), (given) => kvSink(given.STATE)] })
// @ts-expect-error no such binding
wrapWorker(handler, { sinks: (given) => [d1Sink(given.NOPE)] })
// @ts-expect-error no sinks
wrapWorker(handler, {})

export const exported: ExportedHandler<Env> = wrapWorker(
  {
    async fetch() {
      return new Response() as never
    }
  } satisfies ExportedHandler<Env>,
  { sinks: [d1Sink('DB')] }
)

class CounterObject {
  readonly ctx: { storage: Parameters<typeof durableObjectSink>[0] & object }
  readonly env: Env
  constructor(ctx: CounterObject['ctx'], given: Env) {
    this.ctx = ctx
    this.env = given
  }
  add(count: number): number {
    return count
  }
}

const Counter = wrapDurableObject(CounterObject, {
  sinks: (given, ctx) => [durableObjectSink(ctx.storage), d1Sink(given.DB)]
})
assert<Same<typeof Counter, typeof CounterObject>>()
assert<Same<ReturnType<InstanceType<typeof Counter>['add']>, number>>()
wrapDurableObject(CounterObject, { sinks: [durableObjectSink()] })

// Bindings keep their types.
const bindings = wrapBindings(env)
assert<Same<typeof bindings, Env>>()

// @ts-expect-error its messages are the app's, not texts
queueSink(env.JOBS)
