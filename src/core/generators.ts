import { type Call, fail, finish, guard, park, type Run, unpark } from './calls.ts'
import { onceCollected } from './promises.ts'
import { placeOf } from './ring.ts'

const now = performance.now
const { then } = Promise.prototype
const METHODS = ['next', 'return', 'throw'] as const
type Step = { done?: boolean; value: unknown }

/** Records one run of a generator: values yielded, and how it ended. The generator itself is given back. */
export function followGenerator(call: Call, generator: object, isAsync: boolean): object {
  const { ring, span, start } = call
  const run: Run = { yields: 0, outcome: 0 }
  let over = false
  park(call)

  const end = (outcome: number, value: unknown): void => {
    if (over) return
    over = true
    run.outcome = outcome
    unpark(call)
    const how = outcome === 2 ? fail : finish
    guard(ring, () => how(call, now.call(performance) - start, 0, value, run))
  }
  const stepped = (method: number, step: Step): Step => {
    if (!step.done) run.yields++
    else end(method === 1 ? 1 : 0, step.value)
    return step
  }
  const threw = (error: unknown): never => {
    end(2, error)
    throw error
  }
  // A loop: a closure here that knew the generator would, through what is called once it is collected, keep it from that.
  for (const [method, name] of METHODS.entries()) {
    const original = (generator as Generator)[name]
    const follow = function (this: unknown, ...args: unknown[]): unknown {
      const around = ring.current
      ring.current = span
      try {
        const from = placeOf(ring)
        const run = (): unknown => Reflect.apply(original, this, args)
        const step = (from ? from.within(ring, span, run) : run()) as Step | Promise<Step>
        if (!isAsync) return stepped(method, step as Step)
        return then.call(step, (value: unknown) => stepped(method, value as Step), threw)
      } catch (error) {
        return threw(error)
      } finally {
        ring.current = around
      }
    }
    Object.defineProperty(generator, name, { configurable: true, writable: true, value: follow })
  }
  onceCollected(generator, () => end(3, undefined))
  return generator
}
