import { behind } from '../configure/behind.ts'
import { frontOf } from '../configure/front.ts'
import type { Levels } from '../configure/levels.ts'
import type { ConfigureOptions } from '../configure.ts'
import type { createDelivery } from '../core/delivery.ts'
import type { Level, Sink } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import { addressOf, codeAddress, requireFile } from './address.ts'
import { createThreadDelivery } from './delivery.ts'
import { type Link, startLink } from './link.ts'
import { type Given, sinksLater } from './load.ts'
import { readThreadOptions } from './options.ts'
import { AT, type State } from './state.ts'

/** Bytes. What comes while the worker writes has to find room: 300,000 small calls. */
const RING = 16_777_216
const PATIENCE = 10_000

/** What `configure` needs to let a worker do the work. */
export interface ThreadSetup {
  deliver: typeof createDelivery
  sinks: Sink[]
  /** What is different then, unless the user says so. */
  defaults: Pick<ConfigureOptions, 'ring' | 'overflow'>
  /** Tells the worker too: of those modules, or in general. */
  setLevel(modules: string | undefined, level: Level | undefined): void
}

/**
 * Sets up a worker for sinks that are named by specs or come from a module; none for no sinks. Throws for what cannot cross to it,
 * and where there are no threads.
 */
export function setUpThread(
  options: ConfigureOptions,
  levels: Levels,
  specs: readonly string[],
  ends: Sink[]
): ThreadSetup | undefined {
  const { module, url, patience = PATIENCE } = readThreadOptions(options)
  if (!runtime.startThread) {
    throw new Error('[nfo] [thread] this runtime has no threads, or has them a moment later; leave thread out')
  }
  if (!module && specs.length === 0) return undefined
  const {
    level,
    levels: ofModules,
    name,
    sample,
    llm,
    queue = 10_000,
    interval = 100,
    environment = '',
    version = ''
  } = options
  const given: Given = {
    ...{ specs, level, levels: ofModules, name, sample, llm, queue, interval, environment, version },
    module: module && addressOf(module, runtime)
  }
  const code = url ? addressOf(url, runtime) : codeAddress()
  let link: Link | undefined
  return {
    deliver: (ring, settings, host) =>
      createThreadDelivery(ring, settings, host, {
        patience,
        release,
        start(ring, state, { delivery }, ended) {
          link = startLink({
            runtime,
            ring,
            state,
            given,
            everything: delivery === 'continuous',
            url: code,
            patience,
            ended
          })
          return link
        }
      }),
    sinks: module
      ? [sinksLater(given, levels, (address) => requireFile(address, runtime))]
      : behind(frontOf(levels, options), ends),
    defaults: {
      ...((options.delivery ?? 'continuous') === 'continuous' ? { ring: RING } : {}),
      ...(module ? { overflow: 'block' } : {})
    },
    setLevel: (modules, level) => link?.send({ modules, level })
  }
}

/** A lock file holds the number of this process, which goes on: whoever comes next would wait for ever. */
function release({ words, locks }: State): void {
  try {
    const paths: string[] = JSON.parse(new TextDecoder().decode(locks.slice(0, words[AT.locks])) || '[]')
    for (const path of paths) runtime.fs?.unlinkSync(path)
  } catch {
    // It was let go of.
  }
}
