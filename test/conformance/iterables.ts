import { items, same, step } from './assert.ts'
import type { Group } from './case.ts'
import { kept } from './kept.ts'

/** An iterator that is not a generator, and counts what is asked of it. */
class Countdown implements IterableIterator<number> {
  asked = 0
  closed = 0
  next(): IteratorResult<number> {
    return ++this.asked > 3 ? { value: undefined, done: true } : { value: 3 - this.asked, done: false }
  }
  return(): IteratorResult<number> {
    this.closed++
    return { value: undefined, done: true }
  }
  [Symbol.iterator](): this {
    return this
  }
}

class Feed implements AsyncIterableIterator<number> {
  asked = 0
  async next(): Promise<IteratorResult<number>> {
    return ++this.asked > 2 ? { value: undefined, done: true } : { value: this.asked, done: false }
  }
  [Symbol.asyncIterator](): this {
    return this
  }
}

export const iterables: Group = {
  name: 'iterators',
  checks: {
    'an iterator object is not advanced and not closed': kept(
      () => new Countdown(),
      (iterator) => {
        items([iterator.asked, iterator.closed], [0, 0], 'calls of next and return')
        items([...iterator], [2, 1, 0], 'values')
      }
    ),
    'an array iterator in the middle stays there': kept(
      () => {
        const iterator = ['a', 'b', 'c'].values()
        iterator.next()
        return iterator
      },
      (iterator) => items([...iterator], ['b', 'c'], 'what is left')
    ),
    'an iterator of a Map': kept(
      () => new Map([[1, 'one']]).entries(),
      (entries) => {
        items(entries.next().value as unknown[], [1, 'one'], 'the first entry')
      }
    ),
    'a matchAll iterator': kept(
      () => 'a1b2'.matchAll(/\d/g),
      (found) => {
        items([...found].map(String), ['1', '2'], 'matches')
      }
    ),
    'a generator that was started elsewhere': kept(
      () => {
        const run = (function* () {
          yield* [1, 2, 3]
        })()
        run.next()
        return run
      },
      (run) => step(run.next(), 2, false, 'the next step')
    ),
    'an iterable is not iterated': kept(
      () => ({
        runs: 0,
        *[Symbol.iterator]() {
          this.runs++
          yield 1
        }
      }),
      (iterable) => {
        same(iterable.runs, 0, 'runs')
        items([...iterable], [1], 'values')
      }
    ),
    'an async iterator is not advanced': kept(
      () => new Feed(),
      async (feed) => {
        same(feed.asked, 0, 'calls of next')
        const list: number[] = []
        for await (const value of feed) list.push(value)
        items(list, [1, 2], 'values')
      }
    ),
    'a class that is iterable stays usable in loops': (wrap) => {
      const make = wrap(() => new Countdown())
      const countdown = make()
      for (const value of countdown) if (value === 1) break
      items([countdown.asked, countdown.closed], [2, 1], 'calls of next and return')
    },
    'a wrapped next() makes an iterator': (wrap) => {
      let id = 0
      const next = wrap(() => ({ value: id++, done: id > 3 }))
      // Not spread: a wrapper that gets `done` wrong would never come to an end.
      const [first, second, third, fourth] = { [Symbol.iterator]: () => ({ next }) }
      items([first, second, third, fourth], [0, 1, 2, undefined], 'values')
    },
    'a wrapped next() makes an async iterator': async (wrap) => {
      let id = 0
      const next = wrap(async () => ({ value: id++, done: id > 2 }))
      const list: unknown[] = []
      for await (const value of { [Symbol.asyncIterator]: () => ({ next }) }) if (list.push(value) > 3) break
      items(list, [0, 1], 'values')
    }
  }
}
