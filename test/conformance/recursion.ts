import { items, ok, same, thrownBy, throwsA } from './assert.ts'
import type { Group } from './case.ts'

type Count = (rest: number) => number

/** How deep a function may call itself that does nothing but count. */
function bareDepth(): number {
  let depth = 0
  const dig = (): number => {
    depth++
    return dig() + 1
  }
  try {
    dig()
  } catch {}
  return depth
}

/** A wrapper costs frames: one that does nothing at all leaves two fifths of V8's stack. A tenth has to be left. */
function fairDepth(): number {
  return Math.min(5_000, Math.floor(bareDepth() / 10))
}

export const recursion: Group = {
  name: 'recursion',
  checks: {
    'a tenth as deep as the stack, up to five thousand calls': (wrap) => {
      const depth: Count = wrap((rest: number) => (rest === 0 ? 0 : depth(rest - 1) + 1))
      const fair = fairDepth()
      same(depth(fair), fair, 'the depth')
    },
    'mutual, a tenth as deep as the stack': (wrap) => {
      const even: (rest: number) => boolean = wrap((rest: number) => rest === 0 || odd(rest - 1))
      const odd: (rest: number) => boolean = wrap((rest: number) => rest !== 0 && even(rest - 1))
      const fair = fairDepth() & ~1
      items([even(fair), odd(fair)], [true, false], 'results')
    },
    'as a tree': (wrap) => {
      let calls = 0
      const fib: Count = wrap((rest: number) => {
        calls++
        return rest < 2 ? rest : fib(rest - 1) + fib(rest - 2)
      })
      items([fib(15), calls], [610, 1_973], 'result and calls')
    },
    'of methods keeps this': (wrap) => {
      const node = {
        id: 1,
        depth: wrap(function (this: { id: number; depth: Count }, rest: number): number {
          return rest === 0 ? this.id : this.depth(rest - 1)
        })
      }
      same(node.depth(100), 1, 'the id')
    },
    'of async functions, a thousand calls deep': async (wrap) => {
      const depth: (rest: number) => Promise<number> = wrap(async (rest: number) => {
        await undefined
        return rest === 0 ? 0 : (await depth(rest - 1)) + 1
      })
      same(await depth(1_000), 1_000, 'the depth')
    },
    'of new, a hundred calls deep': (wrap) => {
      interface Link {
        below: Link | undefined
      }
      const Chain: new (rest: number) => Link = wrap(
        class {
          below: Link | undefined
          constructor(rest: number) {
            this.below = rest === 0 ? undefined : new Chain(rest - 1)
          }
        }
      )
      let count = 0
      for (let link: Link | undefined = new Chain(100); link; link = link.below) count++
      same(count, 101, 'links')
    },
    'a throw from below reaches the top': (wrap) => {
      const reason = {}
      const fall: (rest: number) => never = wrap((rest: number) => {
        if (rest > 0) return fall(rest - 1)
        throw reason
      })
      same(
        thrownBy(() => fall(500), 'the call'),
        reason,
        'what was thrown'
      )
    },
    'an endless one overflows with a RangeError': (wrap) => {
      const endless: Count = wrap((rest: number) => endless(rest + 1) + 1)
      throwsA(() => endless(0), RangeError, 'the call')
      throwsA(() => endless(0), RangeError, 'the second call')
    },
    'an endless constructor overflows with a RangeError': (wrap) => {
      const Endless: new () => object = wrap(
        class {
          constructor() {
            new Endless()
          }
        }
      )
      throwsA(() => new Endless(), RangeError, 'new')
    },
    'an overflow can be caught by a wrapped caller, and calls work again': (wrap) => {
      const endless: Count = wrap((rest: number) => endless(rest + 1) + 1)
      const guard = wrap(() => {
        try {
          return endless(0)
        } catch (error) {
          return error instanceof RangeError ? 'overflow' : 'something else'
        }
      })
      same(guard(), 'overflow', 'the result')
      same(wrap((given: number) => given + 1)(1), 2, 'a call after it')
      same(wrap(() => guard())(), 'overflow', 'the result of a second one')
    },
    'at the edge of the stack a call gives its result or a RangeError': (wrap) => {
      const outcomes = new Set<unknown>()
      let [runs, calls] = [0, 0]
      const add = wrap((one: { value: number }, two: number) => {
        runs++
        return one.value + two
      })
      const dig = (): void => {
        try {
          dig()
        } catch {}
        if (calls < 400) outcomes.add(outcome(() => ++calls && add({ value: 1 }, 2)))
      }
      dig()
      ok(runs <= calls, 'the function runs at most once a call')
      const others = [...outcomes].filter((one) => one !== 3 && one !== 'RangeError')
      items(others, [], 'other outcomes')
      same(add({ value: 1 }, 2), 3, 'the result further up')
    }
  }
}

function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}
