import { isSecretName, secretNames } from './redact.ts'
import type { Recorder } from './ring.ts'
import type { CaptureLimits, Level } from './types.ts'

export const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error', 'fatal']

/** What a wrapped function can be told. */
export interface WrapOptions {
  /** @default the function's own name, or 'anonymous' */
  name?: string
  /** Where the function lives. @default '' */
  module?: string
  /** Level of a call that returns; one that throws is an `error`. @default 'debug' */
  level?: Level
  /** Parameter and property names to leave out, besides the logger's own. */
  redact?: readonly string[]
  /** Share of calls to record, 0 to 1. Failures are always recorded. @default 1 */
  sample?: number
  capture?: CaptureLimits
  /** Names of the parameters, for code whose own names were minified away. @default read from the source */
  params?: readonly string[]
  /** The logger to record to. @default the one of `configure()` */
  logger?: { readonly recorder: Recorder }
}

/** What a call of a function may do with its result. */
export type SiteKind = '' | 'AsyncFunction' | 'GeneratorFunction' | 'AsyncGeneratorFunction'

/** Capture limits and names to leave out of one function's values. */
export type SiteLimits = Pick<Recorder, 'maxDepth' | 'maxItems' | 'maxString' | 'extraRedact'>

/** What a wrapper knows of its function. */
export interface Site {
  recorder: Recorder
  wrapper: Function | undefined
  name: string
  module: string
  params: readonly string[] | undefined
  level: number
  /** A call whose rank is below the recorder's gate takes the slow way: below the level, sampled, or special otherwise. */
  rank: number
  /** The header's second word without the number of arguments; -1 before the first call. */
  word: number
  kind: SiteKind
  /** One bit a parameter whose value is left out. */
  secret: number
  /** The logger's names to leave out, when this was prepared. */
  redact: ReadonlySet<string> | undefined
  sample: number
  /** Not prepared yet, or with secrets or limits of its own. */
  special: boolean
  limits: SiteLimits | undefined
}

/** A rank that no gate lets pass. */
const SPECIAL = -1
export const ERROR_LEVEL = 3

const OPTIONS = ['name', 'module', 'level', 'redact', 'sample', 'capture', 'params', 'logger']

export function createSite(fn: Function, options: WrapOptions, recorder: Recorder): Site {
  const { level = 'debug', sample = 1, capture, redact } = options
  const unknown = Object.keys(options).find((option) => !OPTIONS.includes(option))
  if (unknown) throw new TypeError(`[nfo] [wrap] unknown option '${unknown}'; use one of ${OPTIONS.join(', ')}`)
  if (!LEVELS.includes(level))
    throw new TypeError(`[nfo] [wrap] unknown level '${level}'; use one of ${LEVELS.join(', ')}`)
  if (!(sample >= 0 && sample <= 1)) throw new RangeError(`[nfo] [wrap] sample is ${sample}; use a share from 0 to 1`)
  return {
    recorder,
    wrapper: undefined,
    name: options.name ?? (ownName(fn) || 'anonymous'),
    module: options.module ?? '',
    params: options.params,
    level: LEVELS.indexOf(level),
    rank: SPECIAL,
    word: -1,
    kind: '',
    secret: 0,
    redact: undefined,
    sample,
    special: true,
    limits: (capture || redact) && {
      ...captureLimits(capture, recorder),
      extraRedact: redact && secretNames(redact)
    }
  }
}

/** The name as it was given, without running a getter. */
function ownName(fn: Function): string {
  try {
    const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value
    return typeof name === 'string' ? name : ''
  } catch {
    return ''
  }
}

/** Limits as the encoder takes them. Its slack for closing tags bounds the depth. */
export function captureLimits(capture: CaptureLimits | undefined, base: Recorder): Omit<SiteLimits, 'extraRedact'> {
  const { depth = base.maxDepth, items = base.maxItems, string = base.maxString } = capture ?? {}
  return { maxDepth: Math.min(depth, 16), maxItems: items, maxString: string }
}

/** Left to the first call: reading the source takes a microsecond, and most wrapped functions are never called. */
export function prepareSite(site: Site, fn: Function): void {
  const source = Function.prototype.toString.call(fn).slice(0, 2000)
  const params = site.params ?? parameterNames(source)
  site.params = params
  const { limits, recorder } = site
  // Its own names and the logger's.
  if (limits?.extraRedact) limits.extraRedact = new Set([...limits.extraRedact, ...(recorder.redact ?? [])])
  const redact = limits?.extraRedact ?? recorder.redact
  site.redact = recorder.redact
  for (let i = 0; i < params.length && i < 31; i++) if (isSecretName(params[i], redact)) site.secret |= 1 << i
  const kind = kindOf(fn)
  // A plain function that took an async one's prototype may give the same promise twice: only the source tells.
  if (kind.startsWith('Async') ? source.startsWith('async') : kind === 'GeneratorFunction') site.kind = kind as SiteKind
  site.word = site.recorder.siteNumber(site.name, site.module, params, site.level)
  site.special = site.secret !== 0 || site.limits !== undefined
  site.rank = site.sample === 1 && !site.special ? site.level : SPECIAL
}

function kindOf(fn: Function): string {
  try {
    return Object.prototype.toString.call(fn).slice(8, -1)
  } catch {
    return ''
  }
}

/** The declared parameters' names; '' for one that is taken apart by a pattern. */
export function parameterNames(text: string): string[] {
  // Without comments and texts, which may hold brackets and commas.
  const source = text.replace(/(["'`])(?:\\[\s\S]|(?!\1)[\s\S])*\1|\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  const single = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source)
  if (single) return [single[1]]
  const open = source.startsWith('class') ? source.search(/\bconstructor\s*\(/) : 0
  if (open < 0) return []
  const names: string[] = []
  let level = 0
  let piece = ''
  for (const char of source.slice(source.indexOf('(', open))) {
    if (level > 1 || !'(,)'.includes(char)) piece += level ? char : ''
    if ('([{'.includes(char)) level++
    else if (')]}'.includes(char)) level--
    if (level === 0 || (level === 1 && char === ',')) {
      const name = /^\s*(?:\.\.\.)?\s*([\w$]*)/.exec(piece)
      if (piece.trim()) names.push(name ? name[1] : '')
      piece = ''
    }
    if (level === 0) break
  }
  return names
}
