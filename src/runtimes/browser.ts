import { printToConsole } from './_console.ts'
import { later } from './_later.ts'
import type { ExitReason, Runtime } from './types.ts'

export const runtime: Runtime = {
  name: 'browser',
  env: () => undefined,
  print: printToConsole,
  isTerminal: () => false,
  fs: undefined,
  later,
  onExit,
  startThread: undefined,
  require: undefined,
  storage: () => undefined,
  processes: undefined,
  frozenClock: false
}

// A page on a phone often ends without pagehide: being hidden is the last thing it is told.
function onExit(listener: (reason: ExitReason) => void): () => void {
  const notify = (event: Event) => {
    if (event.type === 'pagehide' || document.visibilityState === 'hidden') {
      try {
        listener('hidden')
      } catch {}
    }
  }
  const types = ['pagehide', 'visibilitychange']
  for (const type of types) globalThis.addEventListener?.(type, notify)
  return () => {
    for (const type of types) globalThis.removeEventListener?.(type, notify)
  }
}
