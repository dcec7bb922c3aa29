import { items, raise, same, step, throwsSame } from './assert.ts'
import type { Group } from './case.ts'
import { noted } from './notes.ts'

export const generatorControl: Group = {
  name: 'throw() and return() of generators',
  checks: {
    'throw() is caught inside': (wrap) => {
      const log: string[] = []
      const run = wrap(noted(log))(3)
      run.next()
      step(run.throw('oops'), 'recovered', true, 'throw()')
      items(log, ['start', 'caught oops', 'finally'], 'notes')
    },
    'throw() is caught, and the generator goes on': (wrap) => {
      const run = wrap(function* (): Generator<unknown, string> {
        for (let turn = 0; turn < 2; turn++) {
          try {
            yield turn
          } catch (error) {
            yield ['caught', error].join(' ')
          }
        }
        return 'end'
      })()
      run.next()
      step(run.throw('it'), 'caught it', false, 'throw()')
      step(run.next(), 1, false, 'the step after it')
      step(run.next(), 'end', true, 'the end')
    },
    'throw() that is not caught comes back': (wrap) => {
      const reason = {}
      const run = wrap(function* () {
        yield 1
      })()
      run.next()
      throwsSame(() => run.throw(reason), reason, 'throw()')
      step(run.next(), undefined, true, 'the step after it')
    },
    'throw() before the first step does not run the body': (wrap) => {
      const log: string[] = []
      const run = wrap(noted(log))(3)
      throwsSame(() => run.throw('early'), 'early', 'throw()')
      step(run.next(), undefined, true, 'the step after it')
      same(log.length, 0, 'notes')
    },
    'return() runs the finally block and gives its value': (wrap) => {
      const [log, value] = [[] as string[], { value: true } as unknown as string]
      const run = wrap(noted(log))(3)
      run.next()
      step(run.return(value), value, true, 'return()')
      items(log, ['start', 'finally'], 'notes')
      step(run.next(), undefined, true, 'the step after it')
      step(run.return('again'), 'again', true, 'a second return()')
      same(log.length, 2, 'notes after it')
    },
    'return() before the first step does not run the body': (wrap) => {
      const log: string[] = []
      const run = wrap(noted(log))(3)
      step(run.return('early'), 'early', true, 'return()')
      step(run.next(), undefined, true, 'the step after it')
      same(log.length, 0, 'notes')
    },
    'a finally block may yield after return()': (wrap) => {
      const run = wrap(function* () {
        try {
          yield 'work'
        } finally {
          yield 'cleaning'
        }
      })()
      run.next()
      step(run.return(), 'cleaning', false, 'return()')
      step(run.next(), undefined, true, 'the step after it')
    },
    'a finally block may replace the value, or throw': (wrap) => {
      const end = wrap(function* (finish: () => string) {
        try {
          yield 'work'
        } finally {
          // biome-ignore lint: a return in finally is the point
          return finish()
        }
      })
      const [replaced, failed] = [end(() => 'replaced'), end(() => raise('failed'))]
      items([replaced.next().value, failed.next().value], ['work', 'work'], 'first steps')
      step(replaced.return('given'), 'replaced', true, 'return()')
      throwsSame(() => failed.return('given'), 'failed', 'return() with a finally that throws')
    },
    'return() of a finished generator gives its value': (wrap) => {
      const run = wrap(noted([]))(0)
      run.next()
      step(run.return('late'), 'late', true, 'return()')
      throwsSame(() => run.throw('late'), 'late', 'throw()')
    },
    'throw(undefined) is a throw': (wrap) => {
      const run = wrap(noted([]))(1)
      run.next()
      step(run.throw(undefined), 'recovered', true, 'throw()')
    }
  }
}
