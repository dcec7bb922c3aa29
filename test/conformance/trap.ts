import type { RejectionTrap } from './case.ts'

interface Scope {
  Deno?: unknown
  navigator?: { userAgent?: string }
  process?: {
    on?(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown
    off?(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown
    getBuiltinModule?(name: string): unknown
  }
  addEventListener?(type: 'unhandledrejection', listener: (event: RejectionEvent) => void): void
  removeEventListener?(type: 'unhandledrejection', listener: (event: RejectionEvent) => void): void
  document?: Document
  /** Above 0 while a trap is set, so that a test harness leaves these rejections alone. */
  __expectRejections?: number
}

interface RejectionEvent {
  reason: unknown
  preventDefault(): void
}

const scope: Scope = globalThis as Scope

/** Deno and Workers may also have a `process`; theirs is not where rejections are reported first. */
function reportsByEvent(): boolean {
  if (scope.Deno !== undefined || scope.navigator?.userAgent === 'Cloudflare-Workers') return true
  return typeof scope.process?.on !== 'function'
}

function listenToProcess(take: (reason: unknown) => void): () => void {
  scope.process?.on?.('unhandledRejection', take)
  return () => void scope.process?.off?.('unhandledRejection', take)
}

function listenToEvents(take: (reason: unknown) => void): () => void {
  const listener = (event: RejectionEvent): void => {
    event.preventDefault()
    take(event.reason)
  }
  scope.addEventListener?.('unhandledrejection', listener)
  return () => scope.removeEventListener?.('unhandledrejection', listener)
}

function setTrap(): RejectionTrap {
  const seen: unknown[] = []
  const take = (reason: unknown): void => void seen.push(reason)
  const stop = reportsByEvent() ? listenToEvents(take) : listenToProcess(take)
  scope.__expectRejections = (scope.__expectRejections ?? 0) + 1
  return {
    reasons: () => seen,
    release() {
      stop()
      scope.__expectRejections = (scope.__expectRejections ?? 1) - 1
    }
  }
}

/** How to collect unhandled rejections on this runtime; undefined where it reports none. */
export function detectTrap(): (() => RejectionTrap) | undefined {
  return reportsByEvent() && typeof scope.addEventListener !== 'function' ? undefined : setTrap
}

interface VirtualMachine {
  runInNewContext(code: string): typeof globalThis
}

function realmOfFrame(page: Document): typeof globalThis {
  const frame = page.createElement('iframe')
  page.documentElement.append(frame)
  // The frame stays in the page: taking it out would end its realm.
  return frame.contentWindow as unknown as typeof globalThis
}

/** How to get the globals of another realm: a frame, or a new context of `node:vm`; undefined where there is neither. */
export function detectRealm(): (() => typeof globalThis) | undefined {
  const page = scope.document
  if (page !== undefined) return () => realmOfFrame(page)
  const machine = scope.process?.getBuiltinModule?.('node:vm') as Partial<VirtualMachine> | undefined
  if (typeof machine?.runInNewContext !== 'function') return undefined
  return () => (machine as VirtualMachine).runInNewContext('globalThis')
}

/** The page, where there is one. */
export function detectDocument(): Document | undefined {
  return scope.document
}
