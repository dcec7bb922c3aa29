/** Whatever can be wrapped. */
export type Callable = ((...args: any[]) => any) | (abstract new (...args: any[]) => any)

/** A function wrapper: takes a function and gives back one that behaves the same. */
export type Wrap = <F extends Callable>(fn: F) => F

/** A function of which a case only wants to know what it does with what it is given. */
export type AnyFunction = (...args: unknown[]) => unknown

/** What a case needs and some runtimes or machines lack. */
export type Capability = 'unhandledRejection' | 'crossRealm' | 'dom' | 'sharedMemory' | 'memory100MB'

/** Collects the unhandled rejections that the runtime reports while it is set. */
export interface RejectionTrap {
  /** The reasons reported so far, oldest first. */
  reasons(): readonly unknown[]
  /** Takes the trap away. */
  release(): void
}

/** What the cases are told about the runtime they run on. */
export interface Host {
  trapRejections: (() => RejectionTrap) | undefined
  realm: (() => typeof globalThis) | undefined
  document: Document | undefined
  memory100MB: boolean
}

/** The body of a case. Throws, or rejects, when the wrapper is at fault. */
export type Check = (wrap: Wrap, host: Host) => void | Promise<void>

/** Cases about one thing. */
export interface Group {
  readonly name: string
  readonly needs?: Capability
  readonly checks: Readonly<Record<string, Check>>
}

/** One case of the suite, bound to a wrapper. */
export interface Case {
  readonly group: string
  readonly name: string
  /** The capability without which the case says nothing. */
  readonly needs?: Capability
  /** Why the case cannot or shall not run here; missing when it can. */
  readonly skip?: string
  /** Throws, or rejects, with a message that says what was expected and what came. */
  run(): void | Promise<void>
}
