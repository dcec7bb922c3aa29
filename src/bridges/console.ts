import { getLogger } from '../configure.ts'
import type { Logger } from '../core/logger.ts'
import type { Level } from '../core/types.ts'

export interface BridgeConsoleOptions {
  /** Where the entries are recorded. @default the logger of `configure()`, also a later one */
  logger?: Pick<Logger, Level>
  /** Whether the console prints no more. @default false */
  silent?: boolean
  /** What is not recorded. It prints, or not, as the rest does. @default nothing */
  ignore?: (method: string, args: readonly unknown[]) => boolean
}

type Method = (...args: unknown[]) => void

const LEVEL_OF: Readonly<Record<string, Level>> = {
  debug: 'debug',
  trace: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  table: 'info',
  warn: 'warn',
  error: 'error',
  assert: 'error'
}

/**
 * Makes entries of what is written to the console, which still prints unless `silent` is set. The text is the entry's
 * message; `extra.console` names the method, and `extra.args` holds what was passed when that is more than text: objects
 * and errors as they were. What prints inside a method, or while entries are written, is recorded once or not at all.
 * The result restores the methods, unless somebody replaced them since; they then only pass on. A sink of your own that
 * prints through the console after an `await` would feed itself: give it a logger, or the functions of before.
 *
 * @example
 * const restore = bridgeConsole()
 * console.warn('low on disk', { free: 12 })
 * restore()
 */
export function bridgeConsole({ logger, silent = false, ignore }: BridgeConsoleOptions = {}): () => void {
  const methods = console as unknown as Record<string, Method>
  let active = true
  // The console's methods call each other, and a sink may print while it is given entries.
  let inside = false

  function bridge(name: string, original: Method): () => void {
    function bridged(this: unknown, ...args: unknown[]): void {
      if (!active || inside) return Reflect.apply(original, this, args)
      inside = true
      try {
        if (!ignore?.(name, args)) record(logger ?? getLogger(), name, args)
        if (!silent) Reflect.apply(original, this, args)
      } finally {
        inside = false
      }
    }
    Object.defineProperty(bridged, 'name', { value: name })
    methods[name] = bridged
    return () => {
      if (methods[name] === bridged) methods[name] = original
    }
  }

  const restores = Object.keys(LEVEL_OF)
    .filter((name) => typeof methods[name] === 'function')
    .map((name) => bridge(name, methods[name]))
  return () => {
    active = false
    for (const restore of restores) restore()
  }
}

function record(logger: Pick<Logger, Level>, method: string, args: readonly unknown[]): void {
  if (method === 'assert' && args[0]) return
  const given = method === 'assert' ? args.slice(1) : args
  const fields: Record<string, unknown> = { console: method }
  if (given.some(isMore)) fields.args = given
  try {
    logger[LEVEL_OF[method]](textOf(given), fields)
  } catch {
    // Recording never stops what is printed.
  }
}

const isMore = (value: unknown): boolean => value !== null && /^(object|function|symbol)$/.test(typeof value)

/** As the console writes it, with objects by their kind: their properties are in `extra.args`, where secrets are left out. */
function textOf(args: readonly unknown[]): string {
  const [first, ...rest] = args
  if (typeof first !== 'string' || !first.includes('%')) return args.map(shown).join(' ')
  const text = first.replace(/%([sdifjoOc%])/g, (found, kind: string) => {
    if (kind === '%') return '%'
    if (rest.length === 0) return found
    const value = rest.shift()
    if (kind === 'c') return ''
    return isMore(value) || kind === 's' ? shown(value) : numberOr(kind, value)
  })
  return [text, ...rest.map(shown)].join(' ')
}

function numberOr(kind: string, value: unknown): string {
  if (typeof value === 'bigint') return `${value}`
  if (kind === 'd' || kind === 'f') return String(Number(value))
  return kind === 'i' ? String(Number.parseInt(String(value), 10)) : shown(value)
}

function shown(value: unknown): string {
  if (!isMore(value)) return String(value)
  try {
    if (typeof value === 'symbol') return String(value)
    if (typeof value === 'function') return `[Function ${value.name}]`
    if (value instanceof Error) return `${value.name}: ${value.message}`
    if (Array.isArray(value)) return `Array(${value.length})`
    return Object.prototype.toString.call(value)
  } catch {
    return '[unreadable]'
  }
}
