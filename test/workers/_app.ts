// @ts-expect-error of the runtime
import { DurableObject } from 'cloudflare:workers'
import { getLogger, wrap } from '../../src/index.ts'
import {
  analyticsEngineSink,
  d1Sink,
  durableObjectSink,
  kvSink,
  queueSink,
  r2Sink,
  wrapBindings,
  wrapDurableObject,
  wrapWorker
} from '../../src/workers/index.ts'

/** As far as this app uses them; the types of the package itself are tried in `test/types`. */
interface Binding {
  // biome-ignore lint/suspicious/noExplicitAny: a binding of any kind
  [method: string]: (...args: any[]) => any
}
type Env = Record<'DB' | 'CACHE' | 'FILES' | 'JOBS' | 'LOGS' | 'COUNTER' | 'NOTES' | 'SLOW', Binding>

interface Context {
  waitUntil(task: Promise<unknown>): void
}

interface Batch {
  messages: { body: { id: string } }[]
}

const step = wrap((job: string, index: number) => `${job} ${index}`, 'step')

const later = wrap(async (job: string, ms: number) => {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return job
}, 'later')

const refuse = wrap(async (job: string): Promise<void> => {
  await later(job, 20)
  throw new Error(`refused ${job}`)
}, 'refuse')

const fail = wrap((job: string): void => {
  throw new RangeError(`no ${job}`)
}, 'fail')

function tenSteps(job: string): void {
  for (let index = 0; index < 10; index++) step(job, index)
}

async function fiveAwaits(job: string): Promise<void> {
  for (let index = 0; index < 5; index++) {
    await later(job, index)
    step(job, index)
  }
}

/** The body of a response that goes on when the handler has returned. */
function streamed(job: string): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      await later(job, 30)
      controller.enqueue(new TextEncoder().encode(step(job, 1)))
      controller.close()
    }
  })
}

/** Each kind of binding once, or so. */
async function useAll(job: string, env: Env): Promise<void> {
  const { DB, CACHE, FILES, LOGS, COUNTER } = wrapBindings(env)
  await CACHE.put(job, 'twelve bytes')
  await CACHE.get(job)
  await CACHE.get('missing')
  await CACHE.list({ prefix: job })
  await FILES.put(`${job}.txt`, 'five!')
  await (await FILES.get(`${job}.txt`)).text()
  const select = DB.prepare('SELECT ? AS secret').bind('hunter2')
  await select.all()
  await select.first()
  await DB.batch([select, DB.prepare('SELECT 1 UNION SELECT 2')])
  await LOGS.send('nothing', { contentType: 'text' })
  const counter = COUNTER.getByName(job)
  await counter.add(2)
  await counter.fetch('http://object/inside')
}

/** By the first part of the path; the second one names the job. */
const ROUTES: Record<string, (job: string, env: Env, ctx: Context) => unknown> = {
  steps: tenSteps,
  awaits: fiveAwaits,
  throws(job) {
    tenSteps(job)
    fail(job)
  },
  rejects(job, _, ctx) {
    tenSteps(job)
    ctx.waitUntil(refuse(job))
  },
  logs: (job) => getLogger().info('said', { job }),
  stream: (job) => new Response(streamed(job)),
  add: (job, { COUNTER }) => COUNTER.getByName(job).add(3),
  twice: (job, { COUNTER }) => COUNTER.getByName(job).twice(3),
  alarm: (job, { COUNTER }) => COUNTER.getByName(job).alarmSoon(),
  bindings: useAll,
  note: (job, { NOTES }) => NOTES.getByName(job).note(job),
  notes: (job, { NOTES }) => NOTES.getByName(job).all()
}

/** Whose context it is. */
const paths = new WeakMap<object, string>()

const worker = {
  async fetch(request: Request, env: Env, ctx: Context): Promise<Response> {
    const { pathname } = new URL(request.url)
    const [, route, job] = pathname.split('/')
    paths.set(ctx, pathname)
    const answer = await (ROUTES[route] ?? tenSteps)(job, env, ctx)
    return answer instanceof Response ? answer : Response.json(answer ?? null)
  },
  scheduled({ cron }: { cron: string }): void {
    tenSteps(cron)
  },
  queue({ messages }: Batch): void {
    for (const { body } of messages) tenSteps(body.id)
  }
}

class CounterObject extends DurableObject {
  total = 0
  declare ctx: { storage: { setAlarm(time: number): Promise<void> } }

  add(count: number): number {
    this.total += count
    step('rpc', this.total)
    return this.total
  }
  async twice(count: number): Promise<number> {
    this.add(count)
    await later('rpc', 1)
    return this.add(count)
  }
  async fetch(request: Request): Promise<Response> {
    step(new URL(request.url).pathname, 0)
    return new Response('object', { status: 201 })
  }
  async alarmSoon(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now())
  }
  alarm(): void {
    tenSteps('alarm')
  }
}

/** Keeps its own log. */
class NotesObject extends DurableObject {
  declare ctx: { storage: { sql: { exec(sql: string): { toArray(): unknown[] } } } }

  async note(job: string): Promise<void> {
    await fiveAwaits(job)
  }
  all(): unknown[] {
    return this.ctx.storage.sql.exec('SELECT function_name, args FROM logs ORDER BY id').toArray()
  }
}

const options = { sinks: [d1Sink('DB')], environment: 'test', version: '7' }

export const Counter: typeof CounterObject = wrapDurableObject(CounterObject, options)
export const Notes: typeof NotesObject = wrapDurableObject(NotesObject, { sinks: [durableObjectSink()] })

/** All sinks that a runtime without a network can show, when the path asks for them. */
const others = [queueSink('LOGS'), r2Sink('FILES', { gzip: true }), kvSink('CACHE'), analyticsEngineSink('CALLS')]

export const app: typeof worker = wrapWorker(worker, {
  ...options,
  sinks: (env, ctx) => [
    d1Sink('DB')(env, ctx),
    {
      async write(entries) {
        const isFor = (path: string): boolean => entries.some(({ extra }) => String(extra.path).startsWith(path))
        const event = entries.find(({ functionName }) => functionName === 'fetch')
        if (event && event.extra.path !== paths.get(ctx)) throw new Error(`${event.extra.path} is another event's`)
        if (isFor('/slow')) await env.SLOW.fetch('http://slow/')
        if (isFor('/sinks')) for (const sink of others.slice(0, 3)) await sink(env, ctx).write(entries)
      }
    }
  ]
})
