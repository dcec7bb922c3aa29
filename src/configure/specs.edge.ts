import { rejectUnknown } from '../core/options.ts'
import type { Sink } from '../core/types.ts'
import { consoleSink } from '../sinks/console.ts'
import { jsonSink } from '../sinks/json.ts'
import { memorySink } from '../sinks/memory.ts'

/** Makes a sink from what stands behind the colon of a spec; `''` when nothing does. */
export type SinkFactory = (argument: string) => Sink | Promise<Sink>

type Factories = Readonly<Record<string, SinkFactory>>

/** What there is on every runtime. */
export const PORTABLE: Factories = {
  console: () => consoleSink(),
  json: (path) => jsonSink(path),
  memory: (entries) => memorySink(entries ? { entries: Number(entries) } : {}),
  webhook: async (url) => (await import('../sinks/webhook.ts')).webhookSink(url)
}

const NEED_FILES = ['csv', 'md', 'sqlite']
// No constant: bundlers keep what has to be computed, with all that it names.
const builtIn = (): string[] => [...Object.keys(PORTABLE), ...NEED_FILES]
const MAY_BE_BARE = ['console', 'memory']
const registered = /* @__PURE__ */ new Map<string, SinkFactory>()

/**
 * Adds a spec: from now on `'NAME:argument'` in `configure({ sinks })` and `NFO_SINKS` is what the factory makes of
 * the argument. A factory may be async; entries wait until its sink is there. Throws for a name that nfo has itself, or
 * that is not made of letters, digits, `_` and `-`. The same name again replaces the factory.
 *
 * @example
 * registerSink('loud', (prefix) => ({ write: (entries) => console.log(prefix, entries.length) }))
 * configure({ sinks: ['loud:entries'] })
 */
export function registerSink(name: string, factory: SinkFactory): void {
  if (!/^[\w-]+$/.test(name) || builtIn().includes(name)) {
    const fix = 'choose another one, of letters, digits, _ and -'
    throw new TypeError(`[nfo] [registerSink] the name '${name}' cannot be used; ${fix}`)
  }
  if (typeof factory !== 'function') {
    throw new TypeError(`[nfo] [registerSink] '${name}' has no factory; pass a function that gives a sink`)
  }
  registered.set(name, factory)
}

/** Whether `registerSink` added it. */
export const isRegistered = (name: string): boolean => registered.has(name)

/** Looks for a sink that is not known otherwise; undefined when there is none. */
export type FindFactory = (name: string, part: string) => SinkFactory | undefined

/** The sink that a spec names, out of those. */
export function sinkFrom(factories: Factories, spec: string, part: string, find?: FindFactory): Sink {
  const [, name, argument = ''] = /^([^:]*):?(.*)$/s.exec(spec.trim()) as RegExpExecArray
  const own = Object.hasOwn(factories, name) ? factories[name] : undefined
  const factory = own ?? registered.get(name) ?? (builtIn().includes(name) ? undefined : find?.(name, part))
  if (factory) {
    if (own && !argument && !MAY_BE_BARE.includes(name)) {
      const what = name === 'webhook' ? 'URL' : 'PATH'
      throw new Error(`[nfo] [${part}] the sink '${name}' has no ${what.toLowerCase()}; write '${name}:${what}'`)
    }
    return sinkMade(factory(argument), name, part)
  }
  try {
    rejectUnknown(part, 'sink', [name], [...builtIn(), ...registered.keys()])
  } catch (error) {
    const { message } = error as Error
    if (find && !message.endsWith('?'))
      (error as Error).message += `, registerSink('${name}', factory), or install nfo-sink-${name}`
    throw error
  }
  throw new Error(`[nfo] [${part}] the sink '${spec}' needs files, and this runtime has none; pass a sink object`)
}

function sinkMade(made: Sink | Promise<Sink>, name: string, part: string): Sink {
  const checked = (sink: Sink): Sink => {
    if (typeof sink?.write === 'function') return sink
    throw new TypeError(`[nfo] [${part}] what '${name}' made has no write function; its factory has to give a sink`)
  }
  return typeof (made as Promise<Sink>)?.then === 'function'
    ? held((made as Promise<Sink>).then(checked))
    : checked(made as Sink)
}

/** Its first batch waits for the sink, and the others wait for the first. */
function held(coming: Promise<Sink>): Sink {
  let sink: Sink | undefined
  coming.then(
    (made) => {
      sink = made
    },
    () => {}
  )
  return {
    write: (entries) => (sink ? sink.write(entries) : coming.then((made) => made.write(entries))),
    flush: async () => (await coming).flush?.(),
    close: async () => (await coming).close?.(),
    // Only a sink that is there can say whether it writes on the way out of a process.
    get flushSync() {
      return sink?.flushSync && (() => sink?.flushSync?.())
    }
  }
}

/** In the place of the one in `specs.ts` where there are no files. */
export const sinkOf = (spec: string, part: string): Sink => sinkFrom(PORTABLE, spec, part)
