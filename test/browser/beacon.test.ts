import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../src/core/types.ts'
import { fromJson } from '../../src/formats/json.ts'
import { type BeaconOptions, beaconSink } from '../../src/sinks/beacon.ts'
import { has, skipUnless } from '../_run/runtime.ts'
import { entry } from '../formats/_entry.ts'
import { sinkContract } from '../sinks/_contract.ts'

const URL_OF_LOGS = 'https://logs.example/in'

/** A service that gives these statuses in turn, and 200 after that. */
function service(...statuses: number[]): { fetch: typeof fetch; bodies: string[]; tries: number } {
  const seen = { bodies: [] as string[], tries: 0, fetch: undefined as unknown as typeof fetch }
  seen.fetch = async (_url, init) => {
    const status = statuses[seen.tries++] ?? 200
    if (status === 0) throw new TypeError('failed to fetch')
    if (status === 200) seen.bodies.push(String(init?.body))
    return new Response(null, { status })
  }
  return seen
}

const linesOf = (bodies: readonly string[]): string[] => bodies.flatMap((body) => body.trimEnd().split('\n'))

function read(bodies: readonly string[]): Entry[] {
  return linesOf(bodies)
    .map(fromJson)
    .map((one) => {
      const { visit, ...extra } = one.extra
      assert.match(String(visit), /^[\da-f]{16}$/)
      return { ...one, extra }
    })
}

sinkContract(
  'beacon',
  async () => {
    const { fetch, bodies } = service()
    return { sink: beaconSink(URL_OF_LOGS, { fetch, stored: 0 }), read: async () => read(bodies) }
  },
  (contract) => skipUnless(contract, has.timers, 'a sink for pages, whose timers fire by themselves')
)

const test = suite('browser/beacon sink')
const onPages = skipUnless(test, has.timers, 'a sink for pages, whose timers fire by themselves')

const many = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => entry({ sequence: index, args: [`call ${index}`, 'x'.repeat(400)] }))

const quick: BeaconOptions = { backoff: 1, stored: 0 }

onPages('posts are no longer than a batch; a longer line is alone', async () => {
  const { fetch, bodies } = service()
  const sink = beaconSink(URL_OF_LOGS, { ...quick, fetch, batch: 5000 })
  await sink.write([...many(30), entry({ args: ['y'.repeat(9000)] }), entry({ args: ['last'] })])
  const long = bodies.filter(({ length }) => length > 5000)
  assert.is(long.length, 1)
  assert.is(linesOf(long).length, 1)
  assert.ok(bodies.length >= 4 && bodies.length <= 8, String(bodies.length))
  assert.is(linesOf(bodies).length, 32)
})

onPages('a service that fails for a time gets all of it, in order, once', async () => {
  for (const status of [500, 503, 429, 408, 0]) {
    const { fetch, bodies } = service(status, status)
    const sink = beaconSink(URL_OF_LOGS, { ...quick, fetch, batch: 5000 })
    await Promise.all([sink.write(many(20)), sink.write([entry({ sequence: 20 })])])
    assert.equal(
      read(bodies).map(({ sequence }) => sequence),
      Array.from({ length: 21 }, (_, index) => index)
    )
    await sink.close?.()
  }
})

onPages('what the service refuses is given up at once', async () => {
  const refusing = service(404)
  const sink = beaconSink(URL_OF_LOGS, { ...quick, fetch: refusing.fetch })
  const error: unknown = await Promise.resolve(sink.write(many(1))).catch((reason) => reason)
  assert.match(String(error), '[nfo] [beacon] https://logs.example answered 404; check the URL')
  await sink.write(many(1))
  assert.is(refusing.tries, 2)
})

test('wants a URL to post to, and options that it knows', () => {
  for (const url of ['ftp://a.example/', 'https://me:secret@a.example/', 'http://']) {
    assert.throws(() => beaconSink(url), /\[nfo\] \[beacon\] this is no URL to post to/)
  }
  assert.throws(() => beaconSink(URL_OF_LOGS, { batch: -1 }), /batch is -1; use a number from 0 up/)
  assert.throws(() => beaconSink(URL_OF_LOGS, { batches: 1 } as BeaconOptions), /did you mean 'batch'/)
})

test.run()
