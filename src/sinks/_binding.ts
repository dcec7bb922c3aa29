import type { Sink } from '../core/types.ts'

/** Makes a sink for each event of a Worker: `env` and the context are those of the event. */
export type EventSink = (env: object, ctx: object) => Sink

/** The sink for a binding. Given a name instead, what looks the binding up in the `env` of each event. */
export function onBinding<Binding extends object>(
  part: string,
  to: Binding | string,
  make: (binding: Binding) => Sink
): Sink | EventSink {
  if (typeof to !== 'string') return make(to)
  return (env) => {
    const binding = (env as Record<string, Binding | undefined>)[to]
    if (binding) return make(binding)
    throw new Error(
      `[nfo] [${part}] env has no ${to}; name it in the bindings of the Worker, or pass the binding itself`
    )
  }
}
