import { pipe } from '../core/pipe.ts'
import type { Entry, Sink, Stage } from '../core/types.ts'
import { runtime } from '../runtimes/generic.ts'
import { inTurn } from '../sinks/_inTurn.ts'

/**
 * Sinks behind stages that see each batch once, whatever the number of sinks, so that all of them are given the same.
 * Each keeps its own queue and faults. What a stage adds later goes to all of them. The stages have to answer at once.
 */
export function behind(stages: readonly Stage[], sinks: readonly Sink[]): Sink[] {
  const results = new WeakMap<readonly Entry[], readonly Entry[]>()
  const turns = sinks.map(inTurn)
  let current: Entry[] | undefined

  const first = pipe(...stages, {
    write(entries) {
      if (current) for (const entry of entries) current.push(entry)
      else for (const { give } of turns) attempt(() => give(entries))
    },
    flushSync() {}
  })

  function through(batch: readonly Entry[]): readonly Entry[] {
    const known = results.get(batch)
    if (known) return known
    const result: Entry[] = []
    current = result
    try {
      void first.write(batch)
    } finally {
      current = undefined
    }
    results.set(batch, result)
    return result
  }

  let closing: void | Promise<void> | undefined
  const close = (): void | Promise<void> => {
    closing ??= Promise.resolve(first.close?.())
    return closing
  }
  return sinks.map((sink, index) => ({
    write: (batch) => turns[index].give(through(batch)),
    async flush() {
      await first.flush?.()
      await turns[index].give([])
      await sink.flush?.()
    },
    async close() {
      await close()
      // Not when it is its turn: a sink that waits for a service is told that it is over.
      turns[index].rush()
      await sink.close?.()
    },
    get flushSync() {
      return (
        sink.flushSync &&
        (() => {
          first.flushSync?.()
          turns[index].rush()
          sink.flushSync?.()
        })
      )
    }
  }))
}

function attempt(act: () => void | Promise<void>): void {
  const failed = (error: unknown): void =>
    runtime.print('stderr', `[nfo] [configure] ${(error as Error)?.message}; what a stage added is lost`)
  try {
    Promise.resolve(act()).catch(failed)
  } catch (error) {
    failed(error)
  }
}

const EARLY = 20

/**
 * A stage that is loaded later. Until then everything passes, and its first errors are shown to it when it is there.
 * When it cannot be loaded, or throws for its options, that is one line on stderr.
 */
export function loadedLater(part: string, load: () => Promise<Stage>): Stage {
  return (next) => {
    const early: Entry[] = []
    let showing = false
    let stage: Sink | undefined

    async function start(): Promise<void> {
      try {
        const made = (await load())({ write: (entries) => (showing ? undefined : next.write(entries)) })
        showing = true
        void made.write(early)
        stage = made
      } catch (error) {
        const text = String((error as Error)?.message).replace(`[nfo] [${part}] `, '')
        runtime.print('stderr', `[nfo] [${part}] ${text}; entries go on without it`)
      }
      showing = false
      early.length = 0
    }

    const starting = start()
    return {
      write(entries) {
        if (stage) return stage.write(entries)
        for (const entry of entries) {
          if (early.length < EARLY && (entry.level === 'error' || entry.level === 'fatal')) early.push(entry)
        }
        return next.write(entries)
      },
      flush: async () => {
        await starting
        await stage?.flush?.()
      },
      close: async () => {
        await starting
        await stage?.close?.()
      }
    }
  }
}
