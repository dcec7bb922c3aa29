import { items, raise, same, throwsA, throwsSame } from './assert.ts'
import type { Check, Group } from './case.ts'

const values: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  false: false,
  'minus zero': -0,
  NaN: Number.NaN,
  'the empty string': '',
  'a symbol': Symbol('kept'),
  'a bigint': 2n ** 70n,
  'an object': { id: 1 },
  'an array': [1, [2]],
  'a function': () => 1,
  'a class': class Kept {},
  'a frozen object': Object.freeze({ id: 1 }),
  'a Map': new Map([[1, 2]]),
  'a Date': new Date(0),
  'an error': new TypeError('kept'),
  'an object that looks like an error': { name: 'Error', message: 'kept', stack: '' }
}

function each(verb: string, check: (value: unknown) => Check): Record<string, Check> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${verb} ${name}`, check(value)]))
}

export const results: Group = {
  name: 'results',
  checks: {
    ...each('returns', (value) => (wrap) => same(wrap(() => value)(), value, 'the result')),
    ...each('takes', (value) => (wrap) => same(wrap((given: unknown) => given)(value), value, 'the argument')),
    'returns the same object at every call': (wrap) => {
      const kept = {}
      const give = wrap(() => kept)
      for (let call = 0; call < 3_000; call++) same(give(), kept, `the result of call ${call}`)
    },
    'runs the function once a call': (wrap) => {
      let runs = 0
      const count = wrap(() => ++runs)
      items([count(), count(), count()], [1, 2, 3], 'the counts')
    },
    'runs the function during the call': (wrap) => {
      const order: string[] = []
      const inner = wrap(() => order.push('inner'))
      order.push('before')
      inner()
      order.push('after')
      same(order.join(), 'before,inner,after', 'the order')
    },
    'does not run the function when it is wrapped': (wrap) => {
      let runs = 0
      wrap(() => runs++)
      same(runs, 0, 'runs')
    }
  }
}

export const throws: Group = {
  name: 'throws',
  checks: {
    ...each(
      'throws',
      (value) => (wrap) =>
        throwsSame(
          wrap(() => raise(value)),
          value,
          'the call'
        )
    ),
    'an error keeps its message, stack, cause and own properties': (wrap) => {
      const error = Object.assign(new Error('broken', { cause: 'worn out' }), { code: 'E_BROKEN' })
      const [keys, stack] = [Reflect.ownKeys(error), error.stack]
      throwsSame(
        wrap(() => raise(error)),
        error,
        'the call'
      )
      items(Reflect.ownKeys(error), keys, 'own keys')
      items([error.message, error.stack, error.cause, error.code], ['broken', stack, 'worn out', 'E_BROKEN'], 'fields')
    },
    'a native function throws its own error': (wrap) => {
      throwsA(() => wrap(JSON.parse)('{'), SyntaxError, 'JSON.parse')
      throwsA(() => wrap(decodeURIComponent)('%'), URIError, 'decodeURIComponent')
    },
    'the next call is not affected': (wrap) => {
      const even = wrap((given: number) => (given % 2 === 0 ? given : raise('odd')))
      throwsSame(() => even(1), 'odd', 'the first call')
      same(even(2), 2, 'the second call')
      throwsSame(() => even(3), 'odd', 'the third call')
    },
    'passes through wrapped callers, and can be caught there': (wrap) => {
      const inner = wrap(() => raise('deep'))
      const middle = wrap(() => inner())
      throwsSame(middle, 'deep', 'the outer call')
      same(wrap(() => caught(middle))(), 'deep', 'what the caller caught')
    },
    'finally blocks of the function run': (wrap) => {
      const order: string[] = []
      const fail = wrap(() => {
        try {
          raise('first')
        } finally {
          order.push('finally')
        }
      })
      throwsSame(fail, 'first', 'the call')
      same(order.join(), 'finally', 'the order')
    }
  }
}

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
