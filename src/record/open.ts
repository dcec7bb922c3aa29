import type { Recording, RecordOptions, Settings } from '../core/options.ts'
import { resize } from '../core/resize.ts'
import { CONTROL_HEAD, type Recorder } from '../core/ring.ts'
import type { Ledger } from '../core/types.ts'
import type { FileSystem, Runtime } from '../runtimes/types.ts'
import { createFile, type Facts } from './file.ts'
import { follow } from './follow.ts'
import { followNames } from './names.ts'
import { readRecordOptions } from './options.ts'
import { createPlan, type Plan } from './plan.ts'
import { createWriter } from './writer.ts'

type Given = Pick<Settings, 'exitHooks' | 'environment' | 'version'>

/** Rings that a file follows: one each. */
const recordings = /* @__PURE__ */ new WeakMap<Recorder, Recording>()

/** Lets a file follow a ring. Throws when the options cannot be meant or the file cannot be made. */
export function openRecord(
  runtime: Runtime,
  ring: Recorder,
  record: string | RecordOptions,
  settings: Given,
  ledger: () => Ledger
): Recording {
  const options = readRecordOptions(record)
  const { size, interval, fsync } = options
  const each = options.durability === 'each'
  const fs = filesOf(runtime)
  const facts = { ...factsOf(runtime, settings), size, ring: ring.size, interval: each ? 0 : interval }
  const file = createFile(fs, absolute(options.path), facts)
  // Not before the new file is there: if that fails, the old one goes on.
  recordings.get(ring)?.close()
  const plan = sharePlan(ring, size, file.id)
  const print = (line: string) => runtime.print('stderr', line)
  const writer = createWriter({ fs, file, ring, plan, ledger, print })
  const forgetNames = followNames(ring, plan)
  const data = { plan, path: file.path, inode: file.inode, interval, fsync }
  const stop = follow({ runtime, ring, writer, data, each })
  const stopListening = settings.exitHooks ? runtime.onExit(writer.end) : undefined
  const recording: Recording = {
    close() {
      if (recordings.get(ring) !== recording) return
      recordings.delete(ring)
      ring.starts = undefined
      stopListening?.()
      stop()
      forgetNames()
      file.close()
    }
  }
  recordings.set(ring, recording)
  return recording
}

/** Moves the ring to memory that threads share; what it holds is written too. */
function sharePlan(ring: Recorder, size: number, id: number): Plan {
  if (!ring.shared || ring.mask === 0) resize(ring, ring.size, true)
  const plan = createPlan(ring, size, id)
  ring.starts = plan.control
  Atomics.store(plan.control, CONTROL_HEAD, ring.head)
  plan.state[plan.at.persisted] = ring.tail
  return plan
}

function filesOf({ fs }: Runtime): FileSystem {
  if (fs) return fs
  throw new Error('[nfo] [record] there are no files yet; call configure() a moment later')
}

interface ProcessLike {
  readonly pid?: number
  cwd?(): string
}

const processOf = (): ProcessLike => (globalThis as { process?: ProcessLike }).process ?? {}

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

function factsOf({ name }: Runtime, given: Given): Omit<Facts, 'size' | 'ring' | 'interval'> {
  const [environment, version] = [given.environment, given.version].map((text) => text.slice(0, 60))
  return { pid: processOf().pid ?? 0, runtime: name, environment, version }
}
