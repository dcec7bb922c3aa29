import { countSignals, type SignalSource } from './_denoSignals.ts'
import { nodeModules } from './_modules.ts'
import { nodeLike } from './_node.ts'
import { ignoredSignals, SIGNALS } from './_signals.ts'
import type { Runtime } from './types.ts'

interface DenoStream {
  writeSync(bytes: Uint8Array): number
  isTerminal(): boolean
}

interface DenoLike extends SignalSource {
  env: { get(name: string): string | undefined }
  permissions: { querySync(permission: Record<string, string>): { state: string } }
  stdin: DenoStream
  stdout: DenoStream
  stderr: DenoStream
}

const modules = nodeModules()
const { Deno } = globalThis as unknown as { Deno: DenoLike }

// Asking first: an attempt without permission stops and asks the person at the terminal.
const granted = (permission: Record<string, string>): boolean =>
  Deno.permissions.querySync(permission).state === 'granted'

export const runtime: Runtime = nodeLike(modules, {
  name: 'deno',
  env: (name) => (granted({ name: 'env', variable: name }) ? Deno.env.get(name) : undefined),
  write: (stream, bytes) => Deno[stream].writeSync(bytes),
  isTerminal: (stream) => Deno[stream].isTerminal(),
  // A signal reaches every thread here; it is for the process, so the main thread answers.
  signals: 'WorkerGlobalScope' in globalThis ? [] : SIGNALS,
  ignored: () => ignoredSignals({ fs: modules.fs, canRead, stdinIsTerminal: () => Deno.stdin.isTerminal() }),
  count: () => countSignals(Deno),
  events: globalThis
})

function canRead(path: string): boolean {
  return granted({ name: 'read', path })
}
