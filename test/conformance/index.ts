import { args } from './arguments.ts'
import { ConformanceError } from './assert.ts'
import { asyncFunctions } from './asyncFunctions.ts'
import { asyncGenerators } from './asyncGenerators.ts'
import { callbacks } from './callbacks.ts'
import type { Capability, Case, Group, Host, RejectionTrap, Wrap } from './case.ts'
import { construct } from './construct.ts'
import { dom } from './dom.ts'
import { generatorControl } from './generatorControl.ts'
import { generatorObjects } from './generatorObjects.ts'
import { generators } from './generators.ts'
import { handledRejections } from './handledRejections.ts'
import { hostile } from './hostile.ts'
import { results, throws } from './identity.ts'
import { inPlace } from './inPlace.ts'
import { iterables } from './iterables.ts'
import { mutation } from './mutation.ts'
import { natives } from './natives.ts'
import { newTarget } from './newTarget.ts'
import { properties } from './properties.ts'
import { realms } from './realms.ts'
import { receiver } from './receiver.ts'
import { recursion } from './recursion.ts'
import { reentrancy } from './reentrancy.ts'
import { returnedPromises } from './returnedPromises.ts'
import { statics } from './statics.ts'
import { streams } from './streams.ts'
import { subclass } from './subclass.ts'
import { thenables } from './thenables.ts'
import { detectDocument, detectRealm, detectTrap } from './trap.ts'
import { unasked } from './unasked.ts'
import { unhandled } from './unhandled.ts'
import { wrappedTwice } from './wrappedTwice.ts'

export type { Callable, Capability, Case, RejectionTrap, Wrap } from './case.ts'
export { ConformanceError }

const groups: readonly Group[] = [
  results,
  throws,
  receiver,
  args,
  construct,
  newTarget,
  subclass,
  properties,
  statics,
  natives,
  callbacks,
  wrappedTwice,
  asyncFunctions,
  returnedPromises,
  unhandled,
  handledRejections,
  thenables,
  generators,
  generatorControl,
  generatorObjects,
  asyncGenerators,
  iterables,
  streams,
  recursion,
  inPlace,
  reentrancy,
  mutation,
  unasked,
  ...hostile,
  realms,
  dom
]

/** What the suite may use, and what it leaves out. */
export interface ConformanceOptions {
  /** Groups, by name, or single cases, as `group: case`, that are listed with a `skip` and not run. @default [] */
  skip?: readonly string[]
  /** How to collect unhandled rejections. `false` when they cannot be. @default found out from the runtime */
  trapRejections?: (() => RejectionTrap) | false
  /** Gives the globals of another realm. `false` when there is none. @default a frame, or a context of node:vm */
  realm?: (() => typeof globalThis) | false
  /** The page whose nodes are passed around. `false` for none. @default globalThis.document */
  document?: Document | false
  /** Whether values of 100 MB may be made. @default false */
  memory100MB?: boolean
}

function hostOf(options: ConformanceOptions): Host {
  const { trapRejections = detectTrap(), realm = detectRealm(), document = detectDocument() } = options
  return {
    trapRejections: trapRejections || undefined,
    realm: realm || undefined,
    document: document || undefined,
    memory100MB: options.memory100MB ?? false
  }
}

function has(host: Host, need: Capability): boolean {
  const capabilities: Record<Capability, boolean> = {
    unhandledRejection: host.trapRejections !== undefined,
    crossRealm: host.realm !== undefined,
    dom: host.document !== undefined,
    sharedMemory: typeof SharedArrayBuffer === 'function',
    memory100MB: host.memory100MB
  }
  return capabilities[need]
}

function reasonToSkip({ name, needs }: Group, title: string, host: Host, skip: readonly string[]): string | undefined {
  if (skip.includes(name) || skip.includes(`${name}: ${title}`)) return 'left out by the options'
  return needs === undefined || has(host, needs) ? undefined : `needs ${needs}`
}

/**
 * The cases that tell whether a function wrapper gives back a function that behaves like the one it was given. The list
 * is the same on every runtime: a case that cannot run here has a `skip` with the reason. Run them one after another:
 * some wrap globals or listen for unhandled rejections while they run.
 *
 * @example
 * ```ts
 * import { conformance } from 'nfo/conformance'
 *
 * for (const { group, name, skip, run } of conformance(fn => fn)) {
 *   if (skip === undefined) await run()
 *   console.log(skip === undefined ? 'ok' : 'skipped', group, name)
 * }
 * ```
 */
export function conformance(wrap: Wrap, options: ConformanceOptions = {}): Case[] {
  const [host, skip] = [hostOf(options), options.skip ?? []]
  return groups.flatMap((group) =>
    Object.entries(group.checks).map(([name, check]) => ({
      group: group.name,
      name,
      needs: group.needs,
      skip: reasonToSkip(group, name, host, skip),
      run: () => check(wrap, host)
    }))
  )
}
