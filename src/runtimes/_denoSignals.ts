type Handler = () => void

/** Where Deno keeps handlers that `process` does not know of. */
export interface SignalSource {
  addSignalListener(signal: string, handler: Handler): void
  removeSignalListener(signal: string, handler: Handler): void
}

export interface SignalCount {
  /** Whether a handler was added since and not taken back. */
  has(signal: string): boolean
  /** Whether one was taken back in this turn: on Deno a `once` handler may have run and gone before ours. */
  hadJustNow(signal: string): boolean
  stop(): void
}

/** Follows handlers that come and go, those of `process` included. Deno has no list, so earlier ones stay unknown. */
export function countSignals(source: SignalSource): SignalCount {
  const handlers = new Map<string, Set<Handler>>()
  const gone = new Set<string>()
  const { addSignalListener, removeSignalListener } = source
  const add = (signal: string, handler: Handler) => {
    addSignalListener(signal, handler)
    handlers.set(signal, (handlers.get(signal) ?? new Set()).add(handler))
  }
  const remove = (signal: string, handler: Handler) => {
    removeSignalListener(signal, handler)
    handlers.get(signal)?.delete(handler)
    gone.add(signal)
    queueMicrotask(() => gone.delete(signal))
  }
  Object.assign(source, { addSignalListener: add, removeSignalListener: remove })
  return {
    has: (signal) => (handlers.get(signal)?.size ?? 0) > 0,
    hadJustNow: (signal) => gone.has(signal),
    stop() {
      if (source.addSignalListener === add) source.addSignalListener = addSignalListener
      if (source.removeSignalListener === remove) source.removeSignalListener = removeSignalListener
    }
  }
}
