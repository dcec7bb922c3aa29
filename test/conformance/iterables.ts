import { isA, items, ok, same, step } from './assert.ts'
import type { Check, Group } from './case.ts'

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

function kept<T extends object>(make: () => T, check: (value: T) => void | Promise<void>): Check {
  return async (wrap) => {
    const value = make()
    same(wrap(() => value)(), value, 'the result')
    same(wrap((given: T) => given)(value), value, 'the argument')
    await undefined
    await check(value)
  }
}

function source(): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue('a')
      controller.enqueue('b')
      controller.close()
    }
  })
}

export const iterables: Group = {
  name: 'iterators and streams',
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
    'a ReadableStream is not locked and not read': kept(source, async (stream) => {
      same(stream.locked, false, 'locked')
      const reader = stream.getReader()
      step((await reader.read()) as IteratorResult<string>, 'a', false, 'the first chunk')
      step((await reader.read()) as IteratorResult<string>, 'b', false, 'the second chunk')
    }),
    'a locked ReadableStream': kept(
      () => {
        const stream = source()
        stream.getReader()
        return stream
      },
      (stream) => same(stream.locked, true, 'locked')
    ),
    'the body of a Response is not used': kept(
      () => new Response('text'),
      async (response) => {
        items([response.bodyUsed, response.body?.locked], [false, false], 'bodyUsed and locked')
        same(await response.text(), 'text', 'the text')
      }
    ),
    'a Request, Headers and an AbortSignal': (wrap) => {
      const request = new Request('https://example.com/', { method: 'POST', body: 'text' })
      same(wrap((given: Request) => given)(request), request, 'the request')
      same(request.bodyUsed, false, 'bodyUsed')
      const headers = new Headers({ accept: 'text/plain' })
      items([...wrap((given: Headers) => given)(headers).keys()], ['accept'], 'the header names')
      const { signal } = new AbortController()
      same(wrap((given: AbortSignal) => given.aborted)(signal), false, 'aborted')
    },
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
    },
    'a wrapped pull() fills a stream': async (wrap) => {
      const pull = wrap((controller: ReadableStreamDefaultController<number>) => controller.close())
      const reader = new ReadableStream<number>({ pull }).getReader()
      isA(reader.closed, Promise, 'closed')
      ok((await reader.read()).done, 'the stream is at its end')
    }
  }
}
