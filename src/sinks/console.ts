import type { Entry, Level, Sink } from '../core/types.ts'
import { toJson } from '../formats/json.ts'
import { pretty, treeDepths } from '../formats/pretty.ts'
import { LEVEL_NAMES } from '../formats/row.ts'
import { runtime } from '../runtimes/generic.ts'

export interface ConsoleOptions {
  /** Lines for a person or for a machine. @default 'pretty' on a terminal and in a browser, else 'json' */
  format?: 'pretty' | 'json'
  /** ANSI colours in pretty lines. @default on a terminal, unless NO_COLOR is set; always if FORCE_COLOR is */
  colour?: boolean
  /** `split`: errors go to stderr, the rest to stdout. @default 'stdout' */
  stream?: 'stdout' | 'stderr' | 'split'
  /** The least severe level that is printed. @default 'debug' */
  level?: Level
}

// Spans whose depth is remembered, for calls that end in a later batch than their caller.
const REMEMBERED = 1024

/**
 * Prints entries, one line each: as a call tree for a person, where a caller stands above what it called, or as JSON lines.
 * Throws when the level is unknown.
 *
 * @example
 *     configure({ sinks: [consoleSink({ level: 'info', stream: 'stderr' })] })
 */
export function consoleSink(options: ConsoleOptions = {}): Sink {
  const { stream = 'stdout', level = 'debug' } = options
  const terminal = runtime.isTerminal(stream === 'split' ? 'stdout' : stream)
  const { format = terminal || runtime.name === 'browser' ? 'pretty' : 'json', colour = wantsColour(terminal) } =
    options
  const shown = levelsFrom(level)
  const known = new Map<number, number>()
  const showJson = (batch: readonly Entry[]): Lines => batch.map((entry) => [entry, toJson(entry)])
  const showTree = (batch: readonly Entry[]): Lines => {
    const ordered = [...batch].sort((one, other) => one.sequence - other.sequence)
    const depths = treeDepths(ordered, known)
    forget(known)
    return ordered.map((entry, index) => [entry, pretty(entry, { colour, depth: depths[index] })])
  }
  const show = format === 'json' ? showJson : showTree
  return {
    write(batch) {
      for (const [entry, line] of show(batch.filter((entry) => shown.includes(entry.level)))) {
        runtime.print(streamOf(entry, stream), line)
      }
    },
    // Nothing is buffered; its presence says that printing works on the way out of a process too.
    flushSync() {}
  }
}

type Lines = [Entry, string][]

function streamOf({ level }: Entry, stream: 'stdout' | 'stderr' | 'split'): 'stdout' | 'stderr' {
  if (stream !== 'split') return stream
  return level === 'error' || level === 'fatal' ? 'stderr' : 'stdout'
}

function levelsFrom(level: Level): Level[] {
  const levels = Object.keys(LEVEL_NAMES) as Level[]
  if (!levels.includes(level)) throw new TypeError(`[nfo] [console] unknown level '${level}'; use ${levels.join(', ')}`)
  return levels.slice(levels.indexOf(level))
}

// As Node reads them: FORCE_COLOR wins, and says no by 0 or false.
function wantsColour(terminal: boolean): boolean {
  const force = runtime.env('FORCE_COLOR')
  if (force !== undefined) return force !== '0' && force !== 'false'
  return terminal && !runtime.env('NO_COLOR')
}

function forget(known: Map<number, number>): void {
  for (const span of known.keys()) {
    if (known.size <= REMEMBERED) return
    known.delete(span)
  }
}
