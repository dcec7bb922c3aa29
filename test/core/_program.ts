import * as fc from 'fast-check'
import type { Logger } from '../../src/core/logger.ts'
import type { Entry } from '../../src/core/types.ts'
import { same } from '../formats/_entry.ts'
import { primitives } from './_values.ts'

/** One call of a made-up program, and what it calls before it ends. */
export interface Step {
  shape: number
  payload: unknown
  size: number
  how: 'return' | 'throw' | 'generator'
  drain: boolean
  inner: Step[]
}

/** What an entry must say of a step. */
export interface Expected {
  name: string
  args: unknown[]
  span: number
  parent: number
  result?: unknown
  error?: string
}

const sizes = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1000 }))

export const programs = (maxSteps: number): fc.Arbitrary<Step[]> =>
  fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
    step: fc.record({
      shape: fc.nat({ max: 5 }),
      payload: primitives,
      size: sizes,
      how: fc.constantFrom<Step['how'][]>('return', 'return', 'throw', 'generator'),
      drain: fc.nat({ max: 9 }).map((chance) => chance === 0),
      inner: fc.oneof({ maxDepth: 4 }, fc.constant<Step[]>([]), fc.array(tie('step'), { maxLength: 3 }))
    }),
    steps: fc.array(tie('step'), { maxLength: maxSteps, size: 'max' })
  })).steps

/** Runs steps through wrapped functions, and keeps a model of what must be recorded, in the order in which calls end. */
export function createProgram(logger: Logger): { model: Expected[]; perform(step: Step): void } {
  const model: Expected[] = []
  const running: number[] = []
  let span = logger.recorder.span
  let next: Step

  function work(args: unknown[]): unknown {
    const step = next
    const record: Expected = { name: nameOf(step), args, span: ++span, parent: running.at(-1) ?? 0 }
    running.push(record.span)
    for (const inner of step.inner) perform(inner)
    if (step.drain) logger.flushSync()
    running.pop()
    model.push(record)
    if (step.how === 'throw') {
      record.error = `step ${record.span}`
      throw new Error(record.error)
    }
    record.result = step.payload
    return step.payload
  }

  const shapes = [
    () => work([]),
    (first: unknown) => work([first]),
    (first: unknown, second: unknown) => work([first, second]),
    (first: unknown, second: unknown, third: unknown) => work([first, second, third]),
    (first: unknown, second: unknown, third: unknown, fourth: unknown) => work([first, second, third, fourth]),
    (...all: unknown[]) => work(all)
  ].map((fn, shape) => logger.wrap(fn, `shape${shape}`))
  const generator = logger.wrap(function* (...all: unknown[]) {
    yield 1
    return work(all)
  }, 'generator')

  function perform(step: Step): void {
    const args = [step.payload, 'x'.repeat(step.size), step.size, 'end', true, null].slice(0, step.shape)
    next = step
    try {
      if (step.how !== 'generator') (shapes[step.shape] as (...all: unknown[]) => unknown)(...args)
      else {
        const run = generator(...args)
        run.next()
        next = step
        run.next()
      }
    } catch {}
  }

  const nameOf = ({ how, shape }: Step): string => (how === 'generator' ? 'generator' : `shape${shape}`)
  return { model, perform }
}

/** Whether an entry says what the model says. */
export function matches(entry: Entry, expected: Expected | undefined): boolean {
  return (
    expected !== undefined &&
    entry.functionName === expected.name &&
    entry.spanId === expected.span &&
    entry.parentId === expected.parent &&
    same(entry.args, expected.args) &&
    (expected.error === undefined ? same(entry.returnValue, expected.result) : entry.exception === expected.error)
  )
}
