import { getLogger } from '../configure.ts'
import type { Logger } from '../core/logger.ts'

interface Warning extends Error {
  code?: string
  detail?: string
}

interface Warner {
  on?(event: 'warning', listener: (warning: Warning) => void): unknown
  removeListener?(event: 'warning', listener: (warning: Warning) => void): unknown
}

/** Whether Node prints a warning with it: through the console, where it would be recorded again. */
export const isPrintedWarning = (method: string, args: readonly unknown[]): boolean =>
  method === 'error' && typeof args[0] === 'string' && /^\(node:\d+\) /.test(args[0])

/**
 * Makes entries of the process's warnings (`process.emitWarning`, deprecations), of level `warn`, with the warning in
 * `extra.warning`. They are still printed. Does nothing where there is no process. The result stops it.
 *
 * @example
 * const stop = bridgeWarnings()
 * stop()
 */
export function bridgeWarnings({ logger }: { logger?: Pick<Logger, 'warn'> } = {}): () => void {
  const { process } = globalThis as { process?: Warner }
  const listener = (warning: Warning): void => {
    const { name, message, code, detail } = warning
    const target = logger ?? getLogger()
    target.warn(`${name}: ${message}`, { warning, ...(code && { code }), ...(detail && { detail }) })
  }
  process?.on?.('warning', listener)
  return () => void process?.removeListener?.('warning', listener)
}
