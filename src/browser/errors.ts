import type { Logger } from '../core/logger.ts'

/**
 * Makes entries of what nobody catches: errors, with their stack, as calls of `window.onerror`, and rejections as calls of
 * `unhandledrejection`, with the path of the page. The browser reports them as ever, and handlers of the page's own run.
 * `caught` is called after each. The result stops it.
 *
 * @example
 * const stop = captureErrors(getLogger())
 */
export function captureErrors(logger: Pick<Logger, 'wrap'>, caught: () => void = () => {}): () => void {
  const record = (name: string): ((thrown: unknown) => void) => {
    let current: unknown
    const raise = logger.wrap(
      (_path: string) => {
        throw current
      },
      { name, params: ['path'] }
    )
    return (thrown) => {
      current = thrown
      try {
        raise(globalThis.location?.pathname)
      } catch {
        current = undefined
      }
      caught()
    }
  }
  const recordError = record('window.onerror')
  const recordRejection = record('unhandledrejection')
  const onError = (event: ErrorEvent): void => recordError(event.error ?? described(event))
  const onRejection = ({ reason }: PromiseRejectionEvent): void => recordRejection(reason)
  globalThis.addEventListener?.('error', onError)
  globalThis.addEventListener?.('unhandledrejection', onRejection)
  return () => {
    globalThis.removeEventListener?.('error', onError)
    globalThis.removeEventListener?.('unhandledrejection', onRejection)
  }
}

/** A script of another origin fails with nothing but a message. */
function described({ message, filename, lineno, colno }: ErrorEvent): Error {
  const error = new Error(message)
  error.stack = filename ? `Error: ${message}\n    at ${filename}:${lineno}:${colno}` : ''
  return error
}
