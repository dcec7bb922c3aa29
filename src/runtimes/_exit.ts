import type { SignalCount } from './_denoSignals.ts'
import type { ProcessLike } from './_modules.ts'
import { type Signal, watchSignal } from './_signals.ts'
import type { ExitReason } from './types.ts'

type Listener = (reason: ExitReason) => void
type Undo = () => void

export interface ExitOptions {
  /** Signals to take over while there is a listener. */
  signals: readonly Signal[]
  /** Which of them the process was started to survive. */
  ignored?(): readonly Signal[]
  /** Where a runtime announces its end besides `process`. */
  events?: EventTarget
  /** Follows handlers that `process` does not know of. */
  count?(): SignalCount
}

export interface ExitHooks {
  onExit(listener: Listener): Undo
  /** True once no timer can fire any more. */
  ended(): boolean
}

/** Tells listeners of every way a process can end; holds on to the process only while there is a listener. */
export function exitHooks(getProcess: () => ProcessLike, options: ExitOptions): ExitHooks {
  const listeners = new Set<Listener>()
  let uninstall: Undo | undefined
  let notifying = false
  let ended = false

  const notify: Listener = (reason) => {
    // A sink that calls process.exit while it is flushed would come back here for ever.
    if (notifying) return
    notifying = true
    for (const listener of listeners) {
      try {
        listener(reason)
      } catch {}
    }
    notifying = false
  }

  const end = () => {
    ended = true
    notify('exit')
  }

  function install(): Undo {
    const process = getProcess()
    options.events?.addEventListener('unload', end)
    const undo = [
      watchEnd(process, notify, end),
      patch(process, 'abort', () => notify('error')),
      // The way out of every process.exit, after the app's last exit handler, also of one inside an exit handler.
      patch(process, 'reallyExit', end),
      ...watchSignals(process, options, () => notify('signal')),
      () => options.events?.removeEventListener('unload', end)
    ]
    return () => {
      for (const step of undo) step()
    }
  }

  function onExit(listener: Listener): Undo {
    const own: Listener = (reason) => listener(reason)
    listeners.add(own)
    uninstall ??= install()
    return () => {
      listeners.delete(own)
      if (listeners.size > 0) return
      uninstall?.()
      uninstall = undefined
    }
  }

  return { onExit, ended: () => ended }
}

/**
 * Two exit handlers: one before the app's, which may throw, and one that moves behind them at the last moment, since
 * they may record. Not uncaughtException or unhandledRejection: listening to those changes what an error does.
 */
function watchEnd(process: ProcessLike, notify: Listener, end: () => void): Undo {
  const first = () => end()
  const goLast = () => {
    process.removeListener('exit', end)
    process.on('exit', end)
  }
  const onError = () => {
    notify('error')
    goLast()
  }
  process.prependListener('exit', first)
  process.on('beforeExit', goLast)
  process.on('uncaughtExceptionMonitor', onError)
  return () => {
    process.removeListener('exit', first)
    process.removeListener('exit', end)
    process.removeListener('beforeExit', goLast)
    process.removeListener('uncaughtExceptionMonitor', onError)
  }
}

function watchSignals(process: ProcessLike, { signals, ignored, count }: ExitOptions, notify: () => void): Undo[] {
  const counted = count?.()
  const spared = ignored?.() ?? []
  const watch = (signal: Signal) => {
    const hasHandler = () => process.listenerCount(signal) > 0 || counted?.has(signal) === true
    const wasHandled = () => counted?.hadJustNow(signal) === true
    return watchSignal(process, signal, { hasHandler, wasHandled, isIgnored: spared.includes(signal) }, notify)
  }
  return [...signals.map(watch), () => counted?.stop()]
}

/** Runs `before` ahead of a function of `process` that ends it without any event. */
function patch(process: object, name: 'abort' | 'reallyExit', before: () => void): Undo {
  const members = process as Record<string, ((...args: unknown[]) => unknown) | undefined>
  const original = members[name]
  if (!original) return () => {}
  const patched = (...args: unknown[]) => {
    before()
    return original.apply(process, args)
  }
  members[name] = patched
  return () => {
    if (members[name] === patched) members[name] = original
  }
}
