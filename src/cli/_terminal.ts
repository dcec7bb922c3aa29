import { runtime } from '../runtimes/generic.ts'

type Stream = 'stdout' | 'stderr'

/** Whether to colour: FORCE_COLOR says yes, NO_COLOR says no, else a terminal does. */
function isColoured(stream: Stream): boolean {
  const forced = runtime.env('FORCE_COLOR')
  if (forced) return forced !== '0' && forced !== 'false'
  return !runtime.env('NO_COLOR') && runtime.isTerminal(stream)
}

// Wide enough for a row, and no wider than what people set their windows to.
const ELSEWHERE = 120

/** Columns of the terminal; of a pipe or a file what COLUMNS says, or 120. */
export function columnsOf(stream: Stream): number {
  // The stream is only made where it is a terminal: making it turns a shared pipe non-blocking.
  const size = runtime.isTerminal(stream) ? process[stream].columns : Number(runtime.env('COLUMNS'))
  return size > 0 ? size : ELSEWHERE
}

/** What the reader of an output can take. */
export interface Looks {
  coloured: boolean
  /** Cells of a line. */
  width: number
  isTerminal: boolean
}

/** Those of standard output. */
export function looksOfOutput(): Looks {
  return { coloured: isColoured('stdout'), width: columnsOf('stdout'), isTerminal: runtime.isTerminal('stdout') }
}

/** Those of a file that programs read. */
export const PLAIN: Looks = { coloured: false, width: 0, isTerminal: false }

/** Dresses a text in a colour, or leaves it as it is. */
export type Paint = (code: number, text: string) => string

export const painter = (coloured: boolean): Paint =>
  coloured ? (code, text) => (text ? `\x1b[${code}m${text}\x1b[0m` : text) : (_code, text) => text

export const BOLD = 1
export const RED = 31
export const DIM = 90
