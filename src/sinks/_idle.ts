interface Process {
  on?(event: 'beforeExit', listener: () => void): unknown
  off?(event: 'beforeExit', listener: () => void): unknown
}

const listeners = new Set<() => void>()

const notify = (): void => {
  for (const listener of [...listeners]) listener()
}

// Node, Deno and Bun have it.
const theProcess = (): Process | undefined => (globalThis as { process?: Process }).process

/**
 * Calls `listener` when nothing keeps the process alive any more; what it begins keeps it alive again. The result
 * takes it back. One listener of the process serves all.
 */
export function onIdle(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1) theProcess()?.on?.('beforeExit', notify)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) theProcess()?.off?.('beforeExit', notify)
  }
}
