import type { Logger } from '../core/logger.ts'
import { toJson } from '../formats/json.ts'
import { runtime } from '../runtimes/generic.ts'
import { visitId } from '../sinks/_visit.ts'
import { type Crash, lockOf, type Saved, STORE, setEnded, takeLast } from './lastCrash.ts'
import { hasLocks, takeLock } from './lock.ts'
import { change, openStores } from './stores.ts'

/** Saves what the ring holds, for the next visit. */
export interface CrashKeeper {
  /** Something was not caught: what is saved stays, however the page ends. */
  caught(): void
  /** What the last visit that did not end well has left. */
  readonly last: Promise<Crash | undefined>
  stop(): void
}

// An error may come again and again; what it takes to save the ring is some milliseconds.
const LEAST_PAUSE = 1000
const EVENTS = ['pagehide', 'pageshow', 'visibilitychange']

/**
 * Saves the ring in IndexedDB, when something is not caught and, where tabs can know of each other, every so many
 * milliseconds if there is something new. A page that is closed or hidden takes the latter away again; one that hangs or is
 * killed cannot.
 */
export function keepCrash(logger: Logger, every: number): CrashKeeper {
  const visit = visitId()
  let reason: Crash['reason'] = 'killed'
  let database: IDBDatabase | undefined
  let saved = -1
  let cancelTick: (() => void) | undefined
  let lastSave = Number.NEGATIVE_INFINITY
  let isDue = false
  let release: (() => void) | undefined

  async function start(): Promise<Crash | undefined> {
    // A worker is not told that it ends, and a private window may have no IndexedDB.
    if (!globalThis.document || !globalThis.indexedDB) return undefined
    await hold()
    database = await openStores('nfo', [STORE])
    if (reason === 'error') save()
    goOn()
    return takeLast(database, visit)
  }

  async function hold(): Promise<void> {
    if (hasLocks()) release = await takeLock(lockOf(visit))
  }

  function goOn(): void {
    cancelTick?.()
    saved = -1
    setEnded(visit, document.visibilityState !== 'visible')
    if (release && document.visibilityState === 'visible') tick()
  }

  function tick(): void {
    if (logger.stats().accepted !== saved) save()
    cancelTick = runtime.later(tick, every)
  }

  function save(): void {
    isDue = false
    lastSave = performance.now()
    saved = logger.stats().accepted
    put({ visit, time: Date.now(), reason, path: location.pathname, lines: logger.dump().map(toJson) })
  }

  function put(what: Saved | undefined): void {
    if (!database) return
    change(database, [STORE], (store) => (what ? store.put(what, visit) : store.delete(visit))).catch(() => {})
  }

  // A page that nobody sees is often ended without another word, which is no crash.
  function pause(): void {
    cancelTick?.()
    setEnded(visit, true)
    if (reason === 'error') save()
    else put(undefined)
  }

  function onChange({ type }: Event): void {
    if (type === 'pageshow' && database && !release) void hold().then(goOn)
    else if (type === 'visibilitychange' && document.visibilityState === 'visible') goOn()
    else if (type !== 'pageshow') pause()
    // A page that holds a lock is not kept for the way back.
    if (type === 'pagehide') letGo()
  }

  function letGo(): void {
    release?.()
    release = undefined
  }

  for (const type of EVENTS) globalThis.addEventListener?.(type, onChange)
  return {
    last: start().catch(() => undefined),
    caught() {
      reason = 'error'
      if (isDue) return
      isDue = true
      runtime.later(save, Math.max(0, lastSave + LEAST_PAUSE - performance.now()))
    },
    stop() {
      for (const type of EVENTS) globalThis.removeEventListener?.(type, onChange)
      pause()
      letGo()
    }
  }
}
