import { isA, items, ok, same, step } from './assert.ts'
import type { Group } from './case.ts'
import { kept } from './kept.ts'

function source(): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue('a')
      controller.enqueue('b')
      controller.close()
    }
  })
}

export const streams: Group = {
  name: 'streams',
  checks: {
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
    'a wrapped pull() fills a stream': async (wrap) => {
      const pull = wrap((controller: ReadableStreamDefaultController<number>) => controller.close())
      const reader = new ReadableStream<number>({ pull }).getReader()
      isA(reader.closed, Promise, 'closed')
      ok((await reader.read()).done, 'the stream is at its end')
    }
  }
}
