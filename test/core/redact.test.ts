import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Logger } from '../../src/core/logger.ts'
import { CANARY, spillOf, total } from './_secrets.ts'

const test = suite('core/redact')

type Act = (logger: Logger) => unknown

const take =
  (value: () => unknown): Act =>
  (logger) =>
    logger.wrap((_value: unknown) => {}, 'take')(value())
const give =
  (value: () => unknown): Act =>
  (logger) =>
    logger.wrap(() => value(), 'give')()
const fail =
  (error: () => unknown): Act =>
  (logger) => {
    try {
      logger.wrap(() => {
        throw error()
      }, 'fail')()
    } catch {}
  }
const deep = (levels: number): unknown => (levels ? { list: [deep(levels - 1)] } : { dbPassword: CANARY })
const form = (): FormData => {
  const data = new FormData()
  data.append('pin', CANARY)
  return data
}

/** Where a secret may be, told by its name; the marker shows that the rest of the value came out. */
const byName: Record<string, Act> = {
  'an argument': (logger) => logger.wrap((_user: string, _password: string) => {}, 'login')('marker', CANARY),
  'an argument of many': (logger) =>
    logger.wrap((_a: string, _b: number, _c: 0, _d: 0, _e: 0, _apiKey: string) => {}, 'six')(
      'marker',
      1,
      0,
      0,
      0,
      CANARY
    ),
  'an argument of an async function': (logger) =>
    logger.wrap(async (_token: string, _rest: string) => {}, 'later')(CANARY, 'marker'),
  'an argument of new': (logger) =>
    new (logger.wrap(
      class {
        constructor(_name: string, _secret: string) {}
      }
    ))('marker', CANARY),
  'a property': take(() => ({ user: 'marker', password: CANARY })),
  'a property of a result': give(() => ({ user: 'marker', access_token: CANARY })),
  'a property far down': take(() => ['marker', deep(1)]),
  'an object under the name': take(() => ({ user: 'marker', credentials: { id: 1, deep: [CANARY] } })),
  'an instance': take(() => Object.assign(new (class User {})(), { name: 'marker', clientSecret: CANARY })),
  'a Map': take(
    () =>
      new Map<unknown, unknown>([
        ['user', 'marker'],
        ['password', CANARY],
        [1, new Map([['x-api-key', CANARY]])]
      ])
  ),
  'an object of headers': take(() => ({
    Accept: 'marker',
    Authorization: `Bearer ${CANARY}`,
    'X-Api-Key': CANARY,
    cookie: `a=${CANARY}`
  })),
  Headers: take(() => new Headers({ accept: 'marker', authorization: `Basic ${CANARY}` })),
  URLSearchParams: take(() => new URLSearchParams({ q: 'marker', access_token: CANARY })),
  FormData: take(() => ['marker', form()]),
  'a URL': take(() => new URL(`https://example.org/?q=marker&token=${CANARY}&x=1`)),
  'a query in a string': take(() => `GET /marker?a=1&api_key=${CANARY}&b=2`),
  'a short query': take(() => `?marker&pin=${CANARY}`),
  'JSON in a string': take(() =>
    JSON.stringify({ user: 'marker', nested: { password: CANARY, apiKey: `a ${CANARY}` } })
  ),
  'JSON under the name in a string': take(() =>
    JSON.stringify({ user: 'marker', credentials: { id: 1, key: CANARY }, apiTokens: ['a', CANARY] })
  ),
  'indented JSON in a string': take(() => JSON.stringify({ user: 'marker', password: CANARY }, undefined, 2)),
  'JSON in JSON in a string': take(() =>
    JSON.stringify({ user: 'marker', body: JSON.stringify({ password: CANARY }) })
  ),
  'headers in a string': take(() => `GET / marker\r\nAuthorization: Bearer ${CANARY}\r\nAccept: a`),
  'a cookie header in a string': take(() => `marker\r\nCookie: a=b; session_id=${CANARY}; c=d`),
  'a connection string': take(() => `marker;Server=db;Password=${CANARY};Timeout=3`),
  'an error message, and the stack with it': fail(() => new Error(`marker: password=${CANARY} was refused`)),
  'a cause': fail(() => new Error('marker', { cause: new Error(`token: ${CANARY}`) })),
  'a cause that is no error': fail(() => new Error('marker', { cause: { secret: CANARY } })),
  'errors of an error': fail(() => new AggregateError([new Error(`pwd=${CANARY}`)], 'marker')),
  'a property of an error': fail(() =>
    Object.assign(new Error('marker'), { config: { headers: { Authorization: CANARY } } })
  ),
  'what is thrown': fail(() => ({ text: 'marker', token: CANARY })),
  'a rejection': (logger) =>
    logger
      .wrap(async () => {
        throw new Error(`marker secret=${CANARY}`)
      }, 'later')()
      .catch(() => {}),
  'what a generator returns': (logger) => [
    ...logger.wrap(function* (_apiKey: string) {
      yield 1
      return { user: 'marker', password: CANARY }
    }, 'steps')(CANARY)
  ],
  'a message': (logger) => logger.info(`marker, password: ${CANARY}`),
  'fields of a message': (logger) => logger.error('marker', { user: 1, auth: { token: CANARY } }),
  'the name of a property that is a URL': take(() => ({ marker: 1, [`/a?token=${CANARY}`]: 1 })),
  'a description': take(() => ['marker', Symbol(`password=${CANARY}`)])
}

for (const [place, act] of Object.entries(byName)) {
  test(`a secret is not in the ring: ${place}`, async () => {
    const spill = await spillOf(act)
    assert.match(spill.text, 'marker')
    assert.is(spill.ring, 0, 'hits in the ring')
    assert.is(total(spill), 0, JSON.stringify(spill.outputs))
  })
}

test('the canary is found where it is not left out', async () => {
  const spill = await spillOf(take(() => ({ note: CANARY })))
  assert.ok(spill.ring > 0)
  assert.ok(
    Object.values(spill.outputs).every((hits) => hits > 0),
    JSON.stringify(spill.outputs)
  )
})

test.run()
