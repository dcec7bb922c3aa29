import type { MakeStorage } from '../core/context.ts'
import type { RecordingHost } from '../core/logger.ts'

/** The few members of `node:fs`'s `Stats` that nfo uses. */
export interface FileStats {
  size: number
  ino: number
  mtimeMs: number
  mode: number
}

/** The few members of `node:fs` that nfo uses. */
export interface FileSystem {
  readonly constants: { readonly O_WRONLY: number; readonly O_APPEND: number }
  openSync(path: string, flags: string | number): number
  writeSync(fd: number, bytes: Uint8Array, offset?: number, length?: number, position?: number | null): number
  readSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number | null): number
  fsyncSync(fd: number): void
  fsync(fd: number, done: (error: Error | null) => void): void
  closeSync(fd: number): void
  fstatSync(fd: number): FileStats
  statSync(path: string): FileStats
  readFileSync(path: string): Uint8Array
  mkdirSync(path: string, options: { recursive: boolean }): unknown
  renameSync(from: string, to: string): void
  unlinkSync(path: string): void
  linkSync(existing: string, path: string): void
  readdirSync(path: string): string[]
  ftruncateSync(fd: number, length: number): void
}

/** Why the process is ending. `hidden`: a page went out of sight and may never come back. */
export type ExitReason = 'exit' | 'error' | 'signal' | 'hidden'

/** A thread that runs a piece of source and can be stopped. It never keeps the process alive. */
export interface Thread {
  onMessage(listener: (message: unknown) => void): void
  /** Sends a copy to the thread. */
  send(message: unknown): void
  /** Calls `listener` once, when the thread ends without having been stopped, also when it just came to its end. */
  onError(listener: (error: unknown) => void): void
  stop(): void
}

/** What one runtime can do. Every file in this folder exports one, under the name `runtime`. */
export interface Runtime {
  readonly name: 'node' | 'deno' | 'bun' | 'workerd' | 'browser' | 'generic'
  /** An environment variable; undefined also where reading is not allowed. */
  env(name: string): string | undefined
  /** Writes a line of text, without its newline, to that stream, or to the console where there are no streams. */
  print(stream: 'stdout' | 'stderr', line: string): void
  /** Whether that stream is a terminal a person looks at. */
  isTerminal(stream: 'stdout' | 'stderr'): boolean
  /** Files, where there are any. */
  readonly fs: FileSystem | undefined
  /**
   * Runs `task` later without keeping the process alive; the result cancels. Undefined when no timer can fire any more
   * (the process is in its exit handlers) or none may be set now (a Worker's module scope). On Workers a timer also
   * dies with the request that set it.
   */
  later(task: () => void, ms: number): (() => void) | undefined
  /**
   * Calls `listener` synchronously when the process is about to end; the result takes it back. One ending may call it
   * more than once: for the error and then for the exit, before the app's own exit handlers and after them.
   */
  onExit(listener: (reason: ExitReason) => void): () => void
  /**
   * Starts a thread from the text of a classic script, or throws. The script has `require('node:fs')` and
   * `require('node:worker_threads')`, whose `workerData` is `data`: a SharedArrayBuffer in it stays shared. It goes on
   * while the starter is stuck in a loop. It has the app's environment variables only if it needs them. Undefined where
   * there are no threads.
   */
  readonly startThread: ((source: string, data: unknown, needsVariables?: boolean) => Thread) | undefined
  /**
   * Loads a module at once: one of the runtime's own (`node:sqlite`), or a package, looked for where nfo is and then where
   * the app runs. Throws when it is not to be had. Undefined where modules cannot be loaded by name.
   */
  readonly require: ((name: string) => unknown) | undefined
  /**
   * An AsyncLocalStorage, which follows a task through its awaits. Undefined where there is none, and for a moment where
   * its module has to be loaded first: ask again at the next use.
   */
  readonly storage: MakeStorage
  /** The number of the process and whether another one runs; undefined where there are no processes. */
  readonly processes: { readonly pid: number; isRunning(pid: number): boolean } | undefined
  /** Follows a ring with a file. Not there where there are no files. */
  readonly openRecord?: RecordingHost['openRecord']
  /** True where the clock stands still while code runs. */
  readonly frozenClock: boolean
}
