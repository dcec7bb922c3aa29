import type { Recording, RecordOptions, Settings } from '../core/options.ts'
import { resize } from '../core/resize.ts'
import { CLOSED, type Recorder } from '../core/ring.ts'
import type { Ledger } from '../core/types.ts'
import type { ExitReason, Runtime, Thread } from '../runtimes/types.ts'
import { createChunks } from './chunk.ts'
import { createFile, type RecordEnd } from './file.ts'
import { followNames } from './names.ts'
import { readRecordOptions } from './options.ts'
import { createPersister } from './persist.ts'
import { createPlan } from './plan.ts'
import { type ThreadData, threadSource } from './thread.ts'

const { now } = performance
/** How often the numbers of the ledger are written down, and how often the main thread writes where it is alone. */
const LEDGER_MS = 1000

const recordings = /* @__PURE__ */ new WeakMap<Recorder, Recording>()

/**
 * Follows a ring with a file of fixed size. A thread writes what is new every few milliseconds, also while the main
 * thread is stuck. Until it is up, after it died and where there are none, the main thread writes by itself.
 */
export function openRecord(
  runtime: Runtime,
  ring: Recorder,
  record: string | RecordOptions,
  settings: Pick<Settings, 'exitHooks' | 'environment' | 'version'>,
  ledger: () => Ledger
): Recording {
  const { size, interval, durability, fsync, ...options } = readRecordOptions(record)
  const path = absolute(options.path)
  const chunks = createChunks()
  const file = createFile(filesOf(runtime), path, factsOf(runtime, ring, size, settings), chunks)
  recordings.get(ring)?.close()
  if (!ring.shared || ring.mask === 0) resize(ring, ring.size, true)

  const plan = createPlan(ring, size, file.file)
  const { state, counts, at, count } = plan
  const fs = filesOf(runtime)
  const main = { fs, fd: file.fd, chunks, owner: 1, now: () => now.call(performance), wall: Date.now }
  const persister = createPersister(plan, main)
  const each = durability === 'each'
  let thread: Thread | undefined
  let alone = false
  let closed = false
  let reported = false
  let end: RecordEnd | undefined
  let cancelPass: (() => void) | undefined
  let cancelLedger: (() => void) | undefined

  function report(text: string): void {
    if (!reported) runtime.print('stderr', `[nfo] [record] ${path}: ${text}`)
    reported = true
  }

  /** Never throws and is not recorded, whatever the app has wrapped. */
  function persist(calls: 'none' | 'changed' | 'always', force?: boolean): void {
    const { gate } = ring
    ring.gate = CLOSED
    try {
      persister.persist(calls, force)
    } catch (error) {
      report(`${(error as Error).message}; what is not written is counted as lost, check the disk`)
    } finally {
      ring.gate = gate
    }
    if (!closed && thread && state[at.stop] === 1) goAlone('the thread did not answer for a second')
  }

  function onRecord(): void {
    if (alone && !each) cancelPass ??= runtime.later(onTime, interval)
    else persist('none')
    if (!alone && !each && Atomics.load(state, at.ready) === 1) ring.onRecord = undefined
  }

  function onTime(): void {
    cancelPass = undefined
    persist('changed')
  }

  function onReclaim(goal: number): void {
    if (alone || ((state[at.persisted] - goal) | 0) < 0) persist('changed', true)
  }

  function noteLedger(): void {
    const { accepted, delivered, dropped, failed, pending } = ledger()
    counts.set([accepted, delivered, dropped, failed, pending], count.ledger)
    cancelLedger = runtime.later(noteLedger, LEDGER_MS)
  }

  function goAlone(reason?: string): void {
    if (reason) report(`${reason}; the main thread writes, which an endless loop stops`)
    thread?.stop()
    thread = undefined
    alone = true
    // It may have died while it wrote.
    Atomics.compareExchange(state, at.lock, 2, 0)
    ring.onRecord = onRecord
  }

  function startThread(): void {
    const data: ThreadData = { plan, path, inode: file.inode, interval, fsync }
    try {
      thread = runtime.startThread?.(threadSource(), data)
    } catch (error) {
      return goAlone((error as Error).message)
    }
    if (!thread) return goAlone()
    thread.onError((error) => {
      if (!closed && !alone) goAlone(`the thread ended: ${(error as Error)?.message ?? error}`)
    })
    thread.onMessage((text) => report(`${text}; it is tried again, check the disk`))
  }

  function onEnd(reason: ExitReason | 'closed'): void {
    noteLedger()
    persist('always', true)
    const [blocks, entries] = [counts[count.blocks], counts[count.entries]]
    // The exit that follows an error or a signal says less than that.
    if (reason === 'exit' && end?.blocks === blocks) return
    end = { reason, time: Date.now(), blocks, entries }
    try {
      file.writeHeader(end)
    } catch (error) {
      report((error as Error).message)
    }
  }

  function close(): void {
    if (closed) return
    closed = true
    Atomics.store(state, at.stop, 1)
    Atomics.notify(state, at.stop)
    stopListening?.()
    onEnd('closed')
    thread?.stop()
    cancelPass?.()
    cancelLedger?.()
    forgetNames()
    if (ring.onReclaim === onReclaim) ring.onReclaim = undefined
    if (ring.onRecord === onRecord) ring.onRecord = undefined
    if (recordings.get(ring) === recording) recordings.delete(ring)
    file.close()
  }

  const recording: Recording = { close }
  recordings.set(ring, recording)
  Atomics.store(plan.control, 0, ring.head)
  state[at.persisted] = ring.tail
  const forgetNames = followNames(ring, plan)
  ring.onReclaim = onReclaim
  ring.onRecord = onRecord
  startThread()
  persist('changed')
  cancelLedger = runtime.later(noteLedger, LEDGER_MS)
  const stopListening = settings.exitHooks ? runtime.onExit(onEnd) : undefined
  return recording
}

function filesOf({ fs }: Runtime): NonNullable<Runtime['fs']> {
  if (fs) return fs
  throw new Error('[nfo] [record] there are no files yet; call configure() a moment later')
}

type Process = { pid?: number; cwd?(): string }
const processOf = (): Process => (globalThis as unknown as { process?: Process }).process ?? {}

/** The thread opens the file a moment later, when the app may be in another folder. */
function absolute(path: string): string {
  if (/^([\\/]|[A-Za-z]:)/.test(path)) return path
  try {
    return `${processOf().cwd?.() ?? '.'}/${path}`
  } catch {
    // Deno may not say where it is.
    return path
  }
}

function factsOf({ name }: Runtime, ring: Recorder, size: number, settings: Pick<Settings, 'environment' | 'version'>) {
  const [environment, version] = [settings.environment.slice(0, 60), settings.version.slice(0, 60)]
  return { pid: processOf().pid ?? 0, runtime: name, size, ring: ring.size, environment, version }
}
