import type { ProcessLike } from './_modules.ts'
import type { FileSystem } from './types.ts'

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const
export type Signal = keyof typeof NUMBERS
export const SIGNALS: readonly Signal[] = ['SIGHUP', 'SIGINT', 'SIGTERM']

/** What decides about a signal besides our handler. */
export interface SignalRules {
  /** Whether the app has a handler of its own; asked while ours is off the list. */
  hasHandler(): boolean
  /** Whether one has already run for this signal and left. */
  wasHandled(): boolean
  /** Whether the process was started to survive it. */
  isIgnored: boolean
}

/**
 * Goes before the app's own handlers and is off the list while they run: one that counts handlers, or sends the signal
 * again, meets what it would meet without us. Where there are none, the signal is sent again and ends the process.
 */
export function watchSignal(
  process: ProcessLike,
  signal: Signal,
  { hasHandler, wasHandled, isIgnored }: SignalRules,
  notify: () => void
): () => void {
  let watching = true
  const onSignal = () => {
    notify()
    if (isIgnored) return
    const isHandled = wasHandled()
    process.removeListener(signal, onSignal)
    if (!isHandled && !hasHandler()) return resend(process, signal)
    process.nextTick(() => {
      if (watching) process.prependListener(signal, onSignal)
    })
  }
  try {
    process.prependListener(signal, onSignal)
  } catch {
    // Deno on Windows knows fewer signals.
  }
  return () => {
    watching = false
    process.removeListener(signal, onSignal)
  }
}

function resend(process: ProcessLike, signal: Signal): void {
  try {
    process.kill(process.pid, signal)
  } catch {
    process.exit(128 + NUMBERS[signal])
  }
}

/**
 * The signals that the process was started to survive, by `nohup` or a shell's `&`. Node clears that at its start. Deno
 * and Bun obey, until there is a handler (on Deno: for any signal), and would then end of the signal.
 */
export function ignoredSignals(source: SignalFacts): readonly Signal[] {
  const mask = ignoredMask(source)
  if (mask !== undefined) return SIGNALS.filter((signal) => (mask >> (NUMBERS[signal] - 1)) & 1)
  return looksLikeNohup(source) ? ['SIGHUP'] : []
}

/** Where to look for what the process was started with. */
export interface SignalFacts {
  readonly fs: FileSystem | undefined
  /** Whether that file may be read without a question to the user. */
  canRead(path: string): boolean
  stdinIsTerminal(): boolean
}

function ignoredMask({ fs, canRead }: SignalFacts): number | undefined {
  const path = '/proc/self/status'
  try {
    if (!canRead(path)) return undefined
    const [, mask] = /^SigIgn:\s*\w*(\w{4})$/m.exec(new TextDecoder().decode(fs!.readFileSync(path)))!
    return parseInt(mask, 16)
  } catch {
    // No Linux, or Deno without --allow-all.
    return undefined
  }
}

/** `nohup` leaves no terminal to read from and sends the output to a file. */
function looksLikeNohup({ fs, stdinIsTerminal }: SignalFacts): boolean {
  try {
    return !stdinIsTerminal() && (fs!.fstatSync(1) as unknown as { isFile(): boolean }).isFile()
  } catch {
    return false
  }
}
